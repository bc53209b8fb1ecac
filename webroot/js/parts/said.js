import { Markdown } from './markdown.js';
import { el } from './dom.js';

const DRAW_MS = 50;
const MODES = {
  continue: ({ after, level }) => `${after} broke off. ${level} goes on here.`,
  restart: ({ after, level }) => `${after} broke off. ${level} answers anew.`,
  missing: ({ after }) => `${after} broke off. The rest is missing.`,
};

/** The text of an answer while it grows, with a line where one level took over from another. It is drawn a few times a second. */
export class Said {
  #place;
  #mark;
  #pieces = [];
  #parts = [];

  constructor(place, mark) {
    this.#place = place;
    this.#mark = mark;
  }

  get text() {
    return this.#pieces.map(({ text = '' }) => text).join('');
  }

  add(text, seq) {
    this.#pieces.push({ seq, text });
    this.#soon();
  }

  /** Another level goes on; nothing is taken back. */
  seam(seam, seq) {
    this.#pieces.push({ seq, seam });
    this.#soon();
  }

  /** Takes back what came under this number or a later one. */
  takeBack(from) {
    this.#pieces = this.#pieces.filter(({ seq }) => seq < from);
    this.#soon();
  }

  /** The whole text, with the seams that are kept with it. Where none is and it is what another one heard, its seams stay. */
  heard(other, text, seams = []) {
    clearTimeout(other.timer);
    this.#pieces = seams.length || other.text !== text ? cut(text, seams) : other.#pieces;
    this.draw();
    return this;
  }

  #soon() {
    this.timer ??= setTimeout(() => this.draw(), DRAW_MS);
  }

  draw() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const parts = this.#split();
    while (this.#parts.length > parts.length) this.#parts.pop().nodes.forEach((node) => node.remove());
    parts.forEach(({ seam, text }, at) => {
      this.#parts[at] ??= this.#part(seam);
      this.#parts[at].markdown.show(text);
    });
  }

  #part(seam) {
    const line = seam ? el('p', { class: 'seam', title: seam.reason }, (MODES[seam.mode] ?? MODES.continue)(seam)) : null;
    const place = el('div', { class: 'part' });
    this.#place.append(...[line, place].filter(Boolean));
    return { nodes: [line, place].filter(Boolean), markdown: new Markdown(place, this.#mark) };
  }

  #split() {
    const parts = [{ text: '' }];
    for (const { text, seam } of this.#pieces) {
      if (seam) parts.push({ seam, text: '' });
      else parts.at(-1).text += text;
    }
    return parts;
  }
}

/** A text in pieces, with each seam at its place. */
function cut(text, seams) {
  const places = [...seams.map(({ offset }) => offset), text.length];
  return [{ seq: 0, text: text.slice(0, places[0]) },
    ...seams.flatMap((seam, at) => [{ seq: 0, seam }, { seq: 0, text: text.slice(places[at], places[at + 1]) }])];
}
