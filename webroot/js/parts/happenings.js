import { el } from './dom.js';
import { STATES } from './members.js';

const SHOWN_MAX = 20;

/** What members did since the page was opened, the newest first: found by comparing what is seen with what was seen before. */
export class Happenings extends HTMLElement {
  #before;
  #happened = [];

  show(members) {
    const now = new Map(members.map((member) => [member.number, member]));
    if (this.#before) this.#compare(this.#before, now);
    this.#before = now;
    this.replaceChildren(this.#happened.length === 0
      ? el('p', { class: 'muted' }, 'Nothing since this page was opened.')
      : el('ul', { class: 'plain' }, this.#happened.map(({ at, words }) => el('li', {}, el('time', { class: 'muted small num', datetime: at.toISOString() }, at.toLocaleTimeString()), ' ', words))));
    return this;
  }

  #compare(before, now) {
    const at = new Date();
    const add = (words) => this.#happened.unshift({ at, words });
    now.forEach(({ number, since, state }) => {
      const was = before.get(number);
      if (!was) add(`NOD${number} joined`);
      else if (was.since !== since) add(`NOD${number} started anew`);
      else if (was.state !== state) add(`NOD${number}: ${(STATES[state] ?? state).toLowerCase()}`);
    });
    before.forEach((_, number) => now.has(number) || add(`NOD${number} left`));
    this.#happened.length = Math.min(this.#happened.length, SHOWN_MAX);
  }
}

customElements.define('sky-happenings', Happenings);
