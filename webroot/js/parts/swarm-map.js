import { el, svg, whole } from './dom.js';

const WIDE = 860;
const HIGH = 400;
const RADIUS = 30;
const DOTS_MAX = 100;

/** Where the named places stand; the first three are the chain in which one takes over from the other. */
const PLACES = { 1: [110, 90], 2: [110, 200], 3: [110, 310], 4: [250, 60], 5: [300, 150], 6: [320, 240], 7: [290, 325], 8: [400, 95], 9: [410, 290] };
const CHAIN = [[1, 2], [2, 3]];
const SWARMS = { S: [500, 60, 60], D: [590, 215, 130], M: [755, 150, 95] };
const NAMES = { S: 'servers (S)', D: 'desktops (D)', M: 'mobile (M)' };

/** How a node does, in words for people. */
export const STATES = {
  live: 'Live', suspect: 'Missing', dead: 'Dead', unseen: 'Never seen', planned: 'Planned', joining: 'Joining', leaving: 'Leaving', vacant: 'Vacant',
};

/**
 * The whole swarm: the named places with the chain of failover as arrows, and each class of light nodes as a cloud of dots, a
 * sample of at most 100 of each. Says `chosen` with a node when one is picked.
 */
export class SwarmMap extends HTMLElement {
  show({ members, nodes, counts }, chosen) {
    const at = new Map(members.map((one) => [one.number, one]));
    const core = Object.entries(PLACES).map(([number, [x, y]]) => ({ x, y, one: at.get(Number(number)) ?? vacant(Number(number)) }));
    const more = members.filter(({ number }) => !PLACES[number]);
    const focused = this.querySelector(':focus')?.dataset.node;
    this.replaceChildren(svg('svg', { viewBox: `0 0 ${WIDE} ${HIGH}`, role: 'group', 'aria-label': 'Map of the swarm' },
      svg('defs', {}, svg('marker', { id: 'arrow', viewBox: '0 0 10 10', refX: 9, refY: 5, markerWidth: 7, markerHeight: 7, orient: 'auto-start-reverse' }, svg('path', { d: 'M0 0L10 5L0 10z' }))),
      CHAIN.map(([from, to]) => arrow(PLACES[from], PLACES[to])),
      core.map((spot) => this.place(spot, chosen)),
      Object.entries(SWARMS).flatMap(([kind, cloud]) => this.cloud(kind, cloud, kind === 'S' ? [...more, ...of(nodes, kind)] : of(nodes, kind), counts[kind], chosen))));
    if (focused) this.querySelector(`[data-node="${focused}"]`)?.focus();
    return this;
  }

  place({ x, y, one }, chosen) {
    return this.button(one, chosen, { class: 'node', transform: `translate(${x} ${y})` },
      svg('circle', { r: RADIUS }),
      svg('text', { class: 'title', y: 5 }, one.node),
      svg('text', { class: 'under', y: RADIUS + 16 }, one.roles[0] ?? STATES[one.state]));
  }

  cloud(kind, [x, y, size], nodes, count, chosen) {
    const shown = nodes.slice(0, DOTS_MAX);
    return [
      ...shown.map((one, at) => {
        const far = size * Math.sqrt((at + 0.5) / Math.max(shown.length, 12)) * 0.75;
        const angle = at * 2.39996;
        return this.button(one, chosen, { class: 'dot', transform: `translate(${Math.round(x + far * Math.cos(angle))} ${Math.round(y + far * Math.sin(angle))})` }, svg('circle', { r: 6 }));
      }),
      svg('text', { class: 'under', x, y: y + size * 0.75 + 22 }, `${NAMES[kind]}: ${whole(count?.registered ?? 0)}, ${whole(count?.live ?? 0)} live`),
    ];
  }

  button(one, chosen, attributes, ...parts) {
    const choose = () => this.dispatchEvent(new CustomEvent('chosen', { detail: one }));
    return svg('g', {
      ...attributes, tabindex: '0', role: 'button', 'data-state': one.state, 'data-computes': one.compute?.at ? 'yes' : 'no', 'data-node': one.node, 'aria-pressed': `${one.node === chosen}`,
      'aria-label': `${one.node}, ${STATES[one.state] ?? one.state}${one.compute?.at ? ', computes' : ''}`, onclick: choose,
      onkeydown: (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        choose();
      },
    }, ...parts);
  }
}

customElements.define('sky-swarm-map', SwarmMap);

/** Everything about one node as terms and values. */
export const sheet = (one) => el('dl', { class: 'facts' }, [
  ['State', el('span', { class: `lamp ${{ live: 'up', suspect: 'waiting', dead: 'down' }[one.state] ?? 'waiting'}` }, STATES[one.state] ?? one.state)],
  ['Class', one.class],
  ['Roles', one.roles.join(', ') || 'none'],
  ['Mode', one.mode],
  ['Computes', one.compute && computes(one.compute)],
  [one.class === 'core' ? 'Address' : 'Beats at', one.home],
  ['Last heartbeat', one.seen && new Date(one.seen).toLocaleTimeString()],
  ['Load', one.seen ? `${one.load} %` : undefined],
  ['Since', one.since && new Date(one.since).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })],
  ['Same machine as', one.twin_of],
  ['Release', one.release],
].filter(([, value]) => value).map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));

/** Whether a light node computes, in words for people. */
export function computes({ granted, stopped, strike, strikes, at, slots, busy, done }) {
  const against = strikes ? `; ${strikes} wrong ${strikes === 1 ? 'answer' : 'answers'}` : '';
  if (stopped) return `stopped after ${strikes} wrong answers, the last: ${strike}`;
  if (at) return `at ${at}: ${done} done, ${busy} of ${slots} now${against}`;
  return granted ? `granted, not attached${against}` : 'not granted';
}

const of = (nodes, kind) => nodes.filter((one) => one.class === kind);

const vacant = (number) => ({ node: `NOD${number}`, number, class: 'core', roles: [], state: 'vacant' });

function arrow([x1, y1], [x2, y2]) {
  return svg('line', { class: 'chain', x1, y1: y1 + RADIUS + 22, x2, y2: y2 - RADIUS - 4, 'marker-end': 'url(#arrow)' });
}
