import { el, icon } from './dom.js';

/** So close to the lower edge, where other things lie, a list opens upwards. */
const EDGE_PX = 70;

/** A button with a list of things to do, which closes when one is chosen, by Escape, or when something else is touched. */
export class Menu extends HTMLElement {
  /** `items()` gives what can be done when it is opened: [words, icon, act, note]. What has no act cannot be chosen. */
  show(label, sign, items) {
    this.items = items;
    if (this.button) return this;
    this.button = el('button', { type: 'button', class: 'quiet', 'aria-label': label, title: label, 'aria-haspopup': 'menu', 'aria-expanded': 'false', onclick: () => this.turn() }, icon(sign));
    this.list = el('div', { class: 'menu', role: 'menu', 'aria-label': label, hidden: true });
    this.replaceChildren(this.button, this.list);
    this.addEventListener('keydown', (event) => this.#key(event));
    return this;
  }

  turn(open = this.list.hidden) {
    this.list.hidden = !open;
    this.button.setAttribute('aria-expanded', `${open}`);
    if (!open) {
      document.removeEventListener('pointerdown', this.away);
      return;
    }
    this.list.replaceChildren(...this.items().map(([words, sign, act, note]) =>
      el('button', { type: 'button', role: 'menuitem', class: 'quiet', disabled: !act, onclick: () => { this.turn(false); act(); } },
        sign ? icon(sign) : null, el('span', {}, words, note ? el('small', { class: 'muted' }, note) : null))));
    this.list.classList.remove('above', 'right');
    const { bottom, left } = this.list.getBoundingClientRect();
    this.list.classList.toggle('above', bottom > innerHeight - EDGE_PX);
    this.list.classList.toggle('right', left < 0);
    this.list.querySelector('button:not(:disabled)')?.focus();
    this.away = ({ target }) => this.contains(target) || this.turn(false);
    document.addEventListener('pointerdown', this.away);
  }

  #key(event) {
    if (this.list.hidden) return;
    const items = [...this.list.querySelectorAll('button:not(:disabled)')];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) items[to].focus();
    else if (event.key === 'Escape') {
      this.turn(false);
      this.button.focus();
    } else if (event.key === 'Tab') this.turn(false);
    else return;
    if (event.key !== 'Tab') {
      event.preventDefault();
      event.stopPropagation();
    }
  }
}

customElements.define('sky-menu', Menu);
