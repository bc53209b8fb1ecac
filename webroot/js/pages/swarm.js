import '../parts/shell.js';
import '../parts/panel.js';
import '../parts/members.js';
import '../parts/snippet.js';
import { refresh, subscribe } from '../live.js';
import { get } from '../parts/api.js';
import { el } from '../parts/dom.js';
import { details } from '../parts/members.js';

const ABSENT = 404;
const [chart, one, second] = ['#chart', '#one', '#second'].map((id) => document.querySelector(id));
const [words, name] = ['#words', '#name'].map((id) => document.querySelector(id));
const map = document.createElement('sky-members');
let swarm;
let chosen;

chart.loading(10);
one.loading(4);
map.addEventListener('chosen', ({ detail }) => {
  chosen = detail;
  present();
});
subscribe('members', async ({ value, at, problem }) => {
  if (problem?.status === ABSENT) await alone();
  else if (value) {
    swarm = value;
    present();
  }
  if (!problem || problem.status === ABSENT) return;
  if (swarm) [chart, one].forEach((panel) => panel.stale(at ?? Date.now()));
  else fail(problem);
});

/** A node that knows no cluster is the only member there is. */
async function alone() {
  try {
    const { node, release, since, draining } = await get('/v1/status');
    swarm = { cluster: null, members: [{ number: node, address: location.host, self: true, since: Date.parse(since) / 1_000, release, state: draining ? 'leaving' : 'ready' }] };
    present();
  } catch (problem) {
    if (!swarm) fail(problem);
  }
}

function fail(problem) {
  chart.fail(problem, () => refresh('members'));
  one.empty('A member is described here as soon as the node answers.');
}

function present() {
  const { cluster, members } = swarm;
  const member = members.find(({ number }) => number === chosen) ?? members.find(({ self }) => self) ?? members[0];
  const ready = members.filter(({ state }) => state === 'ready').length;
  const lone = members.length === 1;
  words.textContent = lone ? 'This node is alone.' : `${ready === members.length ? `All ${members.length}` : `${ready} of ${members.length}`} members of "${cluster}" are ready.`;
  chart.show(map.show(members, member?.number));
  name.textContent = `NOD${member.number}${member.self ? ', this node' : ''}`;
  one.show(details(member));
  second.hidden = !lone;
}
