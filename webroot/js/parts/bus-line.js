import { report } from './api.js';

const RETRY_FIRST_MS = 1_000;
const RETRY_LAST_MS = 30_000;
const LOOK_MS = 10_000;
const QUIET_MS = 15_000;
const DEAD_MS = 30_000;
const HIDDEN_MS = 60_000;

/**
 * The line to the node's event bus: one WebSocket in the words of the Vert.x bridge. Each address has one listener, who
 * `hear`s every state and is told that it is `lost` when no more will come for now. A line that breaks is opened again
 * after a pause that grows and is never the same for two pages; a page that nobody sees has none.
 */
export class BusLine {
  #listeners = new Map();
  #socket;
  #failures = 0;
  #heardAt = 0;
  #retry;
  #parking;

  constructor() {
    document.addEventListener('visibilitychange', () => {
      clearTimeout(this.#parking);
      if (document.hidden) this.#parking = setTimeout(() => this.#park(), HIDDEN_MS);
      else this.hurry();
    });
    addEventListener('pagehide', () => this.#park());
    addEventListener('pageshow', ({ persisted }) => persisted && this.hurry());
    setInterval(() => this.#look(), LOOK_MS);
  }

  listen(address, listener) {
    this.#listeners.set(address, listener);
    if (this.#open) this.#say('register', address);
    else this.#connect();
  }

  leave(address) {
    this.#listeners.delete(address);
    if (this.#open) this.#say('unregister', address);
  }

  /** Opens the line now, without the rest of the pause. */
  hurry() {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#connect();
  }

  get #open() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  #connect() {
    if (this.#socket || this.#retry || this.#listeners.size === 0) return;
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/eventbus/websocket`);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#heardAt = Date.now();
      report('live', 'Live');
      [...this.#listeners.keys()].forEach((address) => this.#say('register', address));
    };
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data)));
    socket.onclose = () => {
      this.#drop();
      this.#retry = setTimeout(() => this.hurry(), pause(this.#failures++));
    };
    this.#socket = socket;
  }

  #hear({ type, address, body }) {
    this.#heardAt = Date.now();
    this.#failures = 0;
    const listener = this.#listeners.get(address);
    if (type === 'rec') listener?.hear(body);
    else listener?.lost();
  }

  /** A node that vanished does not say so. Who has been quiet for a while is asked for something that it answers at once. */
  #look() {
    if (!this.#open) return;
    const quiet = Date.now() - this.#heardAt;
    if (quiet > DEAD_MS) {
      this.#drop();
      this.hurry();
    } else if (quiet > QUIET_MS) this.#say('register', this.#listeners.keys().next().value);
  }

  #park() {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#drop();
  }

  /** Lets go of the socket, also of one that does not close. */
  #drop() {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = undefined;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this.#listeners.forEach((listener) => listener.lost());
  }

  #say(type, address) {
    if (address) this.#socket.send(JSON.stringify({ type, address }));
  }
}

/** Twice as long after every failure, and somewhere in the upper half of that: pages that lost a node together come back one by one. */
const pause = (failures) => Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2);
