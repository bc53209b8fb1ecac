import { get } from './api.js';

const DOWN_IS_AN_ANSWER = [503];

tell();

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
  document.querySelectorAll('[data-reach]').forEach((sentence) => { sentence.hidden = level === '–'; });
}
