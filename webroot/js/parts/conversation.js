const KEY = 'skynet.conversation';
const KEPT_MAX = 40;

/**
 * The conversation of this browser tab, kept while the tab lives so that a look at another page does not lose it. Where the node
 * keeps conversations for whoever asks, this is only what is shown until it has told them.
 */
export class Conversation {
  constructor() {
    Object.assign(this, read());
  }

  /** A question that is not answered yet: the node goes on with it when the page is left, and a page that comes back asks for it. */
  wait(pending) {
    this.pending = pending;
    this.#write();
  }

  /** It was answered, or failed. */
  settle() {
    this.pending = undefined;
    this.#write();
  }

  /** Keeps an answer; another answer to the same message stands beside the first. */
  add(question, reply, of) {
    this.id = reply.conversation_id ?? this.id;
    const asked = of && this.exchanges.find(({ replies }) => replies[0].message_id === of);
    if (asked) asked.replies.push(reply);
    else this.exchanges = [...this.exchanges, { question, replies: [reply] }].slice(-KEPT_MAX);
    this.#write();
  }

  /** Takes over what the node keeps. */
  open(id, exchanges) {
    this.id = id;
    this.exchanges = exchanges.slice(-KEPT_MAX);
    this.#write();
  }

  /** Something about an answer has changed. */
  save() {
    this.#write();
  }

  /** Whether the node keeps it for somebody; what it kept is not for whoever comes next in this tab. */
  belongs(kept) {
    if (this.kept && !kept) this.clear();
    this.kept = kept;
    this.#write();
  }

  clear() {
    this.id = undefined;
    this.exchanges = [];
    this.pending = undefined;
    this.#write();
  }

  #write() {
    const { id, exchanges, pending, kept } = this;
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ id, exchanges, pending, kept }));
    } catch {
      // Storage is full or switched off: the conversation lives as long as the page.
    }
  }
}

function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    // A page of an earlier release kept one reply of each.
    const exchanges = (kept.exchanges ?? []).map(({ question, reply, replies }) => ({ question, replies: replies ?? [reply] }));
    return { id: kept.id, exchanges, pending: kept.pending, kept: kept.kept };
  } catch {
    return { id: undefined, exchanges: [], pending: undefined, kept: undefined };
  }
}
