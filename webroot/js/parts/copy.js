import { el, icon } from './dom.js';

const SAID_MS = 1600;

/** A button that copies a text. Where a page may not, as over plain HTTP, it selects the text instead. */
export function copyButton(words, text, shown) {
  const label = el('span', {}, words);
  const button = el('button', { type: 'button', class: 'quiet small', onclick: copy }, icon('copy'), label);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text());
      label.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(shown());
      label.textContent = 'Selected';
    }
    setTimeout(() => { label.textContent = words; }, SAID_MS);
  }
  return button;
}
