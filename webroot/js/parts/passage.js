import { get } from './api.js';
import { el } from './dom.js';
import './panel.js';

/** Opens a sheet with the whole document, the cited passage marked and scrolled to. */
export function openPassage(citation) {
  const panel = el('sky-panel');
  const sheet = el('dialog', { class: 'sheet', 'aria-labelledby': 'passage-title', onclose: () => sheet.remove() },
    el('header', {},
      el('div', {}, el('h2', { id: 'passage-title' }, citation.title || citation.document),
        el('p', { class: 'small muted' }, citation.document, citation.page > 0 ? ` · page ${citation.page}` : '', ' · ',
          el('a', { href: place(citation) }, 'all passages'))),
      el('button', { type: 'button', onclick: () => sheet.close() }, 'Close')),
    el('div', { class: 'body', tabindex: '0', 'aria-label': 'Document' }, panel));
  sheet.addEventListener('click', (event) => event.target === sheet && sheet.close());
  document.body.append(sheet);
  sheet.showModal();
  load(panel, citation);
}

/** The page on which the whole document is read passage by passage. */
function place({ document: name, collection, start, end, page, shared }) {
  return `/knowledge.html?${new URLSearchParams({ document: name, collection: collection ?? '', start, end, page: page ?? 0, shared: `${shared === true}` })}`;
}

async function load(panel, citation) {
  panel.loading(9);
  try {
    const { text } = await get(`/api/knowledge/documents/${encodeURIComponent(citation.document)}?${new URLSearchParams({ collection: citation.collection ?? '', shared: `${citation.shared === true}` })}`);
    reveal(panel, text, citation);
  } catch (problem) {
    panel.fail(problem, () => load(panel, citation));
  }
}

function reveal(panel, text, citation) {
  const [start, end] = passage(text, citation);
  if (end === start) {
    panel.show(
      el('p', { class: 'notice warn' }, 'This document changed after the answer was given; the cited passage is no longer in it.'),
      el('div', { class: 'reading' }, text));
    return;
  }
  const mark = el('mark', {}, text.slice(start, end));
  panel.show(el('div', { class: 'reading' }, text.slice(0, start), mark, text.slice(end)));
  mark.scrollIntoView({ block: 'center' });
}

/** Offsets are UTF-16 code units. A passage that moved is found by its words; one that went away is empty. */
function passage(text, { start, end, text: quoted }) {
  if (!quoted || text.slice(start, end) === quoted) return [start, end];
  const moved = text.indexOf(quoted);
  return moved < 0 ? [0, 0] : [moved, moved + quoted.length];
}
