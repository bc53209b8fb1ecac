import { el } from './dom.js';

const GO = { h: '/', c: '/chat.html', e: '/genom.html', p: '/plane.html', n: '/swarm.html', w: '/crawl.html', k: '/knowledge.html', i: '/inbox.html', s: '/status.html', l: '/levels.html', d: '/docs.html', a: '/account.html' };
const CHORD_MS = 1500;
const SWITCH = 'skynet.keys';
const ROWS = [
  [['g', 'h'], 'Home'], [['g', 'c'], 'Chat'], [['g', 'e'], 'GENOM'], [['g', 'p'], 'The plane'], [['g', 'n'], 'Swarm'], [['g', 'w'], 'Web'],
  [['g', 'k'], 'Knowledge'], [['g', 'i'], 'Inbox'], [['g', 's'], 'Status'], [['g', 'l'], 'Levels'], [['g', 'd'], 'API docs'], [['g', 'a'], 'Account'],
  [['/'], 'Go to the input of this page'], [['?'], 'This sheet'], [['Esc'], 'Close, or stop waiting'],
  [['Enter'], 'Send'], [['Shift', 'Enter'], 'New line'], [['↑'], 'Edit the last question, in an empty composer'],
  [['Alt', 'n'], 'New conversation'], [['Alt', '↑'], 'The conversation above in the list'], [['Alt', '↓'], 'The conversation below'],
];

let goSince = 0;

const typing = (target) => target.closest?.('input, textarea, select, [contenteditable]');

const active = () => {
  try {
    return localStorage.getItem(SWITCH) !== 'off';
  } catch {
    return true;
  }
};

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (!active() || document.querySelector('dialog[open]')) return;
  const chord = Date.now() - goSince < CHORD_MS;
  goSince = 0;
  if (chord && GO[event.key]) location.assign(GO[event.key]);
  else if (event.key === 'g') goSince = Date.now();
  else if (event.key === '/') focusInput(event);
  else if (event.key === '?') showShortcuts();
});

function focusInput(event) {
  const input = document.querySelector('[data-search]');
  if (!input) return;
  event.preventDefault();
  input.focus();
}

/** Opens the list of keys, with the switch that turns the single-letter ones off. */
export function showShortcuts() {
  const toggle = el('input', { type: 'checkbox', checked: active(), onchange: () => remember(toggle.checked) });
  const sheet = el('dialog', { 'aria-label': 'Keyboard shortcuts', onclose: () => sheet.remove() },
    el('header', {}, el('h2', {}, 'Keyboard shortcuts'),
      el('button', { type: 'button', onclick: () => sheet.close() }, 'Close')),
    el('dl', {}, ROWS.flatMap(([keys, words]) => [
      el('dt', {}, keys.flatMap((key, at) => (at ? [' ', el('kbd', {}, key)] : [el('kbd', {}, key)]))),
      el('dd', {}, words)])),
    el('label', {}, toggle, 'Use single-letter shortcuts'));
  document.body.append(sheet);
  sheet.showModal();
}

function remember(on) {
  try {
    localStorage.setItem(SWITCH, on ? 'on' : 'off');
  } catch {
    // Storage is switched off: the shortcuts stay on.
  }
}
