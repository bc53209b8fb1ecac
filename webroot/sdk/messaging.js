/**
 * Messages that only their receiver can open; the node that keeps them sees ciphertext.
 *
 *     const mailbox = new Mailbox(connection.with(token), identity);
 *     await mailbox.send('NOD1000001', utf8('Ahoj'));
 *     for await (const message of mailbox.receive()) console.log(message.from, message.content);
 */
import { Refusal, base64url, equal, unbase64url } from './bytes.js';
import { openMessage, sealMessage } from './crypto.js';
import { keysOf } from './node.js';

/** Longest sealed message that an inbox takes, in bytes. */
export const SEALED_BYTES_MAX = 32_768;

/** The mailbox of a registered node. */
export class Mailbox {
  #connection;
  #identity;
  #keys = new Map();

  /** `connection` carries the node's token. */
  constructor(connection, identity) {
    this.#connection = connection;
    this.#identity = identity;
  }

  /** Seals content to a node's key and sends it. Sent again with the same `id`, it is kept once. */
  async send(to, content, { id = crypto.randomUUID() } = {}) {
    const { xWing } = await this.#keysOf(to);
    if (!xWing) throw new Refusal('invalid', `${to}: has no X-Wing key (expected: one to which messages are sealed)`);
    const sealed = await sealMessage(this.#identity, xWing, content);
    if (sealed.length > SEALED_BYTES_MAX) {
      throw new Refusal('invalid', `content: ${content.length} bytes, sealed ${sealed.length} (expected: at most ${SEALED_BYTES_MAX})`);
    }
    return this.#connection.post('/v1/messages', { to, id, body: base64url(sealed) });
  }

  /**
   * What waits, opened: `message`, `from`, `content`, `sender`, and `proven`, whether it is signed by the keys of `from`. One
   * that cannot be opened has `failure` instead. `wait` is in seconds.
   */
  async inbox({ after, wait = 0, limit = 50, signal } = {}) {
    const query = new URLSearchParams({ wait, limit });
    if (after !== undefined) query.set('after', after);
    const page = await this.#connection.get(`/v1/messages/inbox?${query}`, { signal, timeoutMillis: (wait + 30) * 1000 });
    const messages = [];
    for (const told of page.messages) messages.push(await this.#opened(told));
    return { messages, next: page.next };
  }

  /** Takes a message out of the inbox. */
  ack(message) {
    return this.#connection.post(`/v1/messages/${message}/ack`);
  }

  /** All that comes, one after the other; each is taken out of the inbox when the next one is asked for. */
  async *receive({ signal } = {}) {
    while (!signal?.aborted) {
      const { messages } = await this.inbox({ wait: 30, signal });
      for (const message of messages) {
        yield message;
        await this.ack(message.message);
      }
    }
  }

  async #opened(told) {
    try {
      const { sender, time, content } = await openMessage(this.#identity, unbase64url(told.body));
      const known = await this.#keysOf(told.from).catch(() => null);
      const proven = known !== null && equal(known.ed25519, sender.ed25519)
        && (known.mlDsa65.length === 0 || equal(known.mlDsa65, sender.mlDsa65));
      return { ...told, sender, time, content, proven };
    } catch (failure) {
      return { ...told, failure };
    }
  }

  async #keysOf(node) {
    if (!this.#keys.has(node)) {
      const told = await keysOf(this.#connection, node);
      const bytes = text => unbase64url(text ?? '');
      const xWing = told.x_wing ? bytes(told.x_wing) : null;
      this.#keys.set(node, { ed25519: bytes(told.ed25519), mlDsa65: bytes(told.ml_dsa_65), xWing });
    }
    return this.#keys.get(node);
  }
}
