import { el, svg } from './dom.js';

const DAY_MS = 86_400_000;
const DAY_SECONDS = 86_400;
const STEP = 10;
const HIGH = 34;
const STUB = 8;
const NOTCH_LEAST = 0.3;

/**
 * The last days of one part as bars, the oldest first: full where it worked, notched by how long it did not, a stub where
 * nobody watched.
 */
export class Days extends HTMLElement {
  show(part, days, count, today) {
    const known = new Map(days.map((day) => [day.day, day]));
    const dates = Array.from({ length: count }, (_, at) => dateOf(today - (count - 1 - at) * DAY_MS));
    const drawing = svg('svg', { viewBox: `0 0 ${count * STEP} ${HIGH}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `${part}: ${summary(days, count)}` },
      dates.map((date, at) => bar(date, known.get(date), at * STEP)));
    this.replaceChildren(drawing, el('p', { class: 'scale small muted' }, el('span', {}, `${count} days ago`), el('span', {}, share(days)), el('span', {}, 'Today')));
    return this;
  }
}

/** "99.98 % of the watched time", or that there was none. */
export function share(days) {
  const up = days.reduce((sum, day) => sum + day.up, 0);
  const down = days.reduce((sum, day) => sum + day.down, 0);
  if (up + down === 0) return 'not watched yet';
  const percent = Math.floor((10_000 * up) / (up + down)) / 100;
  return `worked ${percent} % of the ${lasting(up + down)} watched`;
}

export function lasting(seconds) {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 2 * DAY_SECONDS) return `${Math.round(seconds / 3_600)} h`;
  return `${Math.round(seconds / DAY_SECONDS)} days`;
}

function bar(date, day, x) {
  const wide = STEP - 2.5;
  if (!day || day.up + day.down === 0) return svg('rect', { class: 'none', x, y: HIGH - STUB, width: wide, height: STUB }, svg('title', {}, `${date}: no data`));
  const notch = day.down === 0 ? 0 : HIGH * Math.max(NOTCH_LEAST, day.down / (day.up + day.down));
  const words = day.down === 0 ? `worked for all of the ${lasting(day.up)} watched` : `did not work for ${lasting(day.down)} of ${lasting(day.up + day.down)} watched`;
  return svg('g', {}, svg('title', {}, `${date}: ${words}`),
    svg('rect', { class: 'up', x, y: 0, width: wide, height: HIGH - notch }),
    notch ? svg('rect', { class: 'down', x, y: HIGH - notch + 1.5, width: wide, height: notch - 1.5 }) : null);
}

function summary(days, count) {
  const watched = days.filter((day) => day.up + day.down > 0);
  const troubled = watched.filter((day) => day.down > 0);
  return `watched on ${watched.length} of the last ${count} days, with trouble on ${troubled.length}; ${share(days)}`;
}

const dateOf = (time) => new Date(time).toISOString().slice(0, 10);

customElements.define('sky-days', Days);
