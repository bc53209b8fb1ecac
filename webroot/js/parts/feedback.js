import { put } from './api.js';
import { el, icon } from './dom.js';
import { failure } from './panel.js';

const REASONS = ['Not true', 'No help', 'Wrong source', 'Out of date', 'Too long'];

/** What a reader thinks of an answer: good or bad, why, and what it should have been. */
export class Feedback extends HTMLElement {
  /** `kept` tells whether the reader is known; only then a correction can be kept for them. */
  show(reply, kept) {
    this.reply = reply;
    this.kept = kept;
    this.path = `/api/chat/message/${reply.message_id}`;
    this.good = this.#button('good', 'Good answer', () => this.#rate(this.reply.rating === 'good' ? 'none' : 'good'));
    this.bad = this.#button('bad', 'Bad answer', () => (this.reply.rating === 'bad' ? this.#rate('none') : this.#ask()));
    this.more = el('div', { class: 'opinion', hidden: true });
    this.replaceChildren(this.good, this.bad);
    this.#mark();
    return this;
  }

  #button(sign, words, onclick) {
    return el('button', { type: 'button', class: 'quiet small', 'aria-label': words, title: words, onclick }, icon(sign));
  }

  #mark() {
    this.good.setAttribute('aria-pressed', `${this.reply.rating === 'good'}`);
    this.bad.setAttribute('aria-pressed', `${this.reply.rating === 'bad'}`);
  }

  async #rate(rating, reason = '') {
    const before = this.reply.rating;
    this.reply.rating = rating;
    this.#mark();
    this.more.hidden = true;
    try {
      await put(`${this.path}/feedback`, { rating, reason });
      this.dispatchEvent(new CustomEvent('opinion', { bubbles: true }));
    } catch (problem) {
      this.reply.rating = before;
      this.#mark();
      this.#say(failure(problem, () => this.#rate(rating, reason)));
    }
  }

  /** A bad answer counts at once; why it is bad may follow. */
  #ask() {
    this.#rate('bad');
    const reason = el('input', { maxlength: '1000', placeholder: 'What is wrong with it?', 'aria-label': 'What is wrong with it?' });
    const better = el('textarea', { rows: '3', maxlength: '8000', 'aria-label': 'What should the answer have been?', placeholder: 'What should the answer have been? Whoever looks after this node may let it learn from that.' });
    better.value = this.reply.correction ?? '';
    const form = el('form', { class: 'fields', onsubmit: (event) => { event.preventDefault(); this.#send(reason.value.trim(), better.value.trim()); } },
      el('div', { class: 'words' }, REASONS.map((words) => el('button', { type: 'button', onclick: () => { reason.value = words; reason.focus(); } }, words))),
      reason,
      this.kept ? better : el('p', { class: 'small muted' }, 'Log in to say what the answer should have been.'),
      el('div', { class: 'words' }, el('button', { type: 'submit', class: 'primary' }, 'Send'), el('button', { type: 'button', onclick: () => { this.more.hidden = true; } }, 'Close')));
    this.#say(form);
    reason.focus();
  }

  async #send(reason, correction) {
    try {
      await put(`${this.path}/feedback`, { rating: 'bad', reason });
      if (this.kept && correction !== (this.reply.correction ?? '')) {
        await put(`${this.path}/correction`, { text: correction });
        this.reply.correction = correction || undefined;
      }
      this.#say(el('p', { class: 'small muted', role: 'status' }, 'Thank you. It is kept with this answer.'));
      this.dispatchEvent(new CustomEvent('opinion', { bubbles: true }));
    } catch (problem) {
      this.#say(failure(problem, () => this.#send(reason, correction)));
    }
  }

  #say(...nodes) {
    this.more.hidden = false;
    this.more.replaceChildren(...nodes);
    if (!this.more.isConnected) this.closest('.answer').append(this.more);
  }
}

customElements.define('sky-feedback', Feedback);
