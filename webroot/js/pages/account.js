import '../parts/shell.js';
import '../parts/panel.js';
import '../parts/factor.js';
import { get, post, remove } from '../parts/api.js';
import { el } from '../parts/dom.js';

const UNAUTHENTICATED = 401;
const DAY_MS = 86_400_000;
const panels = Object.fromEntries(['who', 'keys', 'sessions', 'factor', 'made', 'changed'].map((id) => [id, document.querySelector(`#${id}`)]));
const [make, password, scopes, words] = ['#make', '#password', '#scopes', '#words'].map((id) => document.querySelector(id));
const time = (text) => (text ? new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }) : 'never');
let me;

['who', 'keys', 'sessions', 'factor'].forEach((id) => panels[id].loading(2));
async function start() {
  try {
    me = await get('/api/auth/me');
  } catch (problem) {
    if (problem.status === UNAUTHENTICATED) location.replace('/login.html');
    else panels.who.fail(problem, start);
    return;
  }
  present();
  for (const scope of me.scopes) scopes.append(el('label', {}, el('input', { type: 'checkbox', name: 'scope', value: scope }), scope));
  await Promise.all([listKeys(), listSessions()]);
}

function present() {
  words.textContent = `${me.email}, ${me.role}`;
  const prove = el('button', { type: 'button', onclick: () => act('who', () => post('/api/auth/verification', {}), 'A mail is on its way.') }, 'Prove that it is yours');
  panels.who.show(
    el('dl', { class: 'facts' },
      fact('Address', me.email), fact('Role', me.role), fact('Group', me.group), fact('Address proved', me.verified ? 'yes' : 'not yet')),
    el('div', { class: 'words' },
      me.verified ? null : prove,
      me.role === 'admin' ? el('a', { class: 'button', href: '/people.html' }, 'People and mails') : null,
      el('button', { type: 'button', onclick: leave }, 'Log out')));
  if (me.totp) panels.factor.show(el('p', {}, 'Set up. Logging in needs a code, and so does what is dangerous.'), removal());
  else {
    const factor = document.createElement('sky-factor');
    factor.addEventListener('made', refresh);
    panels.factor.show(el('p', { class: 'muted' }, 'None yet: whoever has the password is in. What is dangerous on this node needs one.'), factor);
  }
}

/** Taking the second factor away is dangerous, so it takes a code. */
function removal() {
  const code = el('input', { class: 'digits', required: true, autocomplete: 'one-time-code', maxlength: 20, 'aria-label': 'Code' });
  const refused = el('sky-panel', { 'aria-live': 'polite' });
  const form = el('form', { class: 'fields' }, el('label', {}, 'To remove it, show a code ', code), refused, el('div', {}, el('button', { type: 'submit' }, 'Remove it')));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      await post('/api/auth/proof', { code: code.value.trim() });
      await remove('/api/auth/totp');
      await refresh();
    } catch (problem) {
      refused.fail(problem);
    }
  });
  return form;
}

async function refresh() {
  me = await get('/api/auth/me');
  present();
}

async function listKeys() {
  try {
    const { keys } = await get('/api/keys');
    const good = keys.filter((key) => !key.revoked_at);
    if (good.length === 0) panels.keys.empty('No keys yet. Make one below.');
    else panels.keys.show(el('ul', { class: 'rows' }, good.map(key)));
  } catch (problem) {
    panels.keys.fail(problem, listKeys);
  }
}

const key = ({ id, name, hint, scopes: allowed, expires_at: expires, used_at: used }) => el('li', {},
  el('div', {},
    el('strong', {}, name), ' ', el('code', {}, `${hint}…`),
    el('div', { class: 'small muted' }, `${allowed.join(', ')} · until ${expires ? time(expires) : 'it is revoked'} · last used ${time(used)}`)),
  el('button', { type: 'button', 'aria-label': `Revoke ${name}`, onclick: () => act('keys', () => remove(`/api/keys/${id}`)).then(listKeys) }, 'Revoke'));

make.addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = new FormData(make);
  const days = form.get('days');
  const wanted = { name: form.get('name'), scopes: form.getAll('scope') };
  if (days) wanted.expires_at = new Date(Date.now() + days * DAY_MS).toISOString();
  try {
    const made = await post('/api/keys', wanted);
    panels.made.show(el('div', { class: 'notice' },
      el('p', {}, 'This is the key. It is not shown again.'),
      el('code', { class: 'once', id: 'key', tabindex: 0 }, made.key),
      el('button', { type: 'button', onclick: () => navigator.clipboard.writeText(made.key) }, 'Copy')));
    make.elements.name.value = '';
    await listKeys();
  } catch (problem) {
    panels.made.fail(problem);
  }
});

async function listSessions() {
  try {
    const { sessions } = await get('/api/auth/sessions');
    panels.sessions.show(el('ul', { class: 'rows' }, sessions.map(session)));
  } catch (problem) {
    panels.sessions.fail(problem, listSessions);
  }
}

const session = ({ id, agent, address, begun_at: begun, seen_at: seen, browser, current }) => el('li', {},
  el('div', {},
    el('strong', {}, current ? 'This browser' : browser ? 'A browser' : 'A program'), ` at ${address}`,
    el('div', { class: 'small muted' }, `${agent || 'no name'} · since ${time(begun)} · seen ${time(seen)}`)),
  current ? null : el('button', { type: 'button', onclick: () => act('sessions', () => remove(`/api/auth/sessions/${id}`)).then(listSessions) }, 'End it'));

password.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { current, password: next, keep_keys: kept } = Object.fromEntries(new FormData(password));
  try {
    await post('/api/auth/password', { current, password: next, keep_keys: kept === 'on' });
    panels.changed.show(el('p', {}, `Changed. Every other session has ended, and every key is ${kept ? 'as it was' : 'revoked'}.`));
    password.reset();
    await listSessions();
    await listKeys();
  } catch (problem) {
    panels.changed.fail(problem);
  }
});

async function act(panel, work, said) {
  try {
    await work();
    if (said) words.textContent = said;
  } catch (problem) {
    panels[panel].fail(problem);
    throw problem;
  }
}

async function leave() {
  await act('who', () => post('/api/auth/logout', {}));
  sessionStorage.removeItem('skynet.conversation');
  location.assign('/login.html');
}

const fact = (name, value) => el('div', {}, el('dt', {}, name), el('dd', {}, value));

await start();
