import { el } from './dom.js';

const LEVELS = { L0: 'exact cache', L1: 'documents on this node', L2: 'local model', L3: 'fast model', L4: 'strong model', L5: 'several models' };
const OUTCOMES = { hit: 'answered here', miss: 'no answer here', skipped: 'skipped', unavailable: 'not available', step: 'a step is done' };

/** The levels a question went through, in order, each with its outcome and time. */
export class Trace extends HTMLElement {
  set route(steps) {
    this.replaceChildren();
    steps.forEach((step) => this.add(step));
  }

  add({ level, outcome, ms, reason }) {
    const words = `${level}, ${LEVELS[level] ?? 'level'}: ${OUTCOMES[outcome] ?? outcome}${reason ? ` (${reason})` : ''}`;
    if (this.childElementCount) this.append(el('span', { class: 'arrow', 'aria-hidden': 'true' }, '→'));
    this.append(el('span', { class: 'step', 'data-level': level, 'data-outcome': outcome, title: words },
      el('span', { class: 'unseen' }, words),
      el('b', { 'aria-hidden': 'true' }, level),
      Number.isFinite(ms) && outcome !== 'skipped' ? el('span', {}, `${Math.round(ms)} ms`) : null));
  }
}

customElements.define('sky-trace', Trace);
