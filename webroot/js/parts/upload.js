import { el } from './dom.js';

const FILES = '.txt,.md,.html,.htm,.csv,.tsv,.pdf,.png,.jpg,.jpeg,.gif,.bmp,.tif,.tiff';
const LONGEST_MS = 900_000;

/** Takes files by choice or by drop, shows how far each is on its way, and says what came of it. */
class Upload extends HTMLElement {
  connectedCallback() {
    this.files = el('input', { type: 'file', multiple: true, accept: FILES, id: 'upload-files', onchange: () => this.take([...this.files.files]) });
    this.collection = el('input', { id: 'upload-collection', maxlength: '64', placeholder: 'main', autocomplete: 'off', pattern: '[A-Za-z0-9][A-Za-z0-9._\\-]*' });
    this.list = el('ul', { class: 'plain rows', 'aria-live': 'polite' });
    this.replaceChildren(
      el('p', { class: 'muted' }, 'Text, Markdown, HTML, CSV and PDF files, and pictures for what they say of themselves; drop them here or choose them. What an operator adds is read by everybody, what a user adds by their own group.'),
      el('div', { class: 'inline' }, el('label', { for: 'upload-collection' }, 'Collection'), this.collection,
        el('label', { class: 'unseen', for: 'upload-files' }, 'Files'), this.files),
      this.list);
    this.addEventListener('dragover', (event) => event.preventDefault());
    this.addEventListener('drop', (event) => { event.preventDefault(); this.take([...event.dataTransfer.files]); });
  }

  async take(files) {
    for (const file of files) {
      const bar = el('progress', { max: '1', value: '0', 'aria-label': `Sending ${file.name}` });
      const words = el('span', { class: 'small muted' }, 'Sending…');
      this.list.prepend(el('li', {}, el('header', {}, el('strong', {}, file.name), el('span', { class: 'spacer' }), words), bar));
      try {
        const taken = await send(file, this.collection.value.trim(), (share) => {
          bar.value = share;
          if (share === 1) words.textContent = 'Reading…';
        });
        words.textContent = said(taken);
        this.dispatchEvent(new CustomEvent('taken', { bubbles: true, detail: taken }));
      } catch (problem) {
        words.textContent = problem.message;
      }
      bar.remove();
    }
    this.files.value = '';
  }
}

function said({ chunks, pages, changed }) {
  const size = pages > 0 ? `${pages} ${pages === 1 ? 'page' : 'pages'}, ` : '';
  return changed ? `Taken: ${size}${chunks} ${chunks === 1 ? 'passage' : 'passages'}.` : 'Nothing has changed in it.';
}

/** Sends one file and tells its share as it goes; fetch cannot tell that. */
function send(file, collection, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const place = new URLSearchParams({ name: file.name, collection });
    request.open('POST', `/api/knowledge/upload?${place}`);
    request.timeout = LONGEST_MS;
    request.responseType = 'json';
    request.setRequestHeader('X-Skynet-Page', '1');
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 1);
    request.onload = () => {
      const { status, response } = request;
      if (status === 200) resolve(response);
      else reject(new Error(status === 401 ? 'Log in to add documents.' : response?.detail ?? `The node answered ${status}.`));
    };
    request.onerror = () => reject(new Error('The node cannot be reached.'));
    request.ontimeout = () => reject(new Error('The node took too long.'));
    request.send(file);
  });
}

customElements.define('sky-upload', Upload);
