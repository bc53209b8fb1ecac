import '../parts/shell.js';
import '../parts/panel.js';
import '../parts/bars.js';
import '../parts/days.js';
import '../parts/sparkline.js';
import { refresh, subscribe } from '../live.js';
import { get } from '../parts/api.js';
import { lasting } from '../parts/days.js';
import { el, whole } from '../parts/dom.js';
import { QUADRANTS } from '../parts/projection.js';

const WHAT = {
  postgres: 'the database, where every fact is kept',
  disk: 'the room for what is kept',
  dictionary: 'the million tokens',
  knowledge: 'the documents and their search',
  cascade: 'the levels that answer',
  bus: 'the words between the rooms',
  grpc: 'the door for programs',
  cluster: 'the links to the other nodes',
  compute: 'the work of light nodes',
};

const [verdict, parts] = ['#verdict', '#parts'].map((id) => document.querySelector(id));
const [tokens, sectors, quadrants, languages] = ['#tokens', '#sectors', '#quadrants', '#languages'].map((id) => document.querySelector(id));
const now = document.querySelector('#now');
let open = false;
let history;
let recalled;
let drawn;
let recalling = false;
let last;

verdict.loading(1);
parts.loading(8);
now.empty('Figures are shown here as soon as the node tells them.');
subscribe('status', ({ value, at, problem }) => {
  if (value) arrived(value);
  if (problem && value) [verdict, parts].forEach((panel) => panel.stale(at));
  else if (problem) {
    verdict.fail(problem, () => refresh('status'));
    parts.empty('The parts are shown here as soon as the node answers.');
  }
});
subscribe('metrics', ({ value }) => figures(value));
measure();

/** The bus tells what is; the past is asked for once, and again when a part changes its mind or the day does. */
function arrived(status) {
  if (status.days) [history, recalled] = [status, day()];
  else if (outdated(status)) recall();
  if (!history) return;
  status.parts.forEach((part) => remember(past(part), part.pace));
  present({ ...status, parts: status.parts.map((part) => ({ ...part, days: past(part)?.days ?? [] })) });
}

/** The step that is not over replaces what was known of it; a new one follows the others. */
function remember(known, pace) {
  if (!known?.paces || !pace) return;
  if (known.paces.at(-1)?.from === pace.from) known.paces.pop();
  known.paces.push(pace);
  known.paces.splice(0, known.paces.length - history.paces);
}

const past = ({ part }) => history?.parts.find((known) => known.part === part);

const day = () => new Date().toISOString().slice(0, 10);

const outdated = ({ parts: seen }) => !history || recalled !== day() || seen.some((part) => past(part)?.status !== part.status);

async function recall() {
  if (recalling) return;
  recalling = true;
  try {
    arrived(await get('/v1/status'));
  } catch (problem) {
    if (!history) verdict.fail(problem, () => refresh('status'));
  } finally {
    recalling = false;
  }
}

function figures({ uptime_seconds: uptime, heap_bytes_used: used, heap_bytes_max: most, requests }) {
  const rate = last && requests !== undefined && uptime > last.uptime ? (requests - last.requests) / (uptime - last.uptime) : undefined;
  last = { uptime, requests };
  now.show(el('dl', { class: 'facts' }, [
    ['Requests answered', requests === undefined ? '–' : whole(requests)],
    ['A second', rate === undefined ? '–' : rate.toFixed(1)],
    ['Memory', `${whole(Math.round(used / 2 ** 20))} of ${whole(Math.round(most / 2 ** 20))} MiB`],
  ].map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value)))));
}

function present(status) {
  const well = status.parts.every((part) => part.status === 'UP') && !status.draining;
  anew(verdict, [
    el('p', { class: 'verdict' }, lamp(well, well ? 'Up' : 'Trouble'), `${status.sentence}.`),
    el('p', { class: 'muted' }, `NOD${status.node} · release ${status.release} · running for ${lasting(Math.max(0, Math.round((Date.now() - Date.parse(status.since)) / 1000)))}`)]);
  const seen = JSON.stringify([status.parts.map(({ part, status: state, cause, days }) => [part, state, cause, days]), day()]);
  if (seen !== drawn || parts.dataset.state !== 'ready') draw(status);
  drawn = seen;
  status.parts.forEach((part) => {
    const line = parts.querySelector(`sky-sparkline[data-part="${CSS.escape(part.part)}"]`);
    if (part.ms !== undefined) line.show(part.part, part.ms, past(part)?.paces ?? [], history.pace_seconds, history.paces);
  });
}

function draw(status) {
  parts.show(
    el('ul', { class: 'plain parts' }, status.parts.map((part) => row(part, history.days, Date.now()))),
    el('p', { class: 'small muted key' },
      el('span', { class: 'up' }, 'worked'), el('span', { class: 'down' }, 'did not work'), el('span', { class: 'none' }, 'no data: nobody watched')),
    table(status.parts));
}

/** Shows what reads differently than before, so that nothing is read aloud twice. */
function anew(panel, nodes) {
  const words = nodes.map((node) => node.textContent).join('\n');
  const before = [...panel.children].map((node) => node.textContent).join('\n');
  if (words !== before) panel.show(...nodes);
}

function row({ part, status, cause, days }, count, today) {
  return el('li', {},
    el('header', {}, el('strong', {}, part), el('span', { class: 'muted small' }, WHAT[part] ?? ''), el('span', { class: 'spacer' }), lamp(status === 'UP', status === 'UP' ? 'Up' : 'Down')),
    cause ? el('p', { class: 'small' }, cause) : null,
    el('div', { class: 'past' }, document.createElement('sky-days').show(part, days, count, today), el('sky-sparkline', { 'data-part': part })));
}

/** The same figures to read and to copy. */
function table(all) {
  const rows = all.flatMap(({ part, days }) => days.map((day) => el('tr', {},
    el('td', {}, day.day), el('td', {}, part), el('td', { class: 'num' }, lasting(day.up)), el('td', { class: 'num' }, lasting(day.down)))));
  const details = el('details', { open }, el('summary', {}, 'Show as table'),
    el('div', { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': 'Days' }, el('table', {},
      el('thead', {}, el('tr', {}, ['Day (UTC)', 'Part'].map((name) => el('th', { scope: 'col' }, name)), ['Worked', 'Did not'].map((name) => el('th', { scope: 'col', class: 'num' }, name)))),
      el('tbody', {}, rows))));
  details.addEventListener('toggle', () => { open = details.open; });
  return details;
}

const lamp = (well, words) => el('span', { class: `lamp ${well ? 'up' : 'down'}` }, words);

async function measure() {
  const panels = [tokens, sectors, quadrants, languages];
  panels.forEach((panel) => panel.loading(panel === tokens ? 2 : 4));
  try {
    const stats = await get('/v1/stats');
    tokens.show(el('p', { class: 'big' }, whole(stats.tokens)), el('p', { class: 'muted' }, 'tokens, each with one point on ', el('a', { href: '/plane.html' }, 'the plane')));
    quadrants.show(bars(Object.fromEntries(Object.values(stats.quadrants).map((count, at) => [QUADRANTS[at], count])), { sorted: false }));
    sectors.show(bars(stats.sectors));
    languages.show(bars(stats.languages));
  } catch (problem) {
    tokens.fail(problem, measure);
    [sectors, quadrants, languages].forEach((panel) => panel.empty('No numbers yet.'));
  }
}

const bars = (counts, how) => document.createElement('sky-bars').show(counts, how);
