import { el } from './dom.js';
import { openPassage } from './passage.js';

/** A source of an answer as a card. It opens the document at the cited passage. */
export class Citation extends HTMLElement {
  show(citation, number) {
    this.replaceChildren(el('button', { type: 'button', onclick: () => openPassage(citation) },
      el('span', { class: 'mark' }, el('span', { class: 'unseen' }, 'Source '), `${number}`),
      el('span', { class: 'title' }, citation.title || citation.document, citation.page ? el('small', { class: 'muted' }, ` page ${citation.page}`) : null),
      el('span', { class: 'quote' }, plain(citation.text))));
    return this;
  }
}

/** The quote on one run, without Markdown's heading signs; the sheet shows the passage as it stands. */
export const plain = (text) => text.replace(/^#+ /gm, '').replace(/\s+/g, ' ').trim();

customElements.define('sky-citation', Citation);
