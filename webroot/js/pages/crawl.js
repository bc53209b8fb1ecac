import '../parts/shell.js';
import '../parts/panel.js';
import { get, post, remove } from '../parts/api.js';
import { el, whole } from '../parts/dom.js';

const UNKNOWN = 401;
const DENIED = 403;
const BUSY_MS = 1_000;
const CALM_MS = 10_000;
/** A node that counts many pages for so long is left alone for so many times as long. */
const REST_TIMES = 10;
const TROUBLES_SHOWN = 12;

const [sites, pairs, troubles, begun] = ['#sites', '#pairs', '#troubles', '#begun'].map((id) => document.querySelector(id));
const [words, begin] = ['#words', '#begin'].map((id) => document.querySelector(id));
const time = (text) => new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
let timer;
let seen;

[sites, pairs, troubles].forEach((panel) => panel.loading(2));

/** Looks at the crawler now, and again soon while it works; not while nobody sees the page. */
async function look() {
  clearTimeout(timer);
  let busy = false;
  const began = performance.now();
  let took = 0;
  try {
    const view = await get('/api/crawler');
    took = performance.now() - began;
    seen = Date.now();
    busy = view.sites.some(({ state }) => state !== 'resting');
    present(view);
  } catch (problem) {
    if (closed(problem)) return;
    if (seen) sites.stale(seen);
    else sites.fail(problem, look);
  }
  timer = setTimeout(() => (document.hidden ? document.addEventListener('visibilitychange', look, { once: true }) : look()), Math.max(busy ? BUSY_MS : CALM_MS, REST_TIMES * took));
}

/** Whether the page is not for whoever sees it; then it says so. */
function closed({ status }) {
  if (status !== UNKNOWN && status !== DENIED) return false;
  sites.empty('Sites are looked after by operators of this node.', status === UNKNOWN ? el('p', {}, el('a', { class: 'button', href: '/login.html' }, 'Log in')) : undefined);
  [pairs, troubles].forEach((panel) => panel.empty('For operators.'));
  begin.hidden = true;
  return true;
}

function present(view) {
  const working = view.sites.filter(({ state }) => state === 'crawling').length;
  words.textContent = `${whole(view.indexed)} ${view.indexed === 1 ? 'page' : 'pages'} known${working ? `, ${working} ${working === 1 ? 'site' : 'sites'} being read` : ''}.${view.enabled ? '' : ' This node itself does not crawl.'}`;
  if (view.sites.length === 0) sites.empty('No site yet. Name one below.');
  else sites.show(el('ul', { class: 'rows' }, view.sites.map(row)));
  if (view.troubles.length === 0) troubles.empty('Everything that was found could be read.');
  else troubles.show(el('ul', { class: 'rows' }, view.troubles.slice(0, TROUBLES_SHOWN).map(({ url, why, at }) => el('li', {},
    el('div', {}, el('strong', {}, url), el('div', { class: 'small muted' }, `${why} · ${at ? time(at) : ''}`))))));
}

function row({ site, seed, depth, pages, state, found, fetched, learned, unchanged, next_at: next }) {
  const known = Object.values(found).reduce((sum, count) => sum + count, 0);
  const again = el('button', { type: 'button', 'aria-label': `Look at ${site} again now`, onclick: () => act(again, () => post('/api/crawler/crawl', { url: seed, depth, pages })) }, 'Look again');
  const out = el('button', { type: 'button', 'aria-label': `Take ${site} out`, onclick: () => act(out, () => remove(`/api/crawler/sites/${encodeURIComponent(site)}`)) }, 'Take out');
  return el('li', {},
    el('div', {},
      el('strong', {}, site), ` ${state} `,
      state === 'crawling' ? el('progress', { max: Math.max(known, 1), value: known - found.waiting, 'aria-label': `Progress of ${site}` }) : null,
      el('div', { class: 'small muted' },
        `${whole(found.indexed)} known, ${whole(found.waiting)} waiting, ${whole(found.failed + found.unfit + found.refused)} not read, ${whole(found.gone)} gone · ${whole(fetched)} requests, ${whole(learned)} embedded, ${whole(unchanged)} unchanged${state === 'resting' && next ? ` · next ${time(next)}` : ''}`)),
    state === 'leaving' ? null : el('div', {}, again, ' ', out));
}

async function act(button, work) {
  button.disabled = true;
  try {
    await work();
    await look();
  } catch (problem) {
    button.disabled = false;
    begun.fail(problem);
  }
}

begin.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { url, depth, pages } = Object.fromEntries(new FormData(begin));
  const wanted = { url };
  if (depth) wanted.depth = Number(depth);
  if (pages) wanted.pages = Number(pages);
  try {
    const { site } = await post('/api/crawler/crawl', wanted);
    begun.show(el('p', {}, `${site} is in the queue.`));
    begin.reset();
    await look();
  } catch (problem) {
    begun.fail(problem);
  }
});

async function listPairs() {
  try {
    const { pairs: waiting } = await get('/api/crawler/learn?state=pending');
    if (waiting.length === 0) pairs.empty('Nothing waits for approval.');
    else pairs.show(el('ul', { class: 'rows' }, waiting.map(pair)));
  } catch (problem) {
    if (!closed(problem)) pairs.fail(problem, listPairs);
  }
}

function pair({ id, question, answer, source, proposed_at: at }) {
  const refused = el('sky-panel', { 'aria-live': 'polite' });
  const judge = (verb, label) => {
    const button = el('button', { type: 'button', 'aria-label': `${label}: ${question}`, onclick: async () => {
      button.disabled = true;
      try {
        await post(`/api/crawler/learn/${id}/${verb}`, {});
        await listPairs();
      } catch (problem) {
        button.disabled = false;
        refused.fail(problem);
      }
    } }, label);
    return button;
  };
  return el('li', {},
    el('div', {}, el('strong', {}, question), el('p', {}, answer), el('div', { class: 'small muted' }, `${source ? `${source} · ` : ''}${time(at)}`), refused),
    el('div', {}, judge('approve', 'Approve'), ' ', judge('reject', 'Reject')));
}

await Promise.all([look(), listPairs()]);
