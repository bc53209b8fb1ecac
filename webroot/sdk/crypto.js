/**
 * SKYNET-1: identities, handshakes, sealed frames and sealed messages, as eventbus-codecs/README.md says to the byte.
 *
 *     const channel = await connect(new Connection('http://127.0.0.1:8080'), { pinned: fingerprint, self: identity });
 *     const answer = await channel.say(textFrame('hello'));
 */
import { Refusal, base64url, concat, equal, u32, u64, unbase64url, utf8, view } from './bytes.js';
import { fromPoints, toPoints } from './encoder.js';
import * as primitives from './primitives.js';

export { Refusal } from './bytes.js';
export { providers } from './primitives.js';

/** What is offered unless told otherwise: AES-256-GCM and ChaCha20-Poly1305. */
export const ALL_SUITES = 3;

const VERSION = 1;
const HEAD_BYTES = 1180;
const HEADER_BYTES = 32;
const SEALED_HEADER_BYTES = 1164;
const CONTENT_BYTES_MAX = 32_768;
const REKEY_MILLIS = 600_000;
const REKEY_BYTES = 64 * 1024 * 1024;
const OVERTAKEN_MILLIS = 30_000;
const WINDOW = 1024n;
const SIGNATURE_BYTES = { 0: 0, 1: 64, 3: 3373 };
const KEY_BYTES = { 0: 0, 1: 32, 3: 1984 };
const NOTHING = new Uint8Array(0);

const invalid = message => {
  throw new Refusal('invalid', message);
};
const denied = message => {
  throw new Refusal('denied', message);
};

/** 32 bytes that name signing keys; `mlDsa65` is empty where there is none. */
export const fingerprintOf = ({ ed25519, mlDsa65 = NOTHING }) => primitives.sha256(utf8('SKYNET-1 identity'), ed25519, mlDsa65);

/** What is really signed. */
export function signedBytes(purpose, text) {
  if (!/^[a-z0-9 .-]{1,40}$/.test(purpose)) invalid('purpose: not a name');
  return concat(utf8(`SKYNET-1 ${purpose}\0`), text);
}

/** Whether signatures (64 bytes, or 3,373 with both) of a text hold under keys. */
export async function verify(keys, purpose, text, signatures) {
  const both = signatures.length === 3373;
  if ((!both && signatures.length !== 64) || (both && keys.mlDsa65?.length !== 1952)) return false;
  const message = signedBytes(purpose, text);
  return (await primitives.ed25519Holds(keys.ed25519, message, signatures.slice(0, 64)))
    && (!both || primitives.mlDsa65Holds(keys.mlDsa65, message, signatures.slice(64)));
}

/** Who a client or light node is: keys for signing, and one for messages sealed to it. */
export class Identity {
  #signer;
  #lattice;
  #xWing;

  constructor(signer, lattice, xWing, fingerprint) {
    this.#signer = signer;
    this.#lattice = lattice;
    this.#xWing = xWing;
    this.ed25519 = signer.publicKey;
    this.mlDsa65 = lattice ? lattice.publicKey : NOTHING;
    this.xWing = xWing.publicKey;
    this.fingerprint = fingerprint;
  }

  /** A new one; keep `seeds` secret and safe, they are all there is of it. */
  static async create() {
    const seeds = primitives.random(96);
    return { seeds, identity: await Identity.of(seeds) };
  }

  /** The one of 96 bytes: seeds of Ed25519, ML-DSA-65 and X-Wing. */
  static async of(seeds, { mlDsa65 = true } = {}) {
    if (seeds.length !== 96) invalid(`seeds: ${seeds.length} bytes (expected: 96)`);
    const signer = await primitives.ed25519(seeds.slice(0, 32));
    const lattice = mlDsa65 ? await primitives.mlDsa65(seeds.slice(32, 64)) : null;
    const keys = { ed25519: signer.publicKey, mlDsa65: lattice?.publicKey };
    return new Identity(signer, lattice, await primitives.xWing(seeds.slice(64)), await fingerprintOf(keys));
  }

  /** Which signatures it makes: 1 or 3. */
  get kinds() {
    return this.#lattice ? 3 : 1;
  }

  /** Signatures of a text for a purpose. */
  async sign(purpose, text) {
    const message = signedBytes(purpose, text);
    const first = await this.#signer.sign(message);
    return this.#lattice ? concat(first, await this.#lattice.sign(message)) : first;
  }

  /** Both signatures of a text as it stands; only for texts that begin with their own purpose, such as a registration. */
  async signText(text) {
    if (!new TextDecoder().decode(text.slice(0, 12)).startsWith('SKYNET node ')) invalid('text: without a purpose');
    return { ed25519: await this.#signer.sign(text), mlDsa65: this.#lattice ? await this.#lattice.sign(text) : null };
  }

  /** The secret in a ciphertext that was made for its X-Wing key. */
  openSecret(ciphertext) {
    return this.#xWing.open(ciphertext);
  }
}

/** The client's side of one handshake. */
export class Handshake {
  #node;
  #key;
  #suites;
  #kinds;

