import '../parts/shell.js';
import '../parts/panel.js';
import '../parts/plane.js';
import '../parts/reach.js';
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
count('#documents', async () => (await get('/health', [503])).checks.find(({ id }) => id === 'knowledge').data.documents);
count('#words', async () => (await get('/v1/stats')).tokens);

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

async function count(id, ask) {
  try {
    document.querySelector(id).textContent = whole(await ask());
  } catch {
    document.querySelector(id).textContent = '–';
  }
}
