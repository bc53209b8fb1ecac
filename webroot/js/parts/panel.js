import { el } from './dom.js';

/** A place that shows data and says honestly when there is none: loading, empty, failed or stale. */
export class Panel extends HTMLElement {
  show(...nodes) {
    this.settle('ready');
    this.replaceChildren(...nodes);
  }

  loading(lines = 3) {
    this.settle('loading');
    this.setAttribute('aria-busy', 'true');
    this.replaceChildren(
      el('span', { class: 'unseen' }, 'Loading…'),
      ...Array.from({ length: lines }, () => el('div', { class: 'bone' })),
    );
  }

  empty(sentence, action) {
    this.settle('empty');
    this.replaceChildren(el('div', { class: 'notice' }, el('p', {}, sentence), action));
  }

  fail(problem, again) {
    this.settle('failed');
    this.replaceChildren(failure(problem, again));
  }

  /** Keeps the last value, greyed, and says how old it is. */
  stale(since) {
    const seconds = Math.round((Date.now() - since) / 1000);
    this.settle('stale');
    this.querySelector(':scope > .asof')?.remove();
    this.prepend(el('p', { class: 'asof' }, `As of ${seconds} s ago. Reconnecting…`));
  }

  settle(state) {
    this.dataset.state = state;
    this.removeAttribute('aria-busy');
  }
}

/** What failed, why, what to do, the request id, and a way to try again. */
export function failure(problem, again) {
  return el('div', { class: 'notice bad', role: 'alert' },
    el('strong', {}, problem.title ?? 'Something on this page failed.'),
    el('p', {}, [problem.detail ?? problem.message, problem.fix].filter(Boolean).join(' ')),
    problem.requestId ? el('p', { class: 'small muted' }, 'Request ', el('code', {}, problem.requestId)) : null,
    again ? el('button', { type: 'button', onclick: again }, 'Try again') : null);
}

customElements.define('sky-panel', Panel);
