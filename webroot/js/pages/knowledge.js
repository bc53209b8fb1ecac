import '../parts/shell.js';
import '../parts/panel.js';
import '../parts/upload.js';
import { get, post, remove } from '../parts/api.js';
import { plain } from '../parts/citation.js';
import { el, whole } from '../parts/dom.js';

const PAGE = 50;
const CHUNKS = 100;
const EXCERPT_CHARS_MAX = 280;
const [words, hits, collections, documents, viewer, title, viewerWords, chunks, form] =
  ['#words', '#hits', '#collections', '#documents', '#viewer', '#viewer-title', '#viewer-words', '#chunks', '#search'].map((id) => document.querySelector(id));

const asked = new URLSearchParams(location.search);
let collection = asked.get('collection') ?? '';
let listed = [];
/** Who looks: null for guests, who change nothing. */
let me = null;
const knowing = get('/api/auth/me').then((known) => { me = known; }, () => {});

form.addEventListener('submit', (event) => { event.preventDefault(); search(form.elements.question.value.trim()); });
document.addEventListener('taken', () => { shelves(); list(); });
shelves();
list();
model();
if (asked.has('document')) {
  open({ document: asked.get('document'), collection, start: number('start'), end: number('end'), page: number('page'), chunk: chunkOfHash(), shared: asked.get('shared') === 'true' });
}

function number(name) {
  const value = Number(asked.get(name));
  return Number.isInteger(value) && value >= 0 ? value : 0;
}

/** The passage that #chunk=7 names; undefined when it names none. */
function chunkOfHash() {
  const [, value] = /^#chunk=(\d{1,9})$/.exec(location.hash) ?? [];
  return value === undefined ? undefined : Number(value);
}

async function shelves() {
  try {
    const all = (await get('/api/knowledge/collections')).collections;
    const sum = all.reduce((count, one) => count + one.documents, 0);
    words.textContent = `${whole(sum)} ${sum === 1 ? 'document' : 'documents'} in ${all.length} ${all.length === 1 ? 'collection' : 'collections'}.`;
    collections.replaceChildren(choice('', `All (${whole(sum)})`), ...all.map((one) =>
      choice(one.collection, `${one.collection}${one.shared ? '' : ', yours'} (${whole(one.documents)})`)));
  } catch (problem) {
    words.textContent = problem.detail ?? problem.message;
  }
}

/** By which model passages are found; shown when there is something to say, and again every few seconds while it changes. */
async function model() {
  const [card, said, read, trouble] = ['#model', '#model-words', '#model-read', '#model-trouble'].map((id) => document.querySelector(id));
  try {
    const now = await get('/api/knowledge/model');
    const changing = now.state === 'changing';
    card.hidden = !changing && now.change === 0 && now.trouble === '';
    said.textContent = changing
      ? `Passages are found by ${now.finds} until ${now.wanted} has read them: ${whole(now.read)} of ${whole(now.chunks)}.`
      : `Passages are found by ${now.here}.`;
    read.hidden = !changing;
    read.max = Math.max(1, now.chunks);
    read.value = now.read;
    trouble.hidden = now.trouble === '';
    trouble.textContent = now.trouble;
    if (changing) setTimeout(model, 3_000);
  } catch {
    card.hidden = true;
  }
}

function choice(name, label) {
  const button = el('button', { type: 'button', 'aria-pressed': `${name === collection}`, onclick: () => {
    collection = name;
    for (const other of collections.children) other.setAttribute('aria-pressed', `${other === button}`);
    list();
  } }, label);
  return button;
}

async function list() {
  documents.loading(4);
  listed = [];
  await knowing;
  await more();
}

async function more() {
  try {
    const after = listed.at(-1)?.document ?? '';
    const page = (await get(`/api/knowledge/documents?${new URLSearchParams({ after, limit: PAGE, collection })}`)).documents;
    listed.push(...page);
    if (listed.length === 0) {
      documents.empty('No document is here yet. Add some below, or with skynet index PATH.');
      return;
    }
    documents.show(
      el('div', { class: 'scroller' }, el('table', {},
        el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Document'), el('th', { scope: 'col' }, 'Collection'),
          el('th', { scope: 'col', class: 'num' }, 'Passages'), el('th', { scope: 'col', class: 'num' }, 'Pages'), el('th', { scope: 'col' }, el('span', { class: 'unseen' }, 'Act')))),
        el('tbody', {}, listed.map(row)))),
      page.length >= PAGE ? el('button', { type: 'button', onclick: more }, 'More') : '');
  } catch (problem) {
    documents.fail(problem, list);
  }
}

/** Users forget what is their group's, operators what all may read. */
function mayForget(one) {
  return me !== null && me.scopes.includes('knowledge:write') && (!one.shared || me.role !== 'user');
}

function row(one) {
  const forget = mayForget(one) && el('button', { type: 'button', class: 'quiet', 'aria-label': `Forget ${one.document}`, onclick: () => drop(one, forget) }, 'Forget');
  return el('tr', {},
    el('td', { class: 'title' }, el('a', { href: address(one), onclick: (event) => follow(event, one) }, one.title), one.title === one.document ? null : el('span', { class: 'small muted' }, ` ${one.document}`)),
    el('td', {}, one.collection, one.shared ? null : el('span', { class: 'small muted' }, ' yours')),
    el('td', { class: 'num' }, whole(one.chunks)), el('td', { class: 'num' }, one.pages > 0 ? whole(one.pages) : ''), el('td', {}, forget || null));
}

