import '../parts/shell.js';
import '../parts/panel.js';
import { post } from '../parts/api.js';

const UNAUTHENTICATED = 401;
const [form, title, words, refused, go, others, register, forgot] =
  ['#enter', '#title', '#words', '#refused', '#go', '#others', '#register', '#forgot'].map((id) => document.querySelector(id));

/** What the form can do: its title, the words of its button, its fields, and what happens then. */
const ACTS = {
  login: { title: 'Log in', button: 'Log in', fields: ['email', 'password'], autocomplete: 'current-password', path: '/api/auth/login', cookie: true, then: leave },
  register: { title: 'Make an account', button: 'Make it', fields: ['email', 'password'], autocomplete: 'new-password', path: '/api/auth/register', cookie: true, then: leave },
  forgot: { title: 'Forgotten password', button: 'Send a mail', fields: ['email'], path: '/api/auth/reset', then: () => say('If there is such an account, a mail is on its way. Without a mail server an administrator reads it on the node.') },
  reset: { title: 'A new password', button: 'Set it', fields: ['password'], autocomplete: 'new-password', path: '/api/auth/reset/confirm', then: () => { turn('login'); say('The password is set. Log in with it.'); } },
};

const [purpose, token] = location.hash.slice(1).split('=');
let act;

// The token of a mail is good once; it does not stay in the address.
if (token) history.replaceState(null, '', location.pathname);
turn(purpose === 'reset' ? 'reset' : 'login');
if (purpose === 'verify') verify();

register.addEventListener('click', () => turn(act === ACTS.register ? 'login' : 'register'));
forgot.addEventListener('click', () => turn(act === ACTS.forgot ? 'login' : 'forgot'));
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  refused.loading(1);
  go.disabled = true;
  try {
    await post(act.path, body());
    refused.show();
    if (act.cookie) sessionStorage.removeItem('skynet.conversation');
    act.then();
  } catch (problem) {
    const factor = problem.status === UNAUTHENTICATED && problem.detail?.startsWith('second factor');
    if (factor && field('code').hidden) ask();
    else refused.fail(problem);
  } finally {
    go.disabled = false;
  }
});

function body() {
  const values = Object.fromEntries([...new FormData(form)].filter(([name, value]) => value && !field(name).hidden));
  if (act.cookie) values.cookie = true;
  if (act === ACTS.reset) values.token = token;
  return values;
}

/** The password was right; the account has a second factor. */
function ask() {
  refused.show();
  field('code').hidden = false;
  say('Now the code that your authenticator shows.');
  form.elements.code.focus();
}

function turn(name) {
  act = ACTS[name];
  title.textContent = act.title;
  go.textContent = act.button;
  register.textContent = act === ACTS.register ? 'Log in instead' : 'Make an account';
  forgot.textContent = act === ACTS.forgot ? 'Log in instead' : 'Forgotten password';
  others.hidden = act === ACTS.reset;
  say('');
  refused.show();
  for (const input of form.querySelectorAll('input')) {
    const used = act.fields.includes(input.name);
    field(input.name).hidden = !used;
    input.disabled = !used && input.name !== 'code';
  }
  if (act.autocomplete) form.elements.password.autocomplete = act.autocomplete;
  form.elements[act.fields[0]].focus();
}

async function verify() {
  try {
    await post('/api/auth/verify', { token });
    say('The address is proved to be yours.');
  } catch (problem) {
    refused.fail(problem);
  }
}

function field(name) {
  return form.querySelector(`[data-for="${name}"]`);
}

function say(text) {
  words.textContent = text;
}

function leave() {
  location.assign('/account.html');
}
