import { el } from './dom.js';

const SAID_MS = 1600;

/** A command with a Copy button. `{origin}` in it becomes the address this page came from. */
export class Snippet extends HTMLElement {
  connectedCallback() {
    const code = this.textContent.trim().replaceAll('{origin}', location.origin);
    const button = el('button', { type: 'button', onclick: () => this.copy(button, code) }, 'Copy');
    this.replaceChildren(el('pre', { tabindex: '0' }, el('code', {}, code)), button);
  }

  async copy(button, code) {
    try {
      await navigator.clipboard.writeText(code);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(this.querySelector('code'));
      button.textContent = 'Selected';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, SAID_MS);
  }
}

customElements.define('sky-snippet', Snippet);
