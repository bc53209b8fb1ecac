import { copyButton } from './copy.js';
import { el } from './dom.js';

/** A piece of code with its language and a way to copy it. */
export class CodeBlock extends HTMLElement {
  show(text, language) {
    const code = el('code', {}, text);
    this.replaceChildren(
      el('header', {}, el('span', {}, (language ?? '').slice(0, 30)), copyButton('Copy', () => text, () => code)),
      el('pre', { tabindex: '0', 'aria-label': 'Code' }, code));
    return this;
  }
}

customElements.define('sky-code', CodeBlock);
