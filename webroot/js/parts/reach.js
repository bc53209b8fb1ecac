import { get } from './api.js';

const DOWN_IS_AN_ANSWER = [503];

tell();

const BELOW = [['L0', 'the cache'], ['L1', 'the documents on this node'], ['L2', 'its own models']];

/** How far answers go on a node, in a sentence. */
const reachOf = (level) => (level > 'L2'
  ? `Answers on this node go up to ${level}.`
  : `No upstream model is set: answers come from ${BELOW.filter(([one]) => one <= level).map(([, words]) => words).join(' and ')}.`);

/** Says how far answers go on this node, as the node itself has it. */
async function tell() {
  let level = '–';
  try {
    const { checks = [] } = await get('/health', DOWN_IS_AN_ANSWER);
    level = checks.find((check) => check.id === 'cascade')?.data?.stops_at ?? level;
  } catch {
    // The page's own panels say what is wrong.
  }
  document.querySelectorAll('[data-level]').forEach((place) => { place.textContent = level; });
  document.querySelectorAll('[data-reach]').forEach((sentence) => {
    if (!sentence.querySelector('[data-level]')) sentence.textContent = reachOf(level);
    sentence.hidden = level === '–';
  });
}
