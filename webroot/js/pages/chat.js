import '../parts/shell.js';
import '../parts/exchange.js';
import '../parts/models.js';
import '../parts/reach.js';
import { get } from '../parts/api.js';
import { ChatLink } from '../parts/chat-link.js';
import { Conversation } from '../parts/conversation.js';
import { actsOn } from '../parts/conversations.js';
import { failure } from '../parts/panel.js';

const MESSAGE_LENGTH_MAX = 16_000;
const NEAR_BOTTOM_PX = 160;
const AT_END_PX = 2;
const SAID_CHARS_MAX = 400;
const ABSENT = 404;

/** An answer that was asked for so lately may still be on its way. */
const COMING_MS = 600_000;

const [thread, welcome, form, send, stop, list, title, acts, model, voice, open] =
  ['#thread', '#welcome', '#composer', '#send', '#stop', '#conversations', '#title', '#acts', '#model', '#voice', '#open']
    .map((id) => document.querySelector(id));
const column = thread.querySelector('.column');
const input = form.querySelector('textarea');

const conversation = new Conversation();
const link = new ChatLink();
let waiting = false;
let loading;
let follows = true;
let wasAt = 0;

input.maxLength = MESSAGE_LENGTH_MAX;
draw(conversation.exchanges);
toEnd();
thread.addEventListener('scroll', look);
new ResizeObserver(() => {
  look();
  if (waiting && follows) toEnd();
}).observe(column);
input.focus();

form.addEventListener('submit', (event) => {
  event.preventDefault();
  submit(input.value.trim());
});
input.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === 'ArrowUp' && !event.altKey && input.value === '' && conversation.exchanges.length) {
    event.preventDefault();
    input.value = conversation.exchanges.at(-1).question;
  }
});
document.addEventListener('keydown', (event) => {
  if (document.querySelector('dialog[open]')) return;
  if (event.key === 'Escape' && document.body.classList.contains('listing')) turnList(false);
  else if (event.key === 'Escape' && waiting) link.stop();
  else if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    event.preventDefault();
    list.beside(event.key === 'ArrowUp' ? -1 : 1);
  } else if (event.altKey && event.key.toLowerCase() === 'n') {
    event.preventDefault();
    startOver();
  }
});
stop.addEventListener('click', () => link.stop());
open.addEventListener('click', () => turnList(!document.body.classList.contains('listing')));
document.querySelector('#fresh').addEventListener('click', startOver);
document.querySelector('.talk').addEventListener('click', ({ target }) => !open.contains(target) && turnList(false), true);
list.addEventListener('closed', () => turnList(false));
list.addEventListener('fresh', startOver);
list.addEventListener('open', ({ detail }) => load(detail.conversation_id));
list.addEventListener('gone', startOver);
list.addEventListener('changed', ({ detail }) => changed(detail));
document.querySelectorAll('#suggestions button').forEach((button) =>
  button.addEventListener('click', () => submit(button.textContent)));
column.addEventListener('again', ({ target, detail }) => regenerate(target.closest('sky-exchange'), detail.model));
column.addEventListener('opinion', () => conversation.save());
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && !waiting && catchUp());

const handed = takeHanded();
const { pending } = conversation;
if (pending) {
  const exchange = pending.of ? exchangeOf(pending.of) : undefined;
  run(exchange ?? begin(pending.question), pending);
} else if (handed) submit(handed);
catchUp();

/** Asks the node for the list, and for what was said in this conversation meanwhile, perhaps in another tab. */
async function catchUp() {
  const kept = await list.refresh();
  if (kept === undefined) return;
  conversation.belongs(kept);
  if (!conversation.id && !waiting) draw(conversation.exchanges);
  head();
  if (kept && conversation.id && !waiting) load(conversation.id);
}

function submit(question) {
  if (waiting || question === '') return;
  input.value = '';
  run(begin(question), { question, id: messageId(), model: model.value });
}

function begin(question) {
  welcome.hidden = true;
  const exchange = document.createElement('sky-exchange').ask(question);
  column.append(exchange);
  return exchange;
}

function regenerate(exchange, wanted) {
  if (waiting) return;
  run(exchange, { question: exchange.question, id: messageId(), of: exchange.message, model: wanted });
}

const exchangeOf = (message) => [...column.querySelectorAll('sky-exchange')].find((one) => one.message === message);

/** One message has one id, however often it is sent: the node then stores and answers it once. */
async function run(exchange, wanted) {
  busy(true);
  conversation.wait(wanted);
  const answer = exchange.begin(wanted.id);
  if (wanted.of) answer.scrollIntoView({ block: 'nearest' });
  else toEnd();
  try {
    const reply = await link.ask(words(wanted), {
      restart: () => answer.restart(),
      route: (step, seq) => following(() => answer.route(step, seq)),
      delta: (text, seq) => following(() => answer.delta(text, seq)),
      seam: (from, seam) => following(() => answer.seam(from, seam)),
    });
    following(() => exchange.done(answer, reply, conversation.kept));
    if (exchange.isConnected) {
      conversation.add(wanted.question, reply, wanted.of);
      announce(reply);
    }
  } catch (problem) {
    following(() => answer.fail(problem, () => again(exchange, wanted)));
  } finally {
    conversation.settle();
    busy(false);
    input.focus({ preventScroll: true });
    if (conversation.kept) list.refresh().then(head);
  }
}

