import { el } from './dom.js';
import { failure } from './panel.js';

/** Asks for a line of text; `act` gets it and may fail, which is said in the dialog. */
export function askText(title, value, words, act) {
  const input = el('input', { value, required: true, maxlength: '200', 'aria-label': title });
  open(title, [input], words, false, () => act(input.value.trim()));
  input.select();
}

/** Asks whether something that cannot be undone is really meant. */
export function askConsent(title, sentence, words, act) {
  open(title, [el('p', {}, sentence)], words, true, act);
}

function open(title, content, words, grave, act) {
  const refused = el('div', { 'aria-live': 'polite' });
  const go = el('button', { type: 'submit', class: grave ? 'grave' : 'primary' }, words);
  const form = el('form', { class: 'fields', onsubmit: submit }, content, refused,
    el('div', { class: 'words' }, go, el('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel')));
  const dialog = el('dialog', { 'aria-label': title, onclose: () => dialog.remove() }, el('header', {}, el('h2', {}, title)), form);
  async function submit(event) {
    event.preventDefault();
    go.disabled = true;
    try {
      await act();
      dialog.close();
    } catch (problem) {
      refused.replaceChildren(failure(problem));
    } finally {
      go.disabled = false;
    }
  }
  document.body.append(dialog);
  dialog.showModal();
}
