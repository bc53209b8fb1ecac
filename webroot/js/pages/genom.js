import '../parts/shell.js';
import '../parts/panel.js';
import '../parts/plane.js';
import '../parts/snippet.js';
import { get, post } from '../parts/api.js';
import { el, whole } from '../parts/dom.js';

const ROWS_MAX = 200;
const [text, encoded, plane] = ['#text', '#encoded', '#plane'].map((id) => document.querySelector(id));
const [word, found] = ['#word', '#found'].map((id) => document.querySelector(id));
let round = 0;
let lookupRound = 0;

document.querySelector('#encode').addEventListener('submit', (event) => {
  event.preventDefault();
  encode();
});
document.querySelector('#lookup').addEventListener('submit', (event) => {
  event.preventDefault();
  lookup(word.value.trim());
});
text.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) encode();
});

encode();
lookup(word.value);

async function encode() {
  const asked = text.value;
  const mine = ++round;
  encoded.loading(6);
  plane.loading(8);
  try {
    const message = await post('/v1/encode', { text: asked });
    const back = await post('/v1/decode', { genom_message: message.genom_message });
    if (mine === round) present(message, asked === back.text);
  } catch (problem) {
    if (mine !== round) return;
    encoded.fail(problem, encode);
    plane.empty('The path of your text appears here.');
  }
}

function present(message, exact) {
  encoded.show(el('div', { class: 'stack' }, facts(message, exact), table(message.tokens), frame(message.genom_message)));
  if (message.tokens.length) plane.show(document.createElement('sky-plane').show(message.tokens.slice(0, ROWS_MAX)));
  else plane.empty('The path of your text appears here.');
}

function facts({ intent, token_count: count, compression_ratio: ratio }, exact) {
  const rows = [
    ['Tokens', whole(count)],
    ['Intent', intent?.name ? `${intent.symbol ?? ''} ${intent.name} ${Math.round(100 * intent.confidence)} %` : 'unknown'],
    ['Frame bytes per text byte', ratio?.toFixed(2) ?? '–'],
    ['Decoded back', el('span', { class: `lamp ${exact ? 'up' : 'down'}` }, exact ? 'exact' : 'differs')],
  ];
  return el('dl', { class: 'facts' }, rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))));
}

function table(tokens) {
  const rows = tokens.slice(0, ROWS_MAX).map((token) => el('tr', {},
    el('td', { class: 'word' }, token.canonical), el('td', {}, el('code', {}, token.token_id)),
    el('td', {}, token.sector), el('td', { class: 'num' }, token.r.toFixed(1)), el('td', { class: 'num' }, token.theta.toFixed(4))));
  const more = tokens.length - rows.length;
  return el('div', { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': 'Tokens' },
    el('table', {},
      el('thead', {}, el('tr', {}, ['Token', 'Id', 'Sector'].map((name) => el('th', { scope: 'col' }, name)),
        ['r', 'θ'].map((name) => el('th', { scope: 'col', class: 'num' }, name)))),
      el('tbody', {}, rows)),
    more > 0 ? el('p', { class: 'small muted' }, `and ${whole(more)} more`) : null);
}

function frame(message) {
  const snippet = el('sky-snippet', {}, message);
  return el('details', {}, el('summary', {}, 'GENOM frame'), snippet);
}

async function lookup(asked) {
  const mine = ++lookupRound;
  if (asked === '') {
    found.empty('Type a word to see where it lies.');
    return;
  }
  found.loading(3);
  try {
    const query = `?word=${encodeURIComponent(asked)}`;
    const [token, near] = await Promise.all([get(`/v1/lookup${query}`), get(`/v1/dictionary/nearest${query}`)]);
    if (mine === lookupRound) found.show(el('div', { class: 'stack' }, card(token), neighbours(near.items, token)));
  } catch (problem) {
    if (mine !== lookupRound) return;
    if (problem.status === 404) found.empty(`"${asked}" is not a token of the dictionary. GENOM still carries it, byte by byte.`);
    else found.fail(problem, () => lookup(asked));
  }
}

function card(token) {
  const rows = [['Word', token.canonical], ['Id', token.token_id], ['Hex', token.hex], ['Sector', token.sector], ['r', token.r.toFixed(1)], ['θ', token.theta.toFixed(4)]];
  return el('dl', { class: 'facts' }, rows.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, `${value}`))));
}

function neighbours(items, token) {
  const words = items.filter(({ canonical }) => canonical !== token.canonical);
  if (!words.length) return null;
  return el('div', {}, el('p', { class: 'small muted' }, 'Nearest on the plane'),
    el('div', { class: 'words' }, words.map(({ canonical, sector }) => el('button', {
      type: 'button', title: sector, onclick: () => { word.value = canonical; lookup(canonical); },
    }, canonical))));
}
