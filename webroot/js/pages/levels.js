import '../parts/shell.js';
import '../parts/panel.js';
import { get } from '../parts/api.js';
import { el, svg, whole } from '../parts/dom.js';

const UNKNOWN = 401;
const DENIED = 403;
const AGAIN_MS = 15_000;
const OUTCOMES = { hit: 'answered', unknown: 'not known', failed: 'failed', stopped: 'stopped' };

/** The scale of the bars ends at so many times what a level may take. */
const SCALE = 2;

const [times, asked, prices] = ['#times', '#asked', '#prices'].map((id) => document.querySelector(id));
const [words, days] = ['#words', '#days'].map((id) => document.querySelector(id));
const money = (amount) => amount.toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: amount < 1 ? 6 : 2 });
let timer;
let timed;
let counted;

times.loading(6);
[asked, prices].forEach((panel) => panel.loading(3));

/** Looks at everything now, and again after a while; not while nobody sees the page. */
async function look() {
  clearTimeout(timer);
  await Promise.all([lookAtTimes(), lookAtSums(), lookAtPrices()]);
  timer = setTimeout(() => (document.hidden ? document.addEventListener('visibilitychange', look, { once: true }) : look()), AGAIN_MS);
}

async function lookAtTimes() {
  try {
    const [{ levels }, { levels: conditions }] = await Promise.all([get('/api/cascade/slo'), get('/api/cascade/levels')]);
    timed = Date.now();
    const there = conditions.filter(({ available }) => available).map(({ level }) => level);
    words.textContent = `${there.join(', ')} ${there.length === 1 ? 'answers' : 'answer'} on this node now.`;
    times.show(el('ul', { class: 'plain levels' }, levels.map((one) => row(one, conditions.find(({ level }) => level === one.level)))));
  } catch (problem) {
    if (closed(times, problem)) return;
    if (timed) times.stale(timed);
    else times.fail(problem, look);
  }
}

/** One level: what it may take, what half of its answers took, and all but one in twenty. */
function row({ level, brand, target_ms: target, answers, p50_ms: half, p95_ms: most, within_target: within }, condition) {
  const known = answers > 0;
  const well = known && most <= target;
  return el('li', { 'data-level': level },
    el('header', {}, el('strong', {}, level), el('span', { class: 'muted small' }, brand), el('span', { class: 'spacer' }),
      known ? el('span', { class: `lamp ${well ? 'up' : 'down'}` }, `${Math.round(within * 100)} % within ${whole(target)} ms`) : el('span', { class: 'muted small' }, `target ${whole(target)} ms`)),
    known ? bar(half, most, target) : null,
    el('p', { class: 'small muted' }, known
      ? `half within ${whole(half)} ms, 95 % within ${whole(most)} ms, of ${whole(answers)} ${answers === 1 ? 'answer' : 'answers'}`
      : 'no answers yet', condition && !condition.available ? ` · ${condition.reason}` : ''));
}

function bar(half, most, target) {
  const end = target * SCALE;
  const wide = (millis) => Math.min(100, (100 * millis) / end);
  return svg('svg', { class: 'span', viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { class: 'track', width: 100, height: 10 }),
    svg('rect', { class: 'fill most', width: wide(most), height: 10 }),
    svg('rect', { class: 'fill', width: wide(half), height: 10 }),
    svg('rect', { class: 'goal', x: 100 / SCALE, width: 0.6, height: 10 }));
}

async function lookAtSums() {
  try {
    const { sums, dropped, waiting } = await get(`/api/cascade/telemetry?days=${days.value}`);
    counted = Date.now();
    if (sums.length === 0) asked.empty('Nothing was asked in these days.');
    else asked.show(facts(sums, dropped, waiting), table(sums));
  } catch (problem) {
    if (closed(asked, problem)) return;
    if (counted) asked.stale(counted);
    else asked.fail(problem, look);
  }
}

const sum = (sums, name) => sums.reduce((all, one) => all + one[name], 0);