  constructor(node, key, suites, kinds, hello) {
    this.#node = node;
    this.#key = key;
    this.#suites = suites;
    this.#kinds = kinds;
    this.hello = hello;
  }

  /**
   * Begins a handshake with `node`: its `number`, `ed25519` and `mlDsa65`. `dice` (64 bytes) only to check vectors.
   */
  static async begin(node, { suites = ALL_SUITES, kinds = 3, now = Date.now(), dice = primitives.random(64) } = {}) {
    const key = await primitives.xWing(dice.slice(0, 32));
    const hello = concat(
      Uint8Array.of(VERSION, suites, kinds, 0), u32(node.number), u64(now), await fingerprintOf(node), dice.slice(32), key.publicKey);
    return new Handshake(node, key, suites, kinds, hello);
  }

  /** Checks the node's reply; gives `confirm`, to be sent, and the `session`, good when the node has taken it. */
  async finish(reply, { self = null, now = Date.now() } = {}) {
    const kinds = reply[2];
    if (reply.length < HEAD_BYTES || !(kinds === 1 || kinds === 3) || reply.length !== HEAD_BYTES + SIGNATURE_BYTES[kinds] + 32) {
      invalid(`reply: ${reply.length} bytes (expected: 1276 or 4585)`);
    }
    if (reply[0] !== VERSION || reply[3] !== 0) invalid(`reply version: ${reply[0]} (expected: 1)`);
    const suite = reply[1];
    if (suite !== 1 && suite !== 2) invalid(`reply suite: ${suite} (expected: 1 or 2)`);
    if (!(this.#suites & suite) || kinds !== this.#kinds) denied('reply: gives less than was asked for');
    const head = reply.slice(0, HEAD_BYTES);
    const signatures = reply.slice(HEAD_BYTES, -32);
    const mac = reply.slice(-32);
    const h0 = await primitives.sha256(utf8('SKYNET-1 handshake'));
    const h2 = await primitives.sha256(await primitives.sha256(h0, this.hello), head);
    if (!(await verify(this.#node, 'node', h2, signatures))) denied('reply signature: does not hold');
    const master = await primitives.extract(h2, await this.#key.open(head.slice(60)));
    const key = label => primitives.expand(master, `SKYNET-1 ${label}`, 32);
    const h3 = await primitives.sha256(h2, signatures);
    if (!equal(await primitives.hmac(await key('confirm node'), h3), mac)) denied('reply MAC: does not hold');
    const confirmHead = self
      ? concat(Uint8Array.of(VERSION, self.kinds, 0, 0), self.ed25519, self.mlDsa65)
      : Uint8Array.of(VERSION, 0, 0, 0);
    const h4 = await primitives.sha256(h3, mac, confirmHead);
    const own = self ? await self.sign('client', h4) : NOTHING;
    const h5 = await primitives.sha256(h4, own);
    const confirm = concat(confirmHead, own, await primitives.hmac(await key('confirm client'), h5));
    const session = new Session({
      id: head.slice(4, 20), suite, client: true, now, end: Number(view(head).getBigUint64(20)),
      sending: await key('traffic client'), receiving: await key('traffic node'),
    });
    return { confirm, session };
  }
}

/** The keys of one direction for a while. */
class Generation {
  static async of(number, suite, secret, since) {
    const made = new Generation();
    [made.number, made.suite, made.secret, made.since, made.used] = [number, suite, secret, since, 0];
    made.key = await primitives.expand(secret, 'SKYNET-1 key', 32);
    made.iv = await primitives.expand(secret, 'SKYNET-1 iv', 12);
    made.turnKey = await primitives.expand(secret, 'SKYNET-1 turn', 32);
    return made;
  }

  async next(now) {
    return Generation.of(this.number + 1, this.suite, await primitives.expand(this.secret, 'SKYNET-1 next', 32), now);
  }

  spent(now, times) {
    return now - this.since >= times * REKEY_MILLIS || this.used >= times * REKEY_BYTES;
  }

  nonce(counter) {
    const nonce = this.iv.slice();
    view(nonce).setBigUint64(4, view(nonce).getBigUint64(4) ^ counter);
    return nonce;
  }

  async seal(header, counter, points) {
    this.used += points.length;
    const rotated = rotate(points, await primitives.turnOf(this.turnKey, u64(counter)));
    return primitives.seal(this.suite, this.key, this.nonce(counter), header, rotated);
  }

  async open(header, counter, sealed) {
    const rotated = await primitives.open(this.suite, this.key, this.nonce(counter), header, sealed);
    this.used += rotated.length;
    return rotate(rotated, -(await primitives.turnOf(this.turnKey, u64(counter))));
  }
}

/** The phase rotation of a point frame by whole steps of a turn divided by 2^20. It protects nothing. */
export function rotate(points, steps) {
  const rotated = points.slice();
  const words = view(rotated);
  for (let at = 24; at + 4 <= rotated.length; at += 4) {
    const word = words.getUint32(at);
    words.setUint32(at, ((word & 0xfff00000) | ((word + steps) & 0xfffff)) >>> 0);
  }
  return rotated;
}

/** What both sides have after a handshake. Frames may be sealed and opened from several places at once. */
export class Session {
  #suite;
  #sends;
  #sending;
  #receiving;
  #before = null;
  #followed = 0;
  #counter = 0n;
  #next = 0n;
  #seen = new Set();
  #line = Promise.resolve();

  /** `sending` and `receiving` are the secrets of the first generation. */
  constructor({ id, suite, client, sending, receiving, now = Date.now(), end = Infinity }) {
    this.id = id;
    this.end = end;
    this.#suite = suite;
    this.#sends = client ? 0 : 1;
    this.#sending = Generation.of(0, suite, sending, now);
    this.#receiving = Generation.of(0, suite, receiving, now);
  }

  /** Its name in paths. */
  get name() {
    return base64url(this.id);
  }

  /** Seals a frame. */
  seal(frame, { now = Date.now() } = {}) {
    return this.#after(async () => {
      let keys = await this.#sending;
      if (keys.spent(now, 1)) {
        keys = await keys.next(now);
        this.#sending = Promise.resolve(keys);
      }
      const counter = this.#counter++;
      const header = concat(Uint8Array.of(VERSION, this.#sends, 0, 0), u32(keys.number), u64(counter), this.id);
      return concat(header, await keys.seal(header, counter, toPoints(frame)));
    });
  }

  /** Opens a message; nothing changes unless it is genuine. */
  open(message, { now = Date.now() } = {}) {
    return this.#after(async () => {
      if (message.length < HEADER_BYTES + 16 || message.length > HEADER_BYTES + CONTENT_BYTES_MAX + 16) {
        invalid(`sealed: ${message.length} bytes (expected: 48 to 32816)`);
      }
      if (message[0] !== VERSION || message[2] !== 0 || message[3] !== 0) invalid(`sealed version: ${message[0]} (expected: 1)`);
      if (message[1] !== 1 - this.#sends) invalid(`sealed direction: ${message[1]} (expected: ${1 - this.#sends})`);
      if (!equal(message.slice(16, 32), this.id)) invalid('sealed session: of another session');
      const counter = view(message).getBigUint64(8);
      if (counter > 1n << 62n) invalid(`sealed counter: ${counter} (expected: 0 to 2^62)`);
      if (counter < this.#next - WINDOW || this.#seen.has(counter)) throw new Refusal('conflict', `sealed counter: ${counter} came before`);
      const keys = await this.#keysOf(view(message).getUint32(4), now);
      if (keys.spent(now, 2)) denied(`sealed generation: ${keys.number} is spent`);
      const points = await keys.open(message.slice(0, HEADER_BYTES), counter, message.slice(HEADER_BYTES));
      this.#mark(counter);
      await this.#follow(keys, now);
      return fromPoints(points);
    });
  }

  #after(work) {
    const done = this.#line.then(work);
    this.#line = done.catch(() => {});
    return done;
  }

  #mark(counter) {
    this.#seen.add(counter);
    if (counter >= this.#next) {
      this.#next = counter + 1n;
      for (const old of this.#seen) if (old < this.#next - WINDOW) this.#seen.delete(old);
    }
  }

  async #keysOf(generation, now) {
    const current = await this.#receiving;
    if (generation === current.number) return current;
    if (generation === current.number + 1) return current.next(now);
    if (this.#before && generation === current.number - 1 && now - this.#followed <= OVERTAKEN_MILLIS) return this.#before;
    return denied(`sealed generation: ${generation} (expected: ${current.number} or the next)`);
  }

  async #follow(keys, now) {
    const current = await this.#receiving;
    if (keys.number <= current.number) return;
    [this.#before, this.#followed] = [current, now];
    this.#receiving = Promise.resolve(keys);
  }
}

/** The keys of the node behind a connection, checked against a fingerprint (32 bytes) where one is known. */
export async function nodeKeys(connection, pinned = null) {
  const told = await connection.get('/v1/handshake');
  const keys = {
    number: told.node,
    ed25519: unbase64url(told.ed25519),
    mlDsa65: unbase64url(told.ml_dsa_65),
    xWing: unbase64url(told.x_wing),
    time: told.time,
  };
  keys.fingerprint = await fingerprintOf(keys);
  if (pinned && !equal(pinned, keys.fingerprint)) denied('node: its keys are not those that were expected');
  if (!(await verify(keys, 'x-wing', keys.xWing, unbase64url(told.x_wing_signatures)))) denied('node: its X-Wing key is not signed by it');
  return keys;
}

/** Shakes hands with the node behind a connection. Without `pinned` it trusts whoever answers; without `self` it is nobody. */
export async function connect(connection, { pinned = null, self = null, suites = ALL_SUITES } = {}) {
  const keys = await nodeKeys(connection, pinned);
  // The node's clock is what counts: a computer whose clock is wrong can shake hands as well.
  const handshake = await Handshake.begin(keys, { suites, now: keys.time });
  const { reply } = await connection.post('/v1/handshake', { hello: base64url(handshake.hello) });
  const { confirm, session } = await handshake.finish(unbase64url(reply), { self });
  const opened = await connection.post(`/v1/handshake/${session.name}/confirm`, { confirm: base64url(confirm) });
  return new Channel(connection, session, keys, opened);
}

/** A session with a node, over HTTP. */
export class Channel {
  #connection;

  constructor(connection, session, node, opened) {
    this.#connection = connection;
    this.session = session;
    this.node = node;
    this.opened = opened;
  }

  /** Says a frame, and gives the node's answer. */
  async say(frame) {
    const sealed = base64url(await this.session.seal(frame));
    const said = await this.#connection.post(`/v1/handshake/${this.session.name}/message`, { sealed });
    return this.session.open(unbase64url(said.sealed));
  }
}

/** Seals content (at most 32,768 bytes) to somebody's X-Wing key, signed by `sender`. `dice` only to check vectors. */
export async function sealMessage(sender, receiver, content, { suite = 1, now = Date.now(), dice } = {}) {
  if (content.length > CONTENT_BYTES_MAX) invalid(`content: ${content.length} bytes (expected: at most ${CONTENT_BYTES_MAX})`);
  const { ciphertext, secret } = await primitives.encapsulate(receiver, dice);
  const header = concat(Uint8Array.of(VERSION, suite, 0, 0), u64(now), await primitives.sha256(receiver), ciphertext);
  const digest = await primitives.sha256(header);
  const signatures = await sender.sign('sealed', concat(digest, await primitives.sha256(content)));
  const inner = concat(Uint8Array.of(sender.kinds), sender.ed25519, sender.mlDsa65, signatures, content);
  const master = await primitives.extract(digest, secret);
  const key = await primitives.expand(master, 'SKYNET-1 sealed key', 32);
  const nonce = await primitives.expand(master, 'SKYNET-1 sealed nonce', 12);
  return concat(header, await primitives.seal(suite, key, nonce, header, inner));
}

/** Opens a message that was sealed to an identity: `sender` (its keys and fingerprint), `time` and `content`. */
export async function openMessage(identity, message) {
  if (message.length < SEALED_HEADER_BYTES + 16) invalid(`sealed message: ${message.length} bytes (expected: more)`);
  const header = message.slice(0, SEALED_HEADER_BYTES);
  const suite = header[1];
  if (header[0] !== VERSION || header[2] !== 0 || header[3] !== 0) invalid(`sealed message version: ${header[0]} (expected: 1)`);
  if (suite !== 1 && suite !== 2) invalid(`sealed message suite: ${suite} (expected: 1 or 2)`);
  if (!equal(header.slice(12, 44), await primitives.sha256(identity.xWing))) invalid('sealed message: for another key');
  const digest = await primitives.sha256(header);
  const master = await primitives.extract(digest, await identity.openSecret(header.slice(44)));
  const key = await primitives.expand(master, 'SKYNET-1 sealed key', 32);
  const nonce = await primitives.expand(master, 'SKYNET-1 sealed nonce', 12);
  const inner = await primitives.open(suite, key, nonce, header, message.slice(SEALED_HEADER_BYTES));
  const kinds = inner[0];
  const signaturesAt = 1 + KEY_BYTES[kinds];
  const contentAt = signaturesAt + SIGNATURE_BYTES[kinds];
  if (!(kinds === 1 || kinds === 3) || inner.length < contentAt || inner.length - contentAt > CONTENT_BYTES_MAX) {
    invalid('sealed message: an inner part that is none');
  }
  const sender = { ed25519: inner.slice(1, 33), mlDsa65: inner.slice(33, signaturesAt) };
  const content = inner.slice(contentAt);
  const signed = concat(digest, await primitives.sha256(content));
  if (!(await verify(sender, 'sealed', signed, inner.slice(signaturesAt, contentAt)))) denied('sealed message signature: does not hold');
  return { sender: { ...sender, fingerprint: await fingerprintOf(sender) }, time: Number(view(header).getBigUint64(4)), content };
}
