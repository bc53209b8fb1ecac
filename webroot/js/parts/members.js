import { el, svg } from './dom.js';

const WIDE = 640;
const NARROW = 380;
const HIGH = 440;
const HIGH_ALONE = 190;
const LABEL = 40;
const RADIUS = 38;

/** How a member does, in words for people. */
export const STATES = {
  ready: 'Ready',
  joining: 'Joining',
  leaving: 'Leaving',
  silent: 'Does not answer',
};

/** The members of a cluster around a ring, each linked with each. Says `chosen` with a member's number when one is picked. */
export class Members extends HTMLElement {
  show(members, chosen) {
    const wide = matchMedia('(max-width: 720px)').matches ? NARROW : WIDE;
    const high = members.length === 1 ? HIGH_ALONE : HIGH;
    const places = members.map((member, at) => ({ member, ...place(at, members.length, wide, high) }));
    const focused = this.querySelector(':focus')?.dataset.number;
    this.replaceChildren(svg('svg', { viewBox: `0 0 ${wide} ${high}`, role: 'group', 'aria-label': `Map of ${members.length} ${members.length === 1 ? 'member' : 'members'}` },
      places.flatMap((one, at) => places.slice(at + 1).map((other) => link(one, other))),
      members.length === 1 ? ghost(places[0], wide) : null,
      places.map((spot) => this.node(spot, chosen))));
    if (focused) this.querySelector(`[data-number="${focused}"]`)?.focus();
    return this;
  }

  node({ member, x, y }, chosen) {
    const choose = () => this.dispatchEvent(new CustomEvent('chosen', { detail: member.number }));
    return svg('g', {
      class: 'node', tabindex: '0', role: 'button', 'data-state': member.state, 'data-number': member.number,
      'aria-pressed': `${member.number === chosen}`,
      transform: `translate(${x} ${y})`, onclick: choose,
      onkeydown: (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        choose();
      },
    },
    svg('circle', { r: RADIUS }),
    svg('text', { class: 'title', y: 5 }, `NOD${member.number}`),
    svg('text', { class: 'under', y: RADIUS + 19 }, member.self ? 'this node' : member.address ?? ''),
    svg('text', { class: 'under', y: RADIUS + 36 }, STATES[member.state] ?? member.state));
  }
}

function place(at, count, wide, high) {
  const middle = (high - LABEL) / 2;
  if (count === 1) return { x: wide * 0.3, y: middle };
  const angle = (at / count) * 2 * Math.PI - Math.PI / (count === 2 ? 1 : 2);
  return { x: Math.round(wide / 2 + wide * 0.34 * Math.cos(angle)), y: Math.round(middle + (middle - RADIUS - 4) * Math.sin(angle)) };
}

function link(one, other) {
  const whole = one.member.state === 'ready' && other.member.state === 'ready';
  return svg('line', { class: `link${whole ? '' : ' broken'}`, x1: one.x, y1: one.y, x2: other.x, y2: other.y });
}

/** Where a second node would stand. */
function ghost({ x, y }, wide) {
  const right = wide * 0.7;
  return svg('g', { class: 'ghost' },
    svg('line', { class: 'link broken', x1: x + RADIUS, y1: y, x2: right - RADIUS, y2: y }),
    svg('circle', { cx: right, cy: y, r: RADIUS }),
    svg('text', { class: 'under', x: right, y: y + 5 }, 'a second'));
}

customElements.define('sky-members', Members);

/** Everything about one member as terms and values; its address is told to operators alone. */
export const details = (member) => el('dl', { class: 'facts' }, [
  ['State', el('span', { class: `lamp ${{ ready: 'up', silent: 'down' }[member.state] ?? 'waiting'}` }, STATES[member.state] ?? member.state)],
  member.address && ['Address', el('code', {}, member.address)],
  ['Release', member.release],
  ['Since', sinceOf(member.since)],
].filter(Boolean).map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));

/** Seconds since 1970, as the node tells them. */
const sinceOf = (since) => new Date(since * 1_000).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
