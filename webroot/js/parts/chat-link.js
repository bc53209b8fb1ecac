import { Problem, post, report } from './api.js';

const PROTOCOL = 'skynet.chat.v1';
const OPEN_WAIT_MS = 1500;
const SILENCE_MS = 60_000;
const RETRY_FIRST_MS = 500;
const RETRY_LAST_MS = 15_000;

/** The line to the node's chat: one WebSocket that reconnects, and plain HTTP while it cannot open. One question at a time. */
export class ChatLink {
  #socket;
  #retries = 0;
  #current;

  constructor() {
    this.#open();
  }

  /** Asks and calls `listener.route(step)`, `listener.delta(text)` on the way. Resolves with the whole reply. */
  async ask(question, listener) {
    await this.#opened();
    const reply = this.#socket.readyState === WebSocket.OPEN ? this.#askSocket(question, listener) : this.#askHttp(question);
    return reply.finally(() => { this.#current = undefined; });
  }

  /** Stops waiting. What the node still says about the question is not listened to. */
  stop() {
    this.#current?.reject(new Problem({ title: 'Stopped.', detail: 'You stopped waiting for this answer.' }));
  }

  #askSocket(question, listener) {
    return new Promise((resolve, reject) => {
      const id = crypto.randomUUID?.() ?? `${Date.now()}`;
      this.#current = { id, listener, resolve, reject };
      this.#listenLonger();
      this.#socket.send(JSON.stringify({ type: 'ask', id, ...question }));
    }).finally(() => clearTimeout(this.silence));
  }

  #askHttp(question) {
    const cut = new AbortController();
    return new Promise((resolve, reject) => {
      this.#current = { reject: (problem) => { reject(problem); cut.abort(); } };
      post('/api/chat/message', question, cut.signal).then(resolve, reject);
    });
  }

  #hear(frame) {
    const current = this.#current;
    if (!current?.listener || (frame.id && frame.id !== current.id)) return;
    this.#listenLonger();
    if (frame.type === 'route') current.listener.route(frame);
    else if (frame.type === 'delta') current.listener.delta(frame.text);
    else if (frame.type === 'done') current.resolve(frame);
    else if (frame.type === 'error') current.reject(new Problem(frame.problem ?? frame));
  }

  #listenLonger() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.#current?.reject(new Problem({
      title: 'The node went quiet.', detail: `Nothing was heard for ${SILENCE_MS / 1000} s.`, fix: 'Try again.' })), SILENCE_MS);
  }

  #open() {
    report('waiting', this.#retries ? 'Reconnecting…' : 'Connecting…');
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws/chat`, PROTOCOL);
    this.#socket = socket;
    socket.onopen = () => {
      this.#retries = 0;
      report('live', 'Live');
    };
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = () => this.#closed();
  }

  #closed() {
    if (this.#current?.listener) {
      this.#current.reject(new Problem({ title: 'The connection was lost.', detail: 'The node may or may not have answered.', fix: 'Try again; asking twice does no harm.' }));
    }
    const wait = Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** this.#retries) * (0.75 + Math.random() / 2);
    this.#retries += 1;
    report('waiting', 'Reconnecting…');
    setTimeout(() => this.#open(), wait);
  }

  /** Waits until the socket is open or has failed, but not long: HTTP answers meanwhile. */
  #opened() {
    const socket = this.#socket;
    if (socket.readyState !== WebSocket.CONNECTING) return Promise.resolve();
    return new Promise((resolve) => {
      ['open', 'close'].forEach((event) => socket.addEventListener(event, resolve, { once: true }));
      setTimeout(resolve, OPEN_WAIT_MS);
    });
  }
}
