const KEY = 'skynet.conversation';
const KEPT_MAX = 40;

/** The conversation of this browser tab, kept while the tab lives so that a look at another page does not lose it. */
export class Conversation {
  constructor() {
    const kept = read();
    this.id = kept.id;
    this.exchanges = kept.exchanges;
    this.pending = kept.pending;
  }

  /** A question that is not answered yet: the node goes on with it when the page is left, and a page that comes back asks for it. */
  wait(question, id) {
    this.pending = { question, id };
    write(this);
  }

  /** It was answered, or failed. */
  settle() {
    this.pending = undefined;
    write(this);
  }

  add(question, reply) {
    this.id = reply.conversation_id ?? this.id;
    this.exchanges = [...this.exchanges, { question, reply }].slice(-KEPT_MAX);
    write(this);
  }

  clear() {
    this.id = undefined;
    this.exchanges = [];
    this.pending = undefined;
    write(this);
  }
}

function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    return { id: kept.id, exchanges: kept.exchanges ?? [], pending: kept.pending };
  } catch {
    return { exchanges: [] };
  }
}

function write({ id, exchanges, pending }) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ id, exchanges, pending }));
  } catch {
    // Storage is full or switched off: the conversation lives as long as the page.
  }
}
