import '../parts/shell.js';
import '../parts/panel.js';
import '../parts/bars.js';
import { get } from '../parts/api.js';
import { el, whole } from '../parts/dom.js';

const REFRESH_MS = 10_000;
const DOWN_IS_AN_ANSWER = [503];
const NAMES = { I: 'I mind', II: 'II society', III: 'III matter', IV: 'IV change' };

const health = document.querySelector('#health');
const tokens = document.querySelector('#tokens');
const [sectors, quadrants, languages] = ['#sectors', '#quadrants', '#languages'].map((id) => document.querySelector(id));
let seen = 0;

health.loading(5);
refresh();
setInterval(() => document.hidden || refresh(), REFRESH_MS);
measure();

async function refresh() {
  try {
    const state = await get('/health', DOWN_IS_AN_ANSWER);
    seen = Date.now();
    health.show(...verdict(state));
  } catch (problem) {
    if (seen) health.stale(seen);
    else health.fail(problem, refresh);
  }
}

function verdict({ status, checks = [], title, detail }) {
  const failing = checks.filter((check) => check.status !== 'UP');
  const up = status === 'UP';
  const sentence = up ? `All ${checks.length} checks pass.` : failing.length ? `${failing.length} of ${checks.length} checks fail.` : title ?? 'This node is not ready.';
  return [
    el('p', { class: 'verdict' }, el('span', { class: `lamp ${up ? 'up' : 'down'}` }, up ? 'Up' : 'Down'), sentence),
    detail ? el('p', { class: 'muted' }, detail) : '',
    el('ul', { class: 'plain checks' }, checks.map(row)),
  ];
}

function row({ id, status, data }) {
  return el('li', {},
    el('strong', {}, id),
    el('span', { class: `lamp ${status === 'UP' ? 'up' : 'down'}` }, status === 'UP' ? 'Up' : 'Down'),
    data ? el('span', { class: 'data' }, Object.entries(data).map(([name, value]) => `${name} ${shown(value)}`).join(' · ')) : null);
}

const shown = (value) => {
  if (typeof value === 'number') return whole(value);
  return typeof value === 'object' ? JSON.stringify(value) : `${value}`;
};

async function measure() {
  const panels = [tokens, sectors, quadrants, languages];
  panels.forEach((panel) => panel.loading(panel === tokens ? 2 : 4));
  try {
    const stats = await get('/v1/stats');
    tokens.show(el('p', { class: 'big' }, whole(stats.tokens)), el('p', { class: 'muted' }, 'tokens, each with one point on the plane'));
    quadrants.show(bars(Object.fromEntries(Object.entries(stats.quadrants).map(([name, count]) => [NAMES[name] ?? name, count])), { sorted: false }));
    sectors.show(bars(stats.sectors));
    languages.show(bars(stats.languages));
  } catch (problem) {
    tokens.fail(problem, measure);
    [sectors, quadrants, languages].forEach((panel) => panel.empty('No numbers yet.'));
  }
}

const bars = (counts, how) => document.createElement('sky-bars').show(counts, how);
