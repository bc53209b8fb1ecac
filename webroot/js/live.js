import { get } from './parts/api.js';
import { BusLine } from './parts/bus-line.js';

const EVERY_MS = 15_000;
const FIRST_WAIT_MS = 1_000;
const DOWN_IS_AN_ANSWER = [503];

/** What can be watched: its address on the browser bus, and where the same is asked for while no socket can be opened. */
const TOPICS = {
  status: { address: 'ui.status', path: '/v1/status' },
  health: { address: 'ui.health', path: '/health' },
  members: { address: 'ui.swarm.members', path: '/api/cluster/members' },
  swarm: { address: 'ui.swarm.nodes', path: '/v1/swarm?limit=200' },
  metrics: { address: 'ui.metrics' },
};

const line = new BusLine();
const running = new Map();

/**
 * Watches a topic until the returned function is called. The handler hears `{ value, at }` for every state, and
 * `{ problem, value, at }` when the node did not answer: value and at (ms since 1970) are then the last good ones, or
 * undefined. States come over the browser bus when they change; while it does not bring any, the topic is asked for every
 * now and then. However many watch a topic, it is listened to once; a hidden page asks nothing.
 */
export function subscribe(topic, handler) {
  if (!running.has(topic)) running.set(topic, new Topic(TOPICS[topic]));
  return running.get(topic).join(handler);
}

/** Asks for a topic now, for instance because somebody pressed "Try again". */
export function refresh(topic) {
  line.hurry();
  running.get(topic)?.ask();
}

document.addEventListener('visibilitychange', () => document.hidden || running.forEach((topic) => topic.poll()));

/** One topic: its last state, who listens, and one question at a time. */
class Topic {
  constructor({ address, path }) {
    this.address = address;
    this.path = path;
    this.handlers = new Set();
    this.last = undefined;
    this.fed = false;
    this.asking = false;
  }

  join(handler) {
    this.handlers.add(handler);
    if (this.last) handler(this.last);
    if (this.handlers.size === 1) {
      line.listen(this.address, this);
      this.first = setTimeout(() => this.poll(), FIRST_WAIT_MS);
      this.timer = setInterval(() => document.hidden || this.poll(), EVERY_MS);
    }
    return () => {
      this.handlers.delete(handler);
      if (this.handlers.size > 0) return;
      line.leave(this.address);
      clearTimeout(this.first);
      clearInterval(this.timer);
    };
  }

  /** The line brought a state. */
  hear(value) {
    this.fed = true;
    this.tell({ value, at: Date.now() });
  }

  /** The line brings nothing more for now. */
  lost() {
    this.fed = false;
    if (!document.hidden) this.ask();
  }

  /** Asks unless the line brings it. */
  poll() {
    if (!this.fed) this.ask();
  }

  async ask() {
    if (this.asking || !this.path) return;
    this.asking = true;
    try {
      const value = await get(this.path, DOWN_IS_AN_ANSWER);
      if (!this.fed) this.tell({ value, at: Date.now() });
    } catch (problem) {
      if (!this.fed) this.tell({ problem, value: this.last?.value, at: this.last?.at });
    } finally {
      this.asking = false;
    }
  }

  tell(news) {
    this.last = news;
    this.handlers.forEach((handler) => handler(news));
  }
}
