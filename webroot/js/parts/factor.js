import './panel.js';
import { post } from './api.js';
import { el } from './dom.js';
import { failure } from './panel.js';

/** Makes a second factor: takes the password, shows the secret, takes its first code, shows the recovery codes; then tells `made`. */
class Factor extends HTMLElement {
  connectedCallback() {
    const refused = el('div', { 'aria-live': 'polite' });
    const current = el('input', { type: 'password', name: 'current', required: true, autocomplete: 'current-password', maxlength: 256 });
    const form = el('form', { class: 'fields', method: 'post' },
      el('label', {}, 'Your password ', current),
      refused,
      el('div', {}, el('button', { class: 'primary', type: 'submit' }, 'Set up a second factor')));
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      try {
        this.present(await post('/api/auth/totp', { current: current.value }));
      } catch (problem) {
        refused.replaceChildren(failure(problem));
        current.select();
      }
    });
    this.replaceChildren(form);
  }

  present({ secret, qr }) {
    const refused = el('div', { 'aria-live': 'polite' });
    const code = el('input', { class: 'digits', name: 'code', required: true, autocomplete: 'one-time-code', inputmode: 'numeric', pattern: '[0-9 ]{6,7}', maxlength: 7 });
    const form = el('form', { class: 'fields' },
      el('p', {}, 'Scan this with your authenticator app, or type the secret into it.'),
      el('img', { class: 'qr', alt: 'The secret as a QR code', src: `data:image/svg+xml,${encodeURIComponent(qr)}` }),
      el('code', { class: 'once', tabindex: 0, 'aria-label': 'The secret' }, secret),
      el('label', {}, 'The six digits that it shows now ', code),
      refused,
      el('div', {}, el('button', { class: 'primary', type: 'submit' }, 'Confirm')));
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      try {
        this.finish(await post('/api/auth/totp/confirm', { code: code.value.replaceAll(' ', '') }));
      } catch (problem) {
        refused.replaceChildren(failure(problem));
        code.select();
      }
    });
    this.replaceChildren(form);
    code.focus();
  }

  finish({ recovery_codes: codes }) {
    const go = el('button', { type: 'button', class: 'primary', onclick: () => this.dispatchEvent(new CustomEvent('made')) }, 'I have kept them');
    this.replaceChildren(
      el('p', {}, 'Keep these codes where you keep passwords. Each lets you in once when the app is lost; they are not shown again.'),
      el('ul', { class: 'codes', tabindex: 0, 'aria-label': 'Recovery codes' }, codes.map((code) => el('li', {}, code))),
      go);
    go.focus();
  }
}

customElements.define('sky-factor', Factor);
