import { el, svg } from './dom.js';
import { QUADRANTS, R_MAX, spread as unit } from './projection.js';

const RADIUS = 50;
const LABELS_MAX = 14;
const LETTER_WIDTH = 2.5;
const RINGS = [1, 1.5, 3, 6, 13.2];
const CORNERS = [[33, -41], [-33, -41], [-33, 44], [33, 44]];

/** A text as a path over the complex plane of the dictionary, one point for each token. */
export class Plane extends HTMLElement {
  show(tokens) {
    const points = tokens.map(place);
    const drawing = svg('svg', { viewBox: '-56 -54 112 108', role: 'img', 'aria-label': `${tokens.length} tokens as points of the complex plane, joined in reading order` },
      RINGS.map((r) => svg('circle', { class: 'ring', r: spread(r) })),
      svg('path', { class: 'axis', d: `M-${RADIUS} 0H${RADIUS}M0 -${RADIUS}V${RADIUS}` }),
      QUADRANTS.map((words, at) => svg('text', { class: 'quadrant', x: CORNERS[at][0], y: CORNERS[at][1], 'text-anchor': 'middle' }, words)),
      svg('polyline', { class: 'path', points: points.map(({ x, y }) => `${x},${y}`).join(' ') }),
      points.map(({ x, y, quadrant }, at) => svg('circle', { class: `q${quadrant}`, cx: x, cy: y, r: 1.7 },
        svg('title', {}, `${tokens[at].canonical} · ${tokens[at].sector} · r ${tokens[at].r} · θ ${tokens[at].theta}`))),
      labels(tokens, points));
    this.replaceChildren(drawing, el('p', { class: 'small muted' }, 'Angle is meaning, distance is rarity. Rings are drawn wider near the centre, where common words are.'));
    return this;
  }
}

const spread = (r) => RADIUS * unit(Math.min(R_MAX, r));

function place({ r, theta }) {
  const distance = spread(r);
  return {
    x: +(distance * Math.cos(theta)).toFixed(2),
    y: +(-distance * Math.sin(theta)).toFixed(2),
    quadrant: 1 + (Math.floor(theta / (Math.PI / 2)) % 4),
  };
}

/** Names the first points, right or left of them; a name that would lie on another name or point is left out, its tooltip stays. */
function labels(tokens, points) {
  const taken = points.map(({ x, y }) => ({ x: x - 1.6, y: y + 1.6, wide: 3.2, high: 3.2 }));
  let named = 0;
  return points.flatMap(({ x, y }, at) => {
    const words = tokens[at].canonical.trim();
    const wide = words.length * LETTER_WIDTH;
    const box = [x + 2.6, x - 2.6 - wide].map((left) => ({ x: left, y: y + 1.4, wide, high: 3.6 })).find((candidate) => free(candidate, taken));
    if (words === '' || named >= LABELS_MAX || !box) return [];
    named += 1;
    taken.push(box);
    return [svg('text', { x: box.x, y: box.y }, words)];
  });
}

const free = (box, taken) => box.x > -56 && box.x + box.wide < 56 && taken.every((other) =>
  box.x >= other.x + other.wide || other.x >= box.x + box.wide || box.y - box.high >= other.y || other.y - other.high >= box.y);

customElements.define('sky-plane', Plane);