function words({ question, id, of, model: chosen }) {
  const asked = { message_id: id, explain: true, ...(chosen && { model: chosen }) };
  return of ? { ...asked, regenerate: of } : { ...asked, message: question, conversation_id: conversation.id };
}

function again(exchange, wanted) {
  if (!waiting) run(exchange, wanted);
}

/** Tells those who listen instead of looking, once and not word by word. */
function announce({ answer, brand, citations = [] }) {
  const sources = citations.length ? `, ${citations.length} ${citations.length === 1 ? 'source' : 'sources'}` : '';
  voice.textContent = `${brand}${sources}: ${answer.slice(0, SAID_CHARS_MAX)}`;
}

/** Reads a conversation from the node, all its pages, and shows it. */
async function load(id) {
  if (waiting) link.leave();
  turnList(false);
  const asked = loading = {};
  const other = conversation.id !== id;
  list.open = id;
  try {
    const messages = [];
    let cursor;
    do {
      const page = await get(`/api/chat/history/${id}${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`);
      if (asked !== loading || (!other && waiting)) return;
      messages.push(...page.messages);
      cursor = page.next;
    } while (cursor);
    const before = JSON.stringify(conversation.exchanges.map(signature));
    const exchanges = messages.map(({ message, answers }) => ({ question: message, replies: answers }));
    conversation.open(id, exchanges);
    if (other || before !== JSON.stringify(exchanges.map(signature))) {
      draw(exchanges);
      toEnd();
    }
    head();
    const last = exchanges.at(-1)?.replies[0];
    if (last && last.answer === undefined && Date.now() - new Date(last.asked) < COMING_MS && !waiting) {
      run(column.querySelector('sky-exchange:last-of-type'), { question: exchanges.at(-1).question, id: last.message_id });
    }
  } catch (problem) {
    if (problem.status === ABSENT) startOver();
    else if (other) column.append(failure(problem, () => load(id)));
  }
}

const signature = ({ replies }) => replies.map(({ message_id: id, answer, rating = 'none' }) => [id, answer, rating]);

function draw(exchanges) {
  column.querySelectorAll('sky-exchange, .notice.bad').forEach((one) => one.remove());
  welcome.hidden = exchanges.length > 0;
  exchanges.forEach(({ question, replies }) => {
    const exchange = begin(question);
    for (const reply of replies) {
      const answer = exchange.begin(reply.message_id);
      if (reply.answer === undefined) answer.missing(() => again(exchange, { question, id: reply.message_id, of: reply === replies[0] ? undefined : replies[0].message_id }));
      else exchange.done(answer, reply, conversation.kept);
    }
  });
  head();
}

/** The title of what is open, and what can be done with it. */
function head() {
  const { id, kept } = conversation;
  const words = list.titleOf(id) ?? conversation.exchanges[0]?.question;
  title.textContent = words ?? 'New conversation';
  list.open = id;
  acts.hidden = !(id && kept);
  const one = { conversation_id: id, title: words ?? '' };
  if (id && kept) acts.show('What to do with this conversation', 'more', () => actsOn(one, () => { changed(one); return list.refresh().then(head); }));
}

function changed(one) {
  if (one.gone && one.conversation_id === conversation.id) startOver();
  else if (one.conversation_id === conversation.id) title.textContent = one.title;
}

/** Keeps the end of the thread in view while it grows, unless the reader scrolled away from it. */
function following(change) {
  look();
  change();
  if (follows) toEnd();
}

function toEnd() {
  thread.scrollTop = thread.scrollHeight;
  wasAt = thread.scrollTop;
  follows = true;
}

/** Who scrolls up leaves the end, and who scrolls down to it is back; what only grew, however much at once, changes nothing. */
function look() {
  const below = thread.scrollHeight - thread.scrollTop - thread.clientHeight;
  if (thread.scrollTop < wasAt) follows = below < AT_END_PX;
  else if (thread.scrollTop > wasAt && below < NEAR_BOTTOM_PX) follows = true;
  wasAt = thread.scrollTop;
}

function busy(now) {
  waiting = now;
  send.hidden = now;
  stop.hidden = !now;
}

function startOver() {
  link.leave();
  loading = undefined;
  conversation.clear();
  draw([]);
  turnList(false);
  input.focus();
}

/** On a narrow screen the list lies over the conversation. */
function turnList(shown) {
  const lies = shown && getComputedStyle(open).display !== 'none';
  const was = document.body.classList.contains('listing');
  document.body.classList.toggle('listing', lies);
  open.setAttribute('aria-expanded', `${lies}`);
  if (lies) list.querySelector('.fresh').focus();
  else if (was && list.contains(document.activeElement)) open.focus();
}

/** A random UUID; crypto.randomUUID exists only where the page came over HTTPS or from this machine. */
function messageId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** A question typed on the home page. */
function takeHanded() {
  try {
    const question = sessionStorage.getItem('skynet.handed');
    sessionStorage.removeItem('skynet.handed');
    return question;
  } catch {
    return null;
  }
}
