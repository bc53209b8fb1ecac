import { accountOf, tokensOf } from './account-of.js';
import { copyButton } from './copy.js';
import { el, icon } from './dom.js';
import { missing } from './models.js';
import { failure } from './panel.js';
import { openPassage } from './passage.js';
import { Said } from './said.js';
import './citation.js';
import './feedback.js';
import './menu.js';
import './trace.js';

const HIGHER = { L0: 'skyai-advanced', L1: 'skyai-advanced', L2: 'skyai-advanced', L3: 'skyai-pro' };
const SAME = { L3: 'skyai-advanced', L4: 'skyai-pro', L5: 'skyai-pro' };
const AGAIN = [['Standard', 'skyai-standard', 'this node itself'], ['Advanced', 'skyai-advanced', 'a fast model'], ['Pro', 'skyai-pro', 'a strong model']];

/** One answer: it grows, and in the end shows its sources, who gave it, and what can be done with it. */
export class Answer extends HTMLElement {
  connectedCallback() {
    if (!this.article) this.wait();
  }

  wait() {
    this.reply = undefined;
    this.citations = [];
    this.steps = [];
    this.trace = el('sky-trace');
    this.text = el('div', { class: 'text' });
    this.said = new Said(this.text, (number) => this.#mark(number));
    this.bones = el('div', { class: 'bones', 'aria-label': 'Waiting for the answer' }, el('div', { class: 'bone' }), el('div', { class: 'bone' }));
    this.foot = el('div', { class: 'foot' }, this.trace, el('span', {}, 'Looking…'));
    this.article = el('article', { class: 'answer', 'aria-label': 'Answer', 'aria-busy': 'true' }, this.text, this.bones, this.foot);
    this.replaceChildren(this.article);
    return this;
  }

  /** The answer is told from its beginning. */
  restart() {
    this.takeBack(0);
  }

  route(step, seq = 0) {
    this.steps.push({ seq, step });
    this.trace.add(step);
  }

  delta(text, seq = 0) {
    this.bones.remove();
    this.said.add(text, seq);
  }

  /** Another level goes on after a place, or all that came from there on is void: another node says it anew. */
  seam(from, seam) {
    if (seam.level) this.said.seam(seam, from);
    else this.takeBack(from);
  }

  takeBack(from) {
    this.said.takeBack(from);
    this.steps = this.steps.filter(({ seq }) => seq < from);
    this.trace.route = this.steps.map(({ step }) => step);
  }

  /** The reply as a whole replaces what was streamed, so that what stays is what the node stands for. */
  done(reply, { kept, around } = {}) {
    this.reply = reply;
    this.citations = reply.citations ?? [];
    this.trace.route = reply.route ?? [];
    this.article.removeAttribute('aria-busy');
    const stopped = reply.end === 'stopped' || reply.finish === 'stopped';
    const cut = { length: 'cut at its longest', interrupted: 'interrupted, the rest is missing' }[reply.finish];
    const account = accountOf(reply);
    account.hidden = true;
    const how = el('button', { type: 'button', class: 'quiet small how', 'aria-expanded': 'false', title: 'How this answer came about', onclick: () => how.setAttribute('aria-expanded', `${!(account.hidden = !account.hidden)}`) },
      this.trace, el('span', {}, el('strong', {}, reply.brand), ` · ${levelsOf(reply)} · ${[`${Math.round(reply.ms).toLocaleString()} ms`, tokensOf(reply)].filter(Boolean).join(' · ')}`));
    this.foot.replaceChildren(how, stopped ? el('span', {}, 'stopped') : cut ? el('span', { class: 'warned' }, cut) : '', el('span', { class: 'acts' }, around ?? '', this.#acts(kept)));
    if (reply.answered || stopped) {
      this.text.replaceChildren();
      this.said = new Said(this.text, (number) => this.#mark(number)).heard(this.said, reply.answer, reply.seams);
      this.article.replaceChildren(...[this.text, this.#sources(), this.foot, account].filter(Boolean));
    } else {
      this.article.replaceChildren(refusal(reply.answer), this.foot, account);
    }
    return this;
  }

  fail(problem, again) {
    this.article.removeAttribute('aria-busy');
    this.article.replaceChildren(failure(problem, again));
  }

  /** It was asked for and never came, or comes elsewhere. */
  missing(again, around) {
    this.article.removeAttribute('aria-busy');
    this.article.replaceChildren(el('div', { class: 'notice' }, el('p', {}, 'There is no answer to this yet.'),
      el('div', { class: 'words' }, el('button', { type: 'button', onclick: again }, 'Ask for it'), around ?? '')));
  }

  #acts(kept) {
    const again = document.createElement('sky-menu').show('Answer again', 'again', () => this.#models());
    return [
      copyButton('Copy', () => this.reply.answer, () => this.text),
      document.createElement('sky-feedback').show(this.reply, kept),
      again,
    ];
  }

  /** By whom it can be answered again; the first is one level higher than this answer, where the node has one. */
  #models() {
    const higher = HIGHER[this.reply.level];
    const rises = higher && !missing(higher);
    return [
      ['Answer again', 'again', () => this.#again(rises ? higher : SAME[this.reply.level] ?? 'skyai-auto'), rises ? 'one level higher' : 'at the same level'],
      ...AGAIN.map(([words, model, note]) => [words, 'chat', missing(model) ? undefined : () => this.#again(model), missing(model) || note]),
    ];
  }

  #again(model) {
    this.dispatchEvent(new CustomEvent('again', { bubbles: true, detail: { model } }));
  }

  #mark(number) {
    const citation = this.citations.find((one, at) => numberOf(one, at) === number);
    return citation && el('button', { type: 'button', 'aria-label': `Open source ${number}`, title: citation.title || citation.document, onclick: () => openPassage(citation) }, `${number}`);
  }

  #sources() {
    return this.citations.length
      ? el('section', { class: 'sources', 'aria-label': 'Sources' }, this.citations.map((citation, at) => document.createElement('sky-citation').show(citation, numberOf(citation, at))))
      : null;
  }
}

/** How the text refers to a source: by its own number, or by its place. */
const numberOf = ({ mark }, at) => mark || at + 1;

/** The levels that gave the text, one after the other. */
function levelsOf({ level, segments = [] }) {
  const levels = segments.map((one) => one.level).filter((one, at, all) => one !== all[at - 1]);
  return levels.length > 1 ? levels.join(', then ') : level;
}

function refusal(words) {
  return el('div', { class: 'notice warn' },
    el('strong', {}, words || "I don't know from what I have."),
    el('p', { class: 'small' }, 'No passage that was found here answers that. Ask in other words, or give this node documents that do: ', el('code', {}, 'skynet index PATH')));
}

/** A button with a sign only, for going from one answer to the next. */
export const step = (sign, words, onclick, disabled) =>
  el('button', { type: 'button', class: 'quiet small', 'aria-label': words, title: words, disabled, onclick }, icon(sign));

customElements.define('sky-answer', Answer);
