import { el, svg, whole } from './dom.js';

/** Named counts as bars, the longest first, each with its number beside it. */
export class Bars extends HTMLElement {
  show(counts, { sorted = true } = {}) {
    const rows = Object.entries(counts);
    if (sorted) rows.sort(([, a], [, b]) => b - a);
    const longest = Math.max(1, ...rows.map(([, count]) => count));
    this.replaceChildren(el('ul', { class: 'plain' }, rows.map(([name, count]) => el('li', {},
      el('span', {}, name),
      svg('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
        svg('rect', { class: 'track', width: 100, height: 10 }),
        svg('rect', { class: 'fill', width: (100 * count) / longest, height: 10 })),
      el('span', { class: 'num' }, whole(count))))));
    return this;
  }
}

customElements.define('sky-bars', Bars);
