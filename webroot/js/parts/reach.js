import { get } from './api.js';

const DOWN_IS_AN_ANSWER = [503];

const BELOW = { L0: 'the cache', L1: 'the documents', L2: 'its own model' };

/** How far answers go on a node, in a sentence. */
function reachOf(level) {
  if (level > 'L2') return `Answers on this node go up to ${level}.`;
  const words = Object.entries(BELOW).filter(([one]) => one <= level).map(([, name]) => name);
  return `No upstream model: answers come from ${[words.slice(0, -1).join(', '), words.at(-1)].filter(Boolean).join(' and ')}.`;
}

/** Says how far answers go on this node, as the node itself has it. */
async function tell() {
  let level = '–';
  try {
    const { checks = [] } = await get('/health', DOWN_IS_AN_ANSWER);
    level = checks.find((check) => check.id === 'cascade')?.data?.stops_at ?? level;
  } catch {
    // The page's own panels say what is wrong.
  }
  document.querySelectorAll('dd[data-level]').forEach((place) => { place.textContent = level; });
  document.querySelectorAll('[data-reach]').forEach((sentence) => {
    sentence.textContent = reachOf(level);
    sentence.hidden = level === '–';
  });
}

tell();
