import '../parts/shell.js';
import '../parts/panel.js';
import { get, post } from '../parts/api.js';
import { askConsent, askText } from '../parts/dialogs.js';
import { el } from '../parts/dom.js';

const UNAUTHENTICATED = 401;
const FORBIDDEN = 403;
const PAGE = 100;
/** The name of a group that was made for a single account. */
const OF_ONE = /^[0-9a-f-]{36}$/;
const ROLES = ['user', 'operator', 'admin'];

const [people, mails, words] = ['#people', '#mails', '#words'].map((id) => document.querySelector(id));
const time = (text) => new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
let me;

[people, mails].forEach((panel) => panel.loading(3));
start();

async function start() {
  try {
    me = await get('/api/auth/me');
  } catch (problem) {
    if (problem.status === UNAUTHENTICATED) location.replace('/login.html');
    else people.fail(problem, start);
    return;
  }
  if (me.role !== 'admin') {
    people.empty('Only administrators see who has an account here.');
    mails.empty('Only administrators read these.');
    return;
  }
  await listPeople();
  offerMails();
}

async function listPeople() {
  try {
    const all = await everybody();
    words.textContent = `${all.length} ${all.length === 1 ? 'account' : 'accounts'}`;
    people.show(el('ul', { class: 'plain rows' }, all.map(row)));
  } catch (problem) {
    people.fail(problem, listPeople);
  }
}

async function everybody() {
  const all = [];
  let page;
  do {
    const after = all.length > 0 ? `&after=${encodeURIComponent(all.at(-1).email)}` : '';
    ({ users: page } = await get(`/api/admin/users?limit=${PAGE}${after}`));
    all.push(...page);
  } while (page.length === PAGE);
  return all;
}

function row(person) {
  const self = person.id === me.id;
  const role = el('select', { 'aria-label': `Role of ${person.email}`, disabled: self, onchange: () => appoint(person, role) },
    ROLES.map((one) => el('option', { value: one, selected: one === person.role }, one)));
  const facts = [OF_ONE.test(person.group) ? 'a group of one' : `group ${person.group}`, person.totp ? 'second factor' : 'no second factor', person.verified ? 'address proved' : 'address not proved', `since ${time(person.made_at)}`];
  return el('li', {},
    el('div', {},
      el('strong', {}, person.email), self ? ' (you)' : '', person.enabled ? '' : el('span', { class: 'small' }, ' · switched off'),
      el('div', { class: 'small muted' }, facts.join(' · '))),
    el('div', { class: 'words' },
      role,
      el('button', { type: 'button', onclick: () => askText(`Group of ${person.email}`, person.group, 'Put there', (group) => proven(() => save(person, { group }))) }, 'Group'),
      person.totp && !self ? el('button', { type: 'button', onclick: () => resetFactor(person) }, 'Take second factor away') : null,
      self ? null : el('button', { type: 'button', onclick: () => turn(person) }, person.enabled ? 'Switch off' : 'Switch on')));
}

/** The list shows what is so, not what is wished for, until the node has said yes. */
function appoint(person, select) {
  const role = select.value;
  select.value = person.role;
  return change(person, { role });
}

async function change(person, wish) {
  try {
    await proven(() => save(person, wish));
  } catch (problem) {
    words.textContent = problem.detail ?? problem.message;
    await listPeople();
  }
}

const turn = (person) => (person.enabled
  ? askConsent(`Switch ${person.email} off?`, 'Their sessions end and their keys are refused at once, on every node. They can be switched on again.', 'Switch off', () => proven(() => save(person, { enabled: false })))
  : change(person, { enabled: true }));

const resetFactor = (person) =>
  askConsent(`Take ${person.email}'s second factor away?`, 'Whoever has the password is in then. Do this when the app and the recovery codes are lost, and you know who asks.', 'Take it away', () => proven(() => save(person, { reset_totp: true })));

async function save({ id }, wish) {
  await post(`/api/admin/users/${encodeURIComponent(id)}`, wish);
  await listPeople();
}

/** Does what needs a second factor shown within five minutes, and asks for it when it was not. */
async function proven(act) {
  try {
    return await act();
  } catch (problem) {
    if (problem.status !== FORBIDDEN || !me.totp) throw problem;
    await showFactor();
    return act();
  }
}

const showFactor = () => new Promise((shown) => {
  askText('A code of your second factor', '', 'Show it', async (code) => {
    await post('/api/auth/proof', { code });
    shown();
  });
});

/** Mails hold what lets people in, so they are read on purpose. */
function offerMails() {
  const read = el('button', { type: 'button', onclick: listMails }, 'Read them');
  mails.show(el('p', {}, me.totp ? read : ['Reading them takes a second factor. ', el('a', { href: '/account.html' }, 'Set one up')]));
}

async function listMails() {
  try {
    const { mails: all } = await proven(() => get('/api/admin/mail'));
    if (all.length === 0) mails.empty('None waits.');
    else mails.show(el('ul', { class: 'plain rows' }, all.map(mail)));
  } catch (problem) {
    mails.fail(problem, listMails);
  }
}

const mail = ({ recipient, subject, text, written_at: written }) => el('li', {},
  el('details', {}, el('summary', {}, el('strong', {}, recipient), ` · ${subject} `, el('span', { class: 'small muted' }, time(written))), el('pre', {}, text)));
