import { el } from './dom.js';
import { failure } from './panel.js';
import { openPassage } from './passage.js';
import './citation.js';
import './trace.js';

/** One question and what became of it: waiting, an answer with its sources, an honest refusal, or an error. */
export class Exchange extends HTMLElement {
  ask(question) {
    this.question = question;
    this.pieces = [];
    this.steps = [];
    this.trace = el('sky-trace');
    this.text = el('div', { class: 'text' });
    this.bones = el('div', { 'aria-label': 'Waiting for the answer' }, el('div', { class: 'bone' }), el('div', { class: 'bone' }));
    this.foot = el('div', { class: 'foot' }, this.trace, el('span', {}, 'Looking…'));
    this.answer = el('article', { class: 'answer', 'aria-label': 'Answer', 'aria-busy': 'true' }, this.text, this.bones, this.foot);
    this.replaceChildren(el('div', { class: 'question' }, el('span', { class: 'unseen' }, 'You asked: '), question), this.answer);
    return this;
  }

  /** The answer is told from its beginning. */
  restart() {
    this.seam(0);
  }

  route(step, seq = 0) {
    this.steps.push({ seq, step });
    this.trace.add(step);
  }

  delta(text, seq = 0) {
    this.bones.remove();
    const node = document.createTextNode(text);
    this.pieces.push({ seq, node });
    this.text.append(node);
  }

  /** Takes back what came under this number or a later one: another node goes on from there. */
  seam(from) {
    this.pieces.filter(({ seq }) => seq >= from).forEach(({ node }) => node.remove());
    this.pieces = this.pieces.filter(({ seq }) => seq < from);
    this.steps = this.steps.filter(({ seq }) => seq < from);
    this.trace.route = this.steps.map(({ step }) => step);
  }

  /** The reply as a whole replaces what was streamed, so that what stays is what the node stands for. */
  done(reply) {
    const citations = reply.citations ?? [];
    this.trace.route = reply.route ?? [];
    this.foot.replaceChildren(this.trace, el('span', {}, el('strong', {}, reply.brand), ` · ${reply.level} · ${Math.round(reply.ms)} ms`));
    this.answer.removeAttribute('aria-busy');
    if (reply.end === 'stopped') this.foot.append(el('span', {}, '· stopped'));
    if (reply.answered || reply.end === 'stopped') {
      this.text.replaceChildren(...withMarks(reply.answer, citations));
      this.answer.replaceChildren(this.text, sources(citations) ?? '', this.foot);
    } else {
      this.answer.replaceChildren(refusal(reply.answer), this.foot);
    }
  }

  fail(problem, again) {
    this.answer.removeAttribute('aria-busy');
    this.answer.replaceChildren(failure(problem, again));
  }
}

function refusal(words) {
  return el('div', { class: 'notice warn' },
    el('strong', {}, words || "I don't know from what I have."),
    el('p', { class: 'small' }, 'Nothing on this node answers that. Give it documents that do, then ask again: ', el('code', {}, 'skynet index PATH')));
}

function sources(citations) {
  if (!citations.length) return null;
  return el('section', { class: 'sources', 'aria-label': 'Sources' },
    citations.map((citation, at) => document.createElement('sky-citation').show(citation, at + 1)));
}

/** Turns [1] into a small button where the first citation exists; everything else stays text. */
function withMarks(text, citations) {
  return text.split(/(\[\d{1,2}\])/).map((part) => {
    const citation = /^\[\d+\]$/.test(part) ? citations[part.slice(1, -1) - 1] : undefined;
    return citation
      ? el('button', { type: 'button', 'aria-label': `Open source ${part.slice(1, -1)}`, onclick: () => openPassage(citation) }, part.slice(1, -1))
      : part;
  });
}

customElements.define('sky-exchange', Exchange);
