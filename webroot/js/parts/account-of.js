import { el } from './dom.js';

const OUTCOMES = { hit: 'answered', miss: 'no answer', skipped: 'skipped', unavailable: 'not available' };
const DEPTH_MAX = 4;

/** How an answer came about: the levels that were tried, what each of them gave, and why they were chosen. */
export function accountOf(reply) {
  return el('div', { class: 'account' },
    table('Levels tried', ['Level', 'Outcome', 'ms', 'Why'],
      (reply.route ?? []).map(({ level, outcome, ms, reason }) => [level, OUTCOMES[outcome] ?? outcome, outcome === 'skipped' ? '' : Math.round(ms), reason ?? ''])),
    table('Who gave the text', ['Level', 'By', 'Tokens read', 'Tokens given', 'ms'],
      (reply.segments ?? []).map(({ level, upstream, model, tokens_in: read, tokens_out: given, ms, estimated }) =>
        [level, [upstream, model].filter(Boolean).join(', ') || 'this node', tokens(read, estimated), tokens(given, estimated), Math.round(ms)])),
    reply.explain ? el('section', {}, el('h3', {}, 'Why this level'), facts(reply.explain, 0)) : null);
}

/** The tokens of an answer in a few words; empty where nobody counted any. */
export function tokensOf({ segments = [] }) {
  const given = segments.reduce((sum, { tokens_out: one }) => sum + one, 0);
  return given ? `${tokens(given, segments.some(({ estimated }) => estimated))} tokens` : '';
}

const tokens = (count, estimated) => `${estimated && count ? '≈ ' : ''}${Number(count).toLocaleString()}`;

function table(title, heads, rows) {
  if (!rows.length) return null;
  const numeric = (value) => (typeof value === 'number' || /^(≈ )?[\d.,\s]+$/.test(value) ? 'num' : undefined);
  return el('section', {}, el('h3', {}, title),
    el('div', { class: 'scroller', tabindex: '0' }, el('table', {},
      el('thead', {}, el('tr', {}, heads.map((head, at) => el('th', { class: numeric(rows[0][at]) }, head)))),
      el('tbody', {}, rows.map((row) => el('tr', {}, row.map((value) => el('td', { class: numeric(value) }, `${value}`))))))));
}

/** Whatever the router tells, name by name; it decides itself what that is. */
function facts(value, depth) {
  if (value === null || typeof value !== 'object') return document.createTextNode(typeof value === 'number' ? `${Math.round(value * 1000) / 1000}` : `${value}`);
  if (depth >= DEPTH_MAX) return el('code', {}, JSON.stringify(value));
  if (Array.isArray(value)) {
    return value.every((one) => typeof one !== 'object')
      ? document.createTextNode(value.join(', ') || '–')
      : el('ul', {}, value.map((one) => el('li', {}, facts(one, depth + 1))));
  }
  return el('dl', {}, Object.entries(value).flatMap(([name, one]) => [el('dt', {}, name.replaceAll('_', ' ')), el('dd', {}, facts(one, depth + 1))]));
}
