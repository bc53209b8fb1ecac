import { Problem, post, report } from './api.js';

const PROTOCOL = 'skynet.chat.v1';
const OPEN_WAIT_MS = 1500;
const SILENCE_MS = 60_000;
const STOP_WAIT_MS = 3000;
const RETRY_FIRST_MS = 500;
const RETRY_LAST_MS = 15_000;

/**
 * The line to the node's chat: one WebSocket that reconnects and then reads on where it was cut, and plain HTTP while it
 * cannot open. One question at a time.
 */
export class ChatLink {
  #socket;
  #retries = 0;
  #current;

  constructor() {
    this.#open();
  }

  /**
   * Asks, and calls the listener on the way: `restart()` when the answer is told from its beginning, `route(step, seq)`,
   * `delta(text, seq)`, and `seam(from, seam)`: with a level that one goes on, without it everything from that number on is void. Resolves with the whole reply.
   */
  async ask(question, listener) {
    await this.#opened();
    const reply = this.#socket.readyState === WebSocket.OPEN ? this.#askSocket(question, listener) : this.#askHttp(question);
    return reply.finally(() => { this.#current = undefined; });
  }

  /** Ends the answer at the node, which then tells what there is of it. When it does not, we stop waiting. */
  stop() {
    const current = this.#current;
    if (!current) return;
    const stopped = () => current.reject(new Problem({ title: 'Stopped.', detail: 'You stopped waiting for this answer.' }));
    if (!current.question) {
      stopped();
      return;
    }
    const { message_id: message } = current.question;
    if (this.#socket.readyState === WebSocket.OPEN) this.#send({ type: 'stop', id: 'stop', message_id: message });
    else post(`/api/chat/stream/${message}/stop`, {}).catch(() => {});
    setTimeout(stopped, STOP_WAIT_MS);
  }

  /** Reads no further; the node goes on with the answer and keeps it. */
  leave() {
    const current = this.#current;
    if (!current) return;
    current.reject(new Problem({ title: 'Left.', detail: 'The node goes on with this answer.' }));
    this.#socket.onclose = undefined;
    this.#socket.close();
    this.#open();
  }

  #askSocket(question, listener) {
    return new Promise((resolve, reject) => {
      const id = crypto.randomUUID?.() ?? `${Date.now()}`;
      this.#current = { id, question, listener, resolve, reject };
      this.#sayWhatIsWanted();
    }).finally(() => clearTimeout(this.silence));
  }

  /** Asks, or reads on after the last piece that came. The question has an id, so that asking again begins nothing anew. */
  #sayWhatIsWanted() {
    const { id, question, last } = this.#current;
    this.#listenLonger();
    this.#send(last ? { type: 'resume', id, message_id: question.message_id, last } : { type: 'ask', id, ...question });
  }

  #send(frame) {
    this.#socket.send(JSON.stringify(frame));
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
    const seq = frame.at ? Number(frame.at.split('.')[1]) : 0;
    if (frame.at && frame.type !== 'done') current.last = frame.at;
    if (frame.type === 'begun') current.listener.restart();
    else if (frame.type === 'route') current.listener.route(frame, seq);
    else if (frame.type === 'delta') current.listener.delta(frame.text, seq);
    else if (frame.type === 'seam') current.listener.seam(frame.from, frame);
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
      if (this.#current?.listener) this.#sayWhatIsWanted();
    };
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = () => this.#closed();
  }

  #closed() {
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
