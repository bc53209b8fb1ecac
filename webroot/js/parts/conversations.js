import { get, patch, remove } from './api.js';
import { askConsent, askText } from './dialogs.js';
import { el, icon } from './dom.js';
import { failure } from './panel.js';
import './menu.js';

const HISTORY = '/api/chat/history';
const TYPING_MS = 250;
const DAY_MS = 86_400_000;

/** The conversations of whoever is here: to search, open, rename, keep as a file and delete. Guests are told how to keep theirs. */
export class Conversations extends HTMLElement {
  connectedCallback() {
    this.items = [];
    this.search = el('input', { type: 'search', placeholder: 'Search', 'aria-label': 'Search your conversations', maxlength: '200', oninput: () => this.#typed() });
    this.list = el('nav', { 'aria-label': 'Your conversations' });
    this.replaceChildren(
      el('header', {},
        el('button', { type: 'button', class: 'fresh', onclick: () => this.#tell('fresh') }, icon('plus'), 'New conversation'),
        el('button', { type: 'button', class: 'quiet close', 'aria-label': 'Close the list', onclick: () => this.#tell('closed') }, icon('shut'))),
      this.search, this.list);
    this.search.hidden = true;
  }

  /** Reads the list again. Resolves with whether the node keeps conversations for whoever is here. */
  async refresh() {
    const words = this.search.value.trim();
    const asked = this.asked = {};
    try {
      const page = await get(this.#path(words));
      if (asked !== this.asked) return this.kept;
      this.kept = page.kept;
      this.items = page.conversations;
      this.next = page.next;
      this.#draw(words);
    } catch (problem) {
      if (!this.items.length) this.list.replaceChildren(failure(problem, () => this.refresh()));
    }
    return this.kept;
  }

  /** Marks the conversation that is open. */
  set open(id) {
    this.current = id;
    this.list.querySelectorAll('li').forEach((line) => {
      if (line.dataset.id === id) line.setAttribute('aria-current', 'true');
      else line.removeAttribute('aria-current');
    });
  }

  titleOf(id) {
    return this.items.find((one) => one.conversation_id === id)?.title;
  }

  /** The conversation before or after the open one. */
  beside(step) {
    const at = this.items.findIndex((one) => one.conversation_id === this.current);
    const next = this.items[at < 0 ? 0 : at + step];
    if (next) this.#tell('open', next);
  }

  #path(words, cursor) {
    const query = new URLSearchParams({ ...(words && { q: words }), ...(cursor && { cursor }) }).toString();
    return query ? `${HISTORY}?${query}` : HISTORY;
  }

  #typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), TYPING_MS);
  }

  async #more(button) {
    button.disabled = true;
    const words = this.search.value.trim();
    try {
      const page = await get(this.#path(words, this.next));
      this.items = [...this.items, ...page.conversations];
      this.next = page.next;
      this.#draw(words);
    } catch (problem) {
      button.replaceWith(failure(problem));
    }
  }

  #draw(words) {
    this.search.hidden = !this.kept || (!this.items.length && !words);
    if (!this.kept) {
      this.list.replaceChildren(el('div', { class: 'hint' },
        el('p', {}, 'Log in, and this node keeps your conversations: to find again, to search and to take with you.'),
        el('a', { class: 'button', href: '/login.html' }, 'Log in'),
        el('p', { class: 'small muted' }, 'Without, what you say here can be read again in this tab only, and is deleted from the node after 30 days.')));
      return;
    }
    if (!this.items.length) {
      this.list.replaceChildren(el('p', { class: 'hint muted' }, words ? 'None of your conversations has these words.' : 'What you talk about stands here from now on, for you alone.'));
      return;
    }
    const groups = new Map();
    for (const one of this.items) {
      const name = words ? 'Found' : age(one.said);
      groups.set(name, [...(groups.get(name) ?? []), one]);
    }
    this.list.replaceChildren(
      ...[...groups].map(([name, group]) => el('section', {}, el('h3', {}, name), el('ul', { class: 'plain' }, group.map((one) => this.#line(one, words))))),
      this.next ? el('button', { type: 'button', class: 'quiet small', onclick: ({ currentTarget }) => this.#more(currentTarget) }, 'Show more') : '',
      words ? '' : el('button', { type: 'button', class: 'quiet small all', onclick: () => this.#forgetAll() }, icon('bin'), 'Delete all'));
    this.open = this.current;
  }

  #line(one, words) {
    return el('li', { 'data-id': one.conversation_id },
      el('button', { type: 'button', class: 'quiet open', title: `${one.title}\n${new Date(one.said).toLocaleString()}`, onclick: () => this.#tell('open', one) },
        el('span', { class: 'title' }, one.title || 'Untitled'),
        one.excerpt && one.excerpt !== one.title ? el('span', { class: 'excerpt' }, marked(one.excerpt, words)) : null),
      document.createElement('sky-menu').show(`What to do with "${one.title}"`, 'more', () => actsOn(one, () => this.#changed(one))));
  }

  #changed(one) {
    this.#tell('changed', one);
    return this.refresh();
  }

  #forgetAll() {
    askConsent('Delete all conversations?', 'Every question and every answer of yours is deleted on this node. This cannot be undone.', 'Delete all', async () => {
      await remove(HISTORY);
      this.search.value = '';
      this.items = [];
      this.#tell('gone');
      await this.refresh();
    });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** What can be done with a conversation; `changed` is called when its title has changed or it is gone. */
export function actsOn(one, changed) {
  const path = `${HISTORY}/${one.conversation_id}`;
  return [
    ['Rename', 'pen', () => askText('Rename conversation', one.title, 'Rename', async (title) => {
      one.title = (await patch(path, { title })).title;
      await changed();
    })],
    ['Save as Markdown', 'save', () => download(`${path}/export?format=markdown`)],
    ['Save as JSON', 'save', () => download(`${path}/export?format=json`)],
    ['Delete', 'bin', () => askConsent('Delete this conversation?', `“${one.title}” is deleted on this node with all that was said. This cannot be undone.`, 'Delete', async () => {
      await remove(path);
      one.gone = true;
      await changed();
    })],
  ];
}

function download(href) {
  const link = el('a', { href, download: '' });
  document.body.append(link);
  link.click();
  link.remove();
}

function age(said) {
  const today = new Date().setHours(0, 0, 0, 0);
  const days = Math.ceil((today - new Date(said)) / DAY_MS);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days <= 7) return 'The last 7 days';
  return days <= 30 ? 'The last 30 days' : 'Earlier';
}

const folded = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase();

/** The words that were searched for stand out in an excerpt. */
function marked(text, words) {
  const sought = folded(words).split(/\s+/).filter(Boolean);
  return text.split(/(\s+)/).map((word) => (sought.some((one) => folded(word).replace(/^[^\p{L}\p{N}]+/u, '').startsWith(one)) ? el('mark', {}, word) : word));
}

customElements.define('sky-conversations', Conversations);
