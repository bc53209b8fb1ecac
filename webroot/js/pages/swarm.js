import '../parts/shell.js';
import '../parts/panel.js';
import '../parts/happenings.js';
import '../parts/members.js';
import '../parts/snippet.js';
import { refresh, subscribe } from '../live.js';
import { get } from '../parts/api.js';
import { el } from '../parts/dom.js';
import { details } from '../parts/members.js';
import { watchSwarm } from '../parts/whole-swarm.js';

const ABSENT = 404;
const [chart, one, second] = ['#chart', '#one', '#second'].map((id) => document.querySelector(id));
const [words, name] = ['#words', '#name'].map((id) => document.querySelector(id));
const happened = document.querySelector('#happened');
const map = document.createElement('sky-members');
let swarm;
let chosen;
let seen;
let addresses = new Map();

watchSwarm(...['#swarm', '#side', '#picked'].map((id) => document.querySelector(id)));
chart.loading(10);
one.loading(4);
map.addEventListener('chosen', ({ detail }) => {
  chosen = detail;
  present();
  learnAddresses();
});
subscribe('members', async ({ value, at, problem }) => {
  if (problem?.status === ABSENT) await alone();
  else if (problem) stale(problem);
  else arrived(value, at);
});

function stale(problem) {
  if (swarm) [chart, one].forEach((panel) => panel.stale(seen));
  else fail(problem);
}

function arrived(value, at = Date.now()) {
  swarm = value;
  seen = at;
  happened.show(value.members);
  present();
}

/** The browser bus says the same to everybody and so tells no address; a node that is asked tells them to operators. */
async function learnAddresses() {
  try {
    const { members } = await get('/api/cluster/members');
    addresses = new Map(members.map(({ number, address }) => [number, address]));
    present();
  } catch {
    // The map is as good without them.
  }
}

/** A node that knows no cluster is the only member there is. */
async function alone() {
  try {
    const { node, release, since, draining } = await get('/v1/status');
    arrived({ cluster: null, members: [{ number: node, address: location.host, self: true, since: Date.parse(since) / 1_000, release, state: draining ? 'leaving' : 'ready' }] });
  } catch (problem) {
    stale(problem);
  }
}

function fail(problem) {
  chart.fail(problem, () => refresh('members'));
  one.empty('A member is described here as soon as the node answers.');
}

function present() {
  const { cluster } = swarm;
  const members = swarm.members.map((one) => ({ ...one, address: one.address ?? addresses.get(one.number) }));
  const member = members.find(({ number }) => number === chosen) ?? members.find(({ self }) => self) ?? members[0];
  const ready = members.filter(({ state }) => state === 'ready').length;
  const lone = members.length === 1;
  words.textContent = lone ? 'This node is the only member.' : `${ready === members.length ? `All ${members.length}` : `${ready} of ${members.length}`} members of "${cluster}" are ready.`;
  chart.show(map.show(members, member?.number));
  name.textContent = `NOD${member.number}${member.self ? ', this node' : ''}`;
  one.show(details(member));
  second.hidden = !lone;
}
