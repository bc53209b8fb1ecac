import { el, svg } from './dom.js';

const WIDE = 180;
const HIGH = 34;
const HOUR_SECONDS = 3_600;

/**
 * How quickly one part said how it is in the last hours: a line for the average of each step, a shade up to the slowest.
 * Where nobody watched there is a gap. Every part has a scale of its own, which the words beside it tell.
 */
export class Sparkline extends HTMLElement {
  /** `paces` as the node tells them, each `seconds` long; `count` of them are as wide as the drawing. */
  show(part, ms, paces, seconds, count) {
    const last = Math.floor(Date.now() / 1_000 / seconds);
    const points = paces
      .map(({ from, mean_ms: mean, most_ms: most }) => ({ at: Math.floor(Date.parse(from) / 1_000 / seconds) - last + count - 1, mean, most }))
      .filter(({ at }) => at >= 0 && at < count);
    const top = Math.max(...points.map(({ most }) => most), 0.001);
    const x = (at) => ((at + 0.5) * WIDE) / count;
    const y = (value) => HIGH - 1 - (value / top) * (HIGH - 3);
    const hours = Math.round((seconds * count) / HOUR_SECONDS);
    this.replaceChildren(
      svg('svg', { viewBox: `0 0 ${WIDE} ${HIGH}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': `${part}: answers its check in ${took(ms)}, at most ${took(top)} in the last ${hours} hours` },
        svg('path', { class: 'ground', d: `M0 ${HIGH - 0.5}H${WIDE}` }),
        runs(points).map((run) => [
          svg('path', { class: 'most', d: `M${run.map(({ at, most }) => `${x(at)} ${y(most)}`).join('L')}L${x(run.at(-1).at)} ${HIGH}L${x(run[0].at)} ${HIGH}Z` }),
          svg('path', { class: 'mean', d: run.length === 1 ? `M${x(run[0].at) - 1} ${y(run[0].mean)}h2` : `M${run.map(({ at, mean }) => `${x(at)} ${y(mean)}`).join('L')}` }),
        ]).flat()),
      el('p', { class: 'scale small muted' }, el('span', {}, `at most ${took(top)}`), el('span', {}, `${took(ms)} now`)));
    return this;
  }
}

/** Steps that follow one another. */
function runs(points) {
  const found = [];
  points.forEach((point, index) => {
    if (index > 0 && point.at === points[index - 1].at + 1) found.at(-1).push(point);
    else found.push([point]);
  });
  return found;
}

/** Milliseconds as people say them. */
export const took = (ms) => (ms < 10 ? `${Number(ms.toPrecision(2))} ms` : ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);

customElements.define('sky-sparkline', Sparkline);
