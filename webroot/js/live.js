import { get } from './parts/api.js';

/** What can be watched, where it is asked for and how often. The browser bus may bring the same topics without asking. */
const TOPICS = {
  status: { path: '/v1/status', everyMs: 10_000 },
  members: { path: '/api/cluster/members', everyMs: 5_000 },
};

const running = new Map();

/**
 * Watches a topic until the returned function is called. The handler hears `{ value, at }` for every answer, and
 * `{ problem, value, at }` when the node did not answer: value and at (ms since 1970) are then the last good ones, or
 * undefined. However many watch a topic, it is asked for once; a hidden page asks nothing.
 */
export function subscribe(topic, handler) {
  if (!running.has(topic)) running.set(topic, new Topic(TOPICS[topic]));
  return running.get(topic).join(handler);
}

/** Asks for a topic now, for instance because somebody pressed "Try again". */
export const refresh = (topic) => running.get(topic)?.ask();

document.addEventListener('visibilitychange', () => document.hidden || running.forEach((topic) => topic.ask()));

/** One topic: its last answer, who listens, and one question at a time. */
class Topic {
  constructor({ path, everyMs }) {
    this.path = path;
    this.everyMs = everyMs;
    this.handlers = new Set();
    this.last = undefined;
    this.asking = false;
  }

  join(handler) {
    this.handlers.add(handler);
    if (this.last) handler(this.last);
    if (this.handlers.size === 1) {
      this.timer = setInterval(() => document.hidden || this.ask(), this.everyMs);
      this.ask();
    }
    return () => {
      this.handlers.delete(handler);
      if (this.handlers.size === 0) clearInterval(this.timer);
    };
  }

  async ask() {
    if (this.asking) return;
    this.asking = true;
    try {
      this.tell({ value: await get(this.path), at: Date.now() });
    } catch (problem) {
      this.tell({ problem, value: this.last?.value, at: this.last?.at });
    } finally {
      this.asking = false;
    }
  }

  tell(news) {
    this.last = news;
    this.handlers.forEach((handler) => handler(news));
  }
}
