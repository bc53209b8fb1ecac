import { Lexer, getDefaults } from '/lib/marked/marked.esm.js';
import './code-block.js';
import { el } from './dom.js';

const OPTIONS = { ...getDefaults(), gfm: true, breaks: true };
const SAFE_LINK = /^(https?:|mailto:)/i;
const MARK = /(\[\d{1,2}\])/;
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };
const INLINE = { strong: 'strong', em: 'em', del: 's' };

/**
 * Shows Markdown as elements, block by block. The text is only read, never parsed as HTML: tags in it stay text, a picture is a
 * link to it, and only addresses of the web and of mail are links. What has not changed since the last time stays as it is.
 */
export class Markdown {
  #place;
  #mark;
  #blocks = [];

  /** `mark(number)` makes what stands for a citation such as [1], or nothing where there is none. */
  constructor(place, mark = () => undefined) {
    this.#place = place;
    this.#mark = mark;
  }

  show(text) {
    const tokens = lexed(text);
    let same = 0;
    while (same < tokens.length && this.#blocks[same]?.raw === tokens[same].raw) same += 1;
    this.#blocks.splice(same).forEach(({ node }) => node.remove());
    for (const token of tokens.slice(same)) {
      const node = this.#block(token);
      this.#place.append(node);
      this.#blocks.push({ raw: token.raw, node });
    }
  }

  #block(token) {
    switch (token.type) {
      case 'heading': return el(`h${Math.min(6, token.depth + 2)}`, {}, this.#inline(token.tokens));
      case 'paragraph': return el('p', {}, this.#inline(token.tokens));
      case 'text': return token.tokens ? el('span', {}, this.#inline(token.tokens)) : el('p', {}, token.text);
      case 'blockquote': return el('blockquote', {}, token.tokens.map((one) => this.#block(one)));
      case 'list': return this.#list(token);
      case 'code': return document.createElement('sky-code').show(token.text, token.lang);
      case 'table': return this.#table(token);
      case 'hr': return el('hr');
      case 'space': return el('span', { hidden: true });
      case 'checkbox': return el('input', { type: 'checkbox', disabled: true, checked: token.checked });
      default: return el('p', {}, token.raw);
    }
  }

  #list({ ordered, start, items }) {
    return el(ordered ? 'ol' : 'ul', { start: ordered && start !== 1 ? start : undefined },
      items.map((item) => el('li', { class: item.task ? 'task' : undefined }, item.tokens.map((one) => this.#block(one)))));
  }

  #table({ header, rows }) {
    const cell = (tag) => ({ tokens, align }) => el(tag, { class: align === 'right' ? 'num' : undefined }, this.#inline(tokens));
    return el('div', { class: 'scroller', tabindex: '0' }, el('table', {},
      el('thead', {}, el('tr', {}, header.map(cell('th')))),
      el('tbody', {}, rows.map((row) => el('tr', {}, row.map(cell('td')))))));
  }

  #inline(tokens = []) {
    return tokens.flatMap((token) => this.#word(token));
  }

  #word(token) {
    if (token.type === 'link' && MARK.test(token.raw) && token.raw.length < 5) return this.#marked(token.raw);
    if (INLINE[token.type]) return el(INLINE[token.type], {}, this.#inline(token.tokens));
    switch (token.type) {
      case 'text': return token.tokens ? this.#inline(token.tokens) : this.#marked(token.escaped ? token.text : plain(token.text));
      case 'codespan': return el('code', {}, token.text);
      case 'br': return el('br');
      case 'escape': return token.text;
      case 'link': return link(token.href, this.#inline(token.tokens));
      case 'image': return link(token.href, [token.text || token.href]);
      default: return token.raw;
    }
  }

  #marked(text) {
    return text.split(MARK).filter(Boolean).map((part) => (MARK.test(part) ? this.#mark(Number(part.slice(1, -1))) : undefined) ?? part);
  }
}

function lexed(text) {
  try {
    return new Lexer(OPTIONS).lex(text);
  } catch {
    return [{ type: 'plain', raw: text }];
  }
}

function link(href, words) {
  return SAFE_LINK.test(href) ? el('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow', title: href }, words) : el('span', {}, words);
}

/** Character references as the characters that they name. */
const plain = (text) => text.replace(/&(#\d{1,7}|#x[\da-f]{1,6}|\w{2,4});/gi, (whole, name) => {
  if (name[0] !== '#') return ENTITIES[name] ?? whole;
  const code = name[1].toLowerCase() === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : whole;
});
