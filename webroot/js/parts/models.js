import { get } from './api.js';
import { el } from './dom.js';

const KEY = 'skynet.model';
const MODELS = [
  ['skyai-auto', 'Auto', []],
  ['skyai-standard', 'Standard', []],
  ['skyai-advanced', 'Advanced', ['L3']],
  ['skyai-pro', 'Pro', ['L4', 'L5']],
];

let conditions = [];

/** Why a model cannot be asked on this node now; empty when it can, and while that is not known. */
export function missing(model) {
  const levels = MODELS.find(([id]) => id === model)?.[2] ?? [];
  const known = conditions.filter(({ level }) => levels.includes(level));
  return known.length && known.every(({ available }) => !available) ? known[0].reason || 'not available' : '';
}

/** Which model is asked. What this node cannot ask now cannot be chosen, and says why. */
export class Models extends HTMLElement {
  connectedCallback() {
    this.select = el('select', { 'aria-label': 'Model', onchange: () => this.#keep() });
    this.replaceChildren(this.select);
    this.#draw();
    this.#look();
  }

  /** What is asked for; nothing when the node chooses. */
  get value() {
    const { value } = this.select;
    return value === 'skyai-auto' ? undefined : value;
  }

  async #look() {
    try {
      conditions = (await get('/api/cascade/levels')).levels;
      this.#draw();
    } catch {
      // The page's own panels say what is wrong; the node says what it cannot do when it is asked.
    }
  }

  #draw() {
    const chosen = this.select.value || kept();
    this.select.replaceChildren(...MODELS.map(([id, words]) =>
      el('option', { value: id, disabled: Boolean(missing(id)) }, [words, missing(id)].filter(Boolean).join(' – '))));
    this.select.value = chosen;
    if (this.select.selectedOptions[0]?.disabled || this.select.selectedIndex < 0) this.select.value = 'skyai-auto';
  }

  #keep() {
    try {
      sessionStorage.setItem(KEY, this.select.value);
    } catch {
      // Storage is switched off: the choice holds for this page only.
    }
  }
}

const kept = () => {
  try {
    return sessionStorage.getItem(KEY) ?? 'skyai-auto';
  } catch {
    return 'skyai-auto';
  }
};

customElements.define('sky-models', Models);
