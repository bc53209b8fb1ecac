import { el, icon } from './dom.js';
import { showShortcuts } from './keys.js';

/** Every page there is: path, name, icon. A page that does not exist yet is not listed. A phone shows the first four and "More". */
const PAGES = [
  ['/', 'Home', 'home'],
  ['/chat.html', 'Chat', 'chat'],
  ['/genom.html', 'GENOM', 'genom'],
  ['/plane.html', 'Plane', 'plane'],
  ['/swarm.html', 'Swarm', 'swarm'],
  ['/crawl.html', 'Web', 'web'],
  ['/knowledge.html', 'Knowledge', 'knowledge'],
  ['/inbox.html', 'Inbox', 'inbox'],
  ['/status.html', 'Status', 'status'],
  ['/levels.html', 'Levels', 'levels'],
  ['/docs.html', 'API docs', 'docs'],
  ['/account.html', 'Account', 'account'],
];

const ON_A_PHONE = 4;

const OTHER = { light: 'dark', dark: 'light' };
const systemDark = matchMedia('(prefers-color-scheme: dark)');

/** The top bar: brand, how the node is reached, theme and shortcuts. */
class Top extends HTMLElement {
  connectedCallback() {
    const pill = el('span', { class: 'pill', role: 'status', hidden: true });
    document.addEventListener('node-link', ({ detail }) => {
      pill.hidden = false;
      pill.dataset.state = detail.state;
      if (pill.textContent !== detail.words) pill.textContent = detail.words;
    });
    const theme = el('button', { type: 'button', class: 'quiet', onclick: () => turn(theme) }, icon('theme'));
    name(theme);
    systemDark.addEventListener('change', () => name(theme));
    this.setAttribute('role', 'banner');
    this.replaceChildren(
      el('a', { class: 'brand', href: '/' }, el('img', { src: '/icon.svg', alt: '' }), 'SKYNET'),
      el('span', { class: 'spacer' }),
      pill,
      el('button', { type: 'button', class: 'quiet hide-narrow', 'aria-label': 'Keyboard shortcuts', title: 'Keyboard shortcuts (?)', onclick: showShortcuts }, icon('keys')),
      theme);
  }
}

/** The way between pages: a rail on the left, or a bar at the bottom of a phone. */
class Rail extends HTMLElement {
  connectedCallback() {
    const here = location.pathname.replace(/\.html$/, '').replace(/^\/index$/, '/');
    const links = PAGES.map(([path, words, sign]) =>
      el('a', { href: path, 'aria-current': path.replace('.html', '') === here ? 'page' : undefined }, icon(sign), el('span', {}, words)));
    const rest = links.slice(ON_A_PHONE);
    const more = el('button', { type: 'button', class: 'quiet more', 'aria-expanded': 'false', onclick: () => more.setAttribute('aria-expanded', `${this.classList.toggle('open')}`) },
      icon('more'), el('span', {}, 'More'));
    if (rest.some((link) => link.hasAttribute('aria-current'))) more.classList.add('here');
    this.addEventListener('keydown', ({ key }) => key === 'Escape' && this.classList.contains('open') && more.click());
    this.replaceChildren(el('nav', { 'aria-label': 'Pages' }, links.slice(0, ON_A_PHONE), el('div', { class: 'rest' }, rest), more));
  }
}

const system = () => (systemDark.matches ? 'dark' : 'light');
const shown = () => document.documentElement.dataset.theme ?? system();

/** Turns to the other theme. Where that is the theme of the system, the page follows the system again. */
function turn(button) {
  const next = OTHER[shown()];
  if (next === system()) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem('skynet.theme', document.documentElement.dataset.theme ?? 'system');
  } catch {
    // Storage is switched off: the choice holds for this page only.
  }
  name(button);
  document.dispatchEvent(new CustomEvent('theme-turned'));
}

function name(button) {
  button.setAttribute('aria-label', `Theme: ${shown()}. Change to ${OTHER[shown()]}.`);
  button.title = `Theme: ${shown()}`;
}

customElements.define('sky-top', Top);
customElements.define('sky-rail', Rail);
