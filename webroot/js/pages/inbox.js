import '../parts/shell.js';
import '../parts/panel.js';
import { get, post } from '../parts/api.js';
import { el } from '../parts/dom.js';

const UNKNOWN = 401;
const NOBODYS = 403;
const WAIT_SECONDS = 15;
const AGAIN_MS = 5_000;
const PAGE = 50;

const [waiting, words] = ['#waiting', '#words'].map((id) => document.querySelector(id));
const messages = new Map();
let cursor = 0;

waiting.loading(3);
follow();

/** Asks for what is there, then waits with the node for what comes, as long as the page is open and seen. */
async function follow() {
  try {
    for (;;) {
      if (document.hidden) await seen();
      const page = await get(`/v1/messages/inbox?after=${cursor}&limit=${PAGE}&wait=${messages.size || cursor ? WAIT_SECONDS : 0}`);
      page.messages.forEach((message) => messages.set(message.message, message));
      if (page.messages.length > 0 || cursor === 0) present();
      if (page.messages.length === 0 && cursor === 0) await new Promise((later) => { setTimeout(later, AGAIN_MS); });
      cursor = page.next;
    }
  } catch (problem) {
    if (problem.status === UNKNOWN || problem.status === NOBODYS) {
      waiting.empty('An inbox belongs to somebody. Log in to see yours.', el('p', {}, el('a', { class: 'button', href: '/login.html' }, 'Log in')));
      words.textContent = '';
    } else {
      waiting.fail(problem, () => { waiting.loading(3); follow(); });
    }
  }
}

const seen = () => new Promise((back) => { document.addEventListener('visibilitychange', back, { once: true }); });

function present() {
  const all = [...messages.values()];
  words.textContent = all.length === 0 ? 'Nothing waits.' : `${all.length} ${all.length === 1 ? 'message waits' : 'messages wait'}.`;
  if (all.length === 0) waiting.empty('Nothing waits for you. Messages appear here as they come.');
  else waiting.show(el('ul', { class: 'plain rows' }, all.map(row)));
}

function row({ message, from, sent, body }) {
  const take = el('button', { type: 'button', onclick: () => out(message, take) }, 'Take out');
  return el('li', {}, el('header', {},
    el('strong', {}, from), el('time', { class: 'muted small', datetime: sent }, new Date(sent).toLocaleString()),
    el('span', { class: 'muted small' }, `${Math.floor(body.length * 3 / 4)} bytes, sealed`), el('span', { class: 'spacer' }), take));
}

async function out(message, button) {
  button.disabled = true;
  try {
    await post(`/v1/messages/${message}/ack`, {});
    messages.delete(message);
    present();
  } catch (problem) {
    button.disabled = false;
    words.textContent = problem.detail ?? problem.message;
  }
}