function facts(sums, dropped, waiting) {
  const unpriced = sum(sums, 'unpriced');
  return el('dl', { class: 'facts' }, [
    ['Requests', whole(sum(sums, 'requests'))],
    ['Answered', whole(sum(sums.filter(({ outcome }) => outcome === 'hit'), 'requests'))],
    ['Tokens read', whole(sum(sums, 'tokens_in'))],
    ['Tokens given', whole(sum(sums, 'tokens_out'))],
    ['Paid', `${money(sum(sums, 'cost'))}${unpriced ? `, and ${whole(unpriced)} without a price` : ''}`],
    ['Found good', whole(sum(sums, 'praised'))],
    ['Found bad', whole(sum(sums, 'blamed'))],
    dropped ? ['Not written down', whole(dropped)] : null,
    waiting ? ['Still to be written down', whole(waiting)] : null,
  ].filter(Boolean).map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

/** By level and outcome, the days together. */
function table(sums) {
  const rows = new Map();
  for (const one of sums) {
    const key = `${one.level} ${one.outcome}`;
    const row = rows.get(key) ?? { level: one.level, outcome: one.outcome, requests: 0, tokens_in: 0, tokens_out: 0, cost: 0, millis: 0, most: 0, praised: 0, blamed: 0 };
    for (const name of ['requests', 'tokens_in', 'tokens_out', 'cost', 'praised', 'blamed']) row[name] += one[name];
    row.millis += one.mean_ms * one.requests;
    row.most = Math.max(row.most, one.most_ms);
    rows.set(key, row);
  }
  const heads = ['Requests', 'Read', 'Given', 'Paid', 'Mean', 'Longest', 'Good', 'Bad'];
  return el('div', { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': 'By level and outcome' }, el('table', {},
    el('thead', {}, el('tr', {}, ['Level', 'Outcome'].map((name) => el('th', { scope: 'col' }, name)), heads.map((name) => el('th', { scope: 'col', class: 'num' }, name)))),
    el('tbody', {}, [...rows.values()].sort((a, b) => a.level.localeCompare(b.level) || a.outcome.localeCompare(b.outcome)).map((row) => el('tr', {},
      el('td', {}, row.level), el('td', {}, OUTCOMES[row.outcome] ?? row.outcome),
      [whole(row.requests), whole(row.tokens_in), whole(row.tokens_out), money(row.cost), row.requests ? `${whole(Math.round(row.millis / row.requests))} ms` : '–', row.requests ? `${whole(row.most)} ms` : '–', whole(row.praised), whole(row.blamed)]
        .map((value) => el('td', { class: 'num' }, value)))))));
}

async function lookAtPrices() {
  try {
    const { version, since, by, prices: all } = await get('/api/cascade/prices');
    if (all.length === 0) {
      prices.empty('No upstream is set: what this node computes itself costs nothing.');
      return;
    }
    prices.show(
      el('p', { class: 'muted small' }, version === 0 ? 'As the settings say.' : `Version ${version}, set ${new Date(since).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })} by ${by}.`),
      el('div', { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': 'Prices' }, el('table', {},
        el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Upstream'), el('th', { scope: 'col', class: 'num' }, 'Read'), el('th', { scope: 'col', class: 'num' }, 'Given'))),
        el('tbody', {}, all.map(({ upstream, input, output }) => el('tr', {}, el('td', {}, upstream), el('td', { class: 'num' }, money(input)), el('td', { class: 'num' }, money(output))))))));
  } catch (problem) {
    if (!closed(prices, problem)) prices.fail(problem, look);
  }
}

/** Whether a part of the page is not for whoever sees it; then it says so. */
function closed(panel, { status }) {
  if (status !== UNKNOWN && status !== DENIED) return false;
  panel.empty('For operators of this node.', status === UNKNOWN ? el('p', {}, el('a', { class: 'button', href: '/login.html' }, 'Log in')) : undefined);
  return true;
}

days.addEventListener('change', lookAtSums);
look();
