import './swarm-map.js';
import { refresh, subscribe } from '../live.js';
import { el, whole } from './dom.js';
import { sheet } from './swarm-map.js';

/** Draws the whole swarm into one panel and what is picked in it into another, as long as the page is open. */
export function watchSwarm(panel, side, name) {
  const map = document.createElement('sky-swarm-map');
  let swarm;
  let chosen;

  const present = () => {
    const one = [...swarm.members, ...swarm.nodes].find(({ node }) => node === chosen?.node) ?? chosen ?? swarm.members[0];
    panel.show(map.show(swarm, one.node), el('p', { class: 'muted small' },
      `${whole(swarm.beats_per_second)} heartbeats a second; a light node beats every ${Math.round(swarm.interval_ms / 1_000)} s. `,
      'The arrows show who takes over from whom. Dots are a sample.'));
    name.textContent = one.node;
    side.show(sheet(one));
  };

  panel.loading(8);
  side.loading(4);
  map.addEventListener('chosen', ({ detail }) => {
    chosen = detail;
    present();
  });
  subscribe('swarm', ({ value, at, problem }) => {
    if (value) {
      swarm = value;
      present();
    }
    if (problem && value) [panel, side].forEach((one) => one.stale(at));
    else if (problem) {
      panel.fail(problem, () => refresh('swarm'));
      side.empty('A node is described here as soon as this one answers.');
    }
  });
}
