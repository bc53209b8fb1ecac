import '../parts/shell.js';
import '../parts/panel.js';
import '../parts/plane.js';
import '../parts/reach.js';
import { subscribe } from '../live.js';
import { get, post } from '../parts/api.js';
import { whole } from '../parts/dom.js';

const PHRASE = 'hello world, an honest node answers from what it knows';

const form = document.querySelector('#ask');
form.addEventListener('submit', (event) => {
  event.preventDefault();
  try {
    sessionStorage.setItem('skynet.handed', form.querySelector('input').value.trim());
  } catch {
    // Storage is switched off: the chat page opens with an empty composer.
  }
  location.assign('/chat.html');
});

draw();
subscribe('health', ({ value }) => tell('#documents', value?.checks.find(({ id }) => id === 'knowledge')?.data?.documents));
count();

async function draw() {
  const panel = document.querySelector('#plane');
  panel.loading(9);
  try {
    const { tokens } = await post('/v1/encode', { text: PHRASE });
    panel.show(document.createElement('sky-plane').show(tokens));
  } catch (problem) {
    panel.fail(problem, draw);
  }
}

async function count() {
  try {
    tell('#words', (await get('/v1/stats')).tokens);
  } catch {
    tell('#words');
  }
}

function tell(id, number) {
  document.querySelector(id).textContent = number === undefined ? '–' : whole(number);
}