/** Asks once more before it forgets: a second press within the page is the answer. */
async function drop(one, button) {
  if (button.dataset.sure === undefined) {
    button.dataset.sure = '';
    button.textContent = 'Really forget?';
    return;
  }
  button.disabled = true;
  try {
    const place = new URLSearchParams({ collection: one.collection, shared: `${one.shared}` });
    await remove(`/api/knowledge/documents/${path(one.document)}?${place}`);
    listed = listed.filter((other) => other !== one);
    button.closest('tr').remove();
    shelves();
  } catch (problem) {
    button.textContent = problem.status === 401 ? 'Log in first' : problem.detail ?? problem.message;
  }
}

async function search(question) {
  if (question === '') return;
  hits.loading(4);
  try {
    const found = (await post('/api/knowledge/search', { question, collection, k: 10 })).hits;
    if (found.length === 0) hits.empty('No passage was found.');
    else hits.show(el('ol', { class: 'plain rows' }, found.map(hit)));
  } catch (problem) {
    hits.fail(problem, () => search(question));
  }
}

function hit(found) {
  return el('li', {}, el('header', {},
    el('a', { href: address(found), onclick: (event) => follow(event, found) }, found.title),
    el('span', { class: 'small muted' }, found.page > 0 ? `page ${found.page}` : found.collection)),
  el('p', { class: 'small' }, shortened(plain(found.text))));
}

/** What fits two lines, not cut within a word. */
function shortened(text) {
  return text.length > EXCERPT_CHARS_MAX ? `${text.slice(0, text.lastIndexOf(' ', EXCERPT_CHARS_MAX) + 1 || EXCERPT_CHARS_MAX).trimEnd()} …` : text;
}

function path(name) {
  return name.split('/').map(encodeURIComponent).join('/');
}

function address({ document: name, collection: place, start, end, page, shared }) {
  const where = new URLSearchParams({ document: name, collection: place, shared: `${shared === true}` });
  if (end > 0) for (const [key, value] of Object.entries({ start, end, page })) where.set(key, value);
  return `/knowledge.html?${where}`;
}

function follow(event, place) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState({}, '', address(place));
  open(place);
}

/** Shows a document's passages with the cited place marked; reads on until that place is there. */
async function open(place) {
  viewer.hidden = false;
  title.textContent = place.document;
  viewerWords.textContent = '';
  chunks.loading(8);
  const shown = el('div', {});
  try {
    let read = await some(place, 0);
    const wanted = place.chunk ?? -1;
    let all = read.chunks;
    while (all.length < read.all && (all.at(-1).end <= (place.start ?? 0) || all.at(-1).chunk < wanted)) {
      read = await some(place, all.length);
      if (read.chunks.length === 0) break;
      all = all.concat(read.chunks);
    }
    title.textContent = read.title;
    viewerWords.textContent = `${read.document} · ${read.collection} · ${whole(read.all)} ${read.all === 1 ? 'passage' : 'passages'}`;
    shown.append(...all.map((chunk) => passage(chunk, place)));
    const next = el('button', { type: 'button', onclick: () => further(next, shown, place) }, 'More passages');
    next.hidden = all.length >= read.all;
    chunks.show(shown, next);
    const target = shown.querySelector('mark') ?? (wanted < 0 ? title : shown.querySelector(`[data-chunk="${wanted}"]`)) ?? title;
    if (target !== title || !asked.has('document')) target.scrollIntoView({ block: target === title ? 'start' : 'center' });
    title.focus({ preventScroll: true });
  } catch (problem) {
    chunks.fail(problem, () => open(place));
  }
}

function some(place, from) {
  return get(`/api/knowledge/chunks/${path(place.document)}?${new URLSearchParams({ collection: place.collection ?? '', from, limit: CHUNKS, shared: `${place.shared === true}` })}`);
}

async function further(button, shown, place) {
  button.disabled = true;
  try {
    const read = await some(place, shown.children.length);
    shown.append(...read.chunks.map((chunk) => passage(chunk, place)));
    button.hidden = shown.children.length >= read.all;
  } catch (problem) {
    button.textContent = problem.detail ?? problem.message;
  }
  button.disabled = false;
}

/** One passage with its place; what lies between start and end is marked. */
function passage(chunk, { start = 0, end = 0 }) {
  const from = Math.max(start, chunk.start) - chunk.start;
  const to = Math.min(end, chunk.end) - chunk.start;
  const marked = to > from && from < chunk.text.length;
  return el('article', { 'data-chunk': chunk.chunk },
    el('p', { class: 'small muted' }, `Passage ${chunk.chunk + 1} · characters ${whole(chunk.start)} to ${whole(chunk.end)}${chunk.page > 0 ? ` · page ${chunk.page}` : ''}`),
    marked
      ? el('div', { class: 'reading' }, chunk.text.slice(0, from), el('mark', {}, chunk.text.slice(from, to)), chunk.text.slice(to))
      : el('div', { class: 'reading' }, chunk.text));
}

window.addEventListener('popstate', () => location.reload());
window.addEventListener('hashchange', () => {
  const chunk = chunkOfHash();
  if (chunk !== undefined) chunks.querySelector(`[data-chunk="${chunk}"]`)?.scrollIntoView({ block: 'center' });
});
