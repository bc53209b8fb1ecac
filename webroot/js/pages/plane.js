import '../parts/shell.js';
import '../parts/panel.js';
import '../parts/plane-map.js';
import { get, post } from '../parts/api.js';
import { el, whole } from '../parts/dom.js';
import { failure } from '../parts/panel.js';
import { Points } from '../parts/plane-points.js';
import { sectorArcs, spread } from '../parts/projection.js';

const TYPING_MS = 350;
const PATH_MAX = 200;
const ID = /^T-(\d{7})$/;

const map = document.querySelector('sky-map');
const [state, found, legend, fit] = ['#state', '#found', '#legend', '#fit'].map((id) => document.querySelector(id));
const sentences = [document.querySelector('#first'), document.querySelector('#second')];
const shown = [undefined, undefined];
let points;

open();

/** Loads the plane; asked again after a failure, it goes on with what is still missing. */
async function open() {
  state.hidden = true;
  try {
    if (!points) {
      const stats = await get('/v1/stats');
      points = new Points(stats.tokens);
      points.path = `/v1/dictionary/plane?v=${stats.version}`;
      map.sectors = sectorArcs(stats);
      map.show(points);
    }
    await points.load(points.path, () => map.redraw());
    sentences.forEach((input, kind) => walk(input, kind));
    await map.ready();
  } catch (problem) {
    state.replaceChildren(failure(problem, open));
    state.hidden = false;
  }
}

document.querySelector('#find').addEventListener('submit', async (event) => {
  event.preventDefault();
  const word = document.querySelector('#word').value.trim();
  if (!word) return;
  try {
    const token = await get(`/v1/lookup?word=${encodeURIComponent(word)}`);
    found.textContent = `${token.canonical}: ${token.sector}, r ${token.r.toFixed(1)}, θ ${token.theta.toFixed(4)}.`;
    if (points?.loaded === points?.count) map.flyTo(idOf(token), token.canonical);
    else found.textContent = 'The plane is still loading; search again in a moment.';
  } catch (problem) {
    found.textContent = problem.status === 404 ? `"${word}" is not a token. GENOM carries it byte by byte.` : `${problem.title} ${problem.fix ?? ''}`;
  }
});

sentences.forEach((input, kind) => {
  let typing;
  input.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => walk(input, kind), TYPING_MS);
  });
});

fit.addEventListener('click', () => map.fit(shown.flatMap((path) => path?.points ?? [])));

/** Encodes a sentence and draws it as a path from token to token. */
async function walk(input, kind) {
  const text = input.value.trim();
  if (points?.loaded !== points?.count) return;
  try {
    const { tokens, token_count: count } = text ? await post('/v1/encode', { text }) : { tokens: [], token_count: 0 };
    if (text !== input.value.trim()) return;
    shown[kind] = text ? { kind, text, count, points: tokens.slice(0, PATH_MAX).map(place) } : undefined;
    input.removeAttribute('aria-invalid');
  } catch (problem) {
    shown[kind] = { kind, text, points: [], problem };
  }
  map.paths = shown.filter((path) => path?.points.length);
  explain();
}

function place(token) {
  const words = token.canonical;
  if (ID.test(token.token_id)) return { words, ...map.placeOf(idOf(token)) };
  const distance = spread(token.r);
  return { words, x: distance * Math.cos(token.theta), y: distance * Math.sin(token.theta) };
}

const idOf = (token) => Number(ID.exec(token.token_id)[1]);

function explain() {
  fit.hidden = !shown.some((path) => path?.points.length);
  legend.replaceChildren(...shown.filter(Boolean).map(({ kind, text, count, problem }) => el('li', { class: kind ? 'dashed' : 'solid' },
    el('span', { class: 'line', 'aria-hidden': 'true' }),
    el('span', {}, problem ? `${problem.title} ${problem.detail ?? ''}` : `${short(text)} · ${whole(count)} ${count === 1 ? 'token' : 'tokens'}, ${kind ? 'dashed line, squares' : 'full line, circles'}`))));
}

const short = (text) => (text.length > 48 ? `${text.slice(0, 47)}…` : text);

const phase = document.querySelector('#phase');
phase.addEventListener('input', () => {
  const radians = (Number(phase.value) * Math.PI) / 180;
  document.querySelector('#turned').textContent = `${phase.value}° · ${radians.toFixed(3)} rad`;
  map.phase = radians;
});
