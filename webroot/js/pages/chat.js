import '../parts/shell.js';
import '../parts/exchange.js';
import { ChatLink } from '../parts/chat-link.js';
import { Conversation } from '../parts/conversation.js';
import '../parts/reach.js';

const MESSAGE_LENGTH_MAX = 4000;
const NEAR_BOTTOM_PX = 160;

const thread = document.querySelector('#thread');
const column = thread.querySelector('.column');
const welcome = document.querySelector('#welcome');
const form = document.querySelector('#composer');
const input = form.querySelector('textarea');
const send = document.querySelector('#send');
const stop = document.querySelector('#stop');
const fresh = document.querySelector('#fresh');

const conversation = new Conversation();
const link = new ChatLink();
let waiting = false;

input.maxLength = MESSAGE_LENGTH_MAX;
conversation.exchanges.forEach(({ question, reply }) => begin(question).done(reply));
thread.scrollTop = thread.scrollHeight;
input.focus();

form.addEventListener('submit', (event) => {
  event.preventDefault();
  submit(input.value.trim());
});
input.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === 'ArrowUp' && input.value === '' && conversation.exchanges.length) {
    event.preventDefault();
    input.value = conversation.exchanges.at(-1).question;
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && waiting && !document.querySelector('dialog[open]')) link.stop();
});
stop.addEventListener('click', () => link.stop());
fresh.addEventListener('click', startOver);
document.querySelectorAll('#suggestions button').forEach((button) =>
  button.addEventListener('click', () => submit(button.textContent)));

const handed = takeHanded();
if (conversation.pending) run(conversation.pending.question, begin(conversation.pending.question), conversation.pending.id);
else if (handed) submit(handed);

function submit(question) {
  if (waiting || question === '') return;
  input.value = '';
  run(question, begin(question));
}

function begin(question) {
  welcome.hidden = true;
  fresh.hidden = false;
  const exchange = document.createElement('sky-exchange').ask(question);
  column.append(exchange);
  return exchange;
}

/** One message has one id, however often it is sent: the node then stores and answers it once. */
async function run(question, exchange, id = messageId()) {
  busy(true);
  conversation.wait(question, id);
  thread.scrollTop = thread.scrollHeight;
  try {
    const reply = await link.ask({ message: question, message_id: id, conversation_id: conversation.id }, {
      restart: () => exchange.restart(),
      route: (step, seq) => following(() => exchange.route(step, seq)),
      delta: (text, seq) => following(() => exchange.delta(text, seq)),
      seam: (from) => following(() => exchange.seam(from)),
    });
    following(() => exchange.done(reply));
    if (exchange.isConnected) conversation.add(question, reply);
  } catch (problem) {
    following(() => exchange.fail(problem, () => again(question, exchange, id)));
  } finally {
    conversation.settle();
    busy(false);
    input.focus();
  }
}

function again(question, exchange, id) {
  if (waiting) return;
  run(question, exchange.ask(question), id);
}

/** A random UUID; crypto.randomUUID exists only where the page came over HTTPS or from this machine. */
function messageId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Keeps the end of the thread in view while it grows, unless the reader scrolled away from it. */
function following(change) {
  const near = thread.scrollHeight - thread.scrollTop - thread.clientHeight < NEAR_BOTTOM_PX;
  change();
  if (near) thread.scrollTop = thread.scrollHeight;
}

function busy(now) {
  waiting = now;
  send.hidden = now;
  stop.hidden = !now;
}

function startOver() {
  link.stop();
  conversation.clear();
  column.querySelectorAll('sky-exchange').forEach((exchange) => exchange.remove());
  welcome.hidden = false;
  fresh.hidden = true;
  input.focus();
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
