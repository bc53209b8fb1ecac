import '../parts/shell.js';
import '../parts/factor.js';
import { post } from '../parts/api.js';

const [make, who, factor, done, step, refused, later] =
  ['#make', '#who', '#factor', '#done', '#step', '#refused', '#later'].map((id) => document.querySelector(id));

make.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { token, email, password } = Object.fromEntries(new FormData(make));
  refused.loading(1);
  try {
    await post('/api/setup', { token, email, password, cookie: true });
    turn(factor, who, 'Step 2 of 3: a second factor.');
  } catch (problem) {
    refused.fail(problem);
  }
});
factor.querySelector('sky-factor').addEventListener('made', finish);
later.addEventListener('click', finish);

function finish() {
  turn(done, factor, 'Step 3 of 3: done.');
}

function turn(next, last, words) {
  last.hidden = true;
  next.hidden = false;
  step.textContent = words;
  next.querySelector('button, a')?.focus();
}
