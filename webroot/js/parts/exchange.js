import { step } from './answer.js';
import { el } from './dom.js';

/** One question and the answers that were given to it, of which one is shown. */
export class Exchange extends HTMLElement {
  ask(question) {
    this.question = question;
    this.answers = [];
    this.shown = -1;
    this.replaceChildren(el('div', { class: 'question' }, el('span', { class: 'unseen' }, 'You asked: '), question));
    return this;
  }

  /** The id of the message itself, which is that of its first answer. */
  get message() {
    return this.answers[0]?.message;
  }

  /** A place for an answer that comes; the one under the same id waits anew. */
  begin(message) {
    let answer = this.answers.find((one) => one.message === message);
    if (answer) answer.wait();
    else {
      answer = document.createElement('sky-answer');
      answer.message = message;
      this.answers.push(answer);
    }
    this.show(this.answers.indexOf(answer));
    return answer;
  }

  /** Settles an answer with its reply. */
  done(answer, reply, kept) {
    answer.kept = kept;
    answer.done(reply, { kept, around: this.#around() });
    this.answers.filter((one) => one !== answer && one.reply).forEach((one) => one.done(one.reply, { kept, around: this.#around(one) }));
  }

  show(at) {
    this.answers[this.shown]?.remove();
    this.shown = at;
    this.append(this.answers[at]);
    this.#tell();
  }

  /** The way to the other answers; each answer shows one of its own. */
  #around() {
    if (this.answers.length < 2) return null;
    const way = el('span', { class: 'versions' });
    queueMicrotask(() => this.#tell());
    return way;
  }

  #tell() {
    const way = this.answers[this.shown]?.querySelector('.versions');
    way?.replaceChildren(
      step('left', 'Answer before', () => this.show(this.shown - 1), this.shown === 0),
      el('span', {}, `${this.shown + 1} of ${this.answers.length}`),
      step('right', 'Next answer', () => this.show(this.shown + 1), this.shown === this.answers.length - 1));
  }
}

customElements.define('sky-exchange', Exchange);
