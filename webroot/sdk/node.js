/**
 * A light node: proves that its keys are its own, is given a number and a token, and says from time to time that it is there.
 *
 *     const { token, node } = await register(connection, identity);
 *     const alive = new LightNode(connection.with(token));
 *     alive.start();
 */
import { base64url, utf8 } from './bytes.js';
import { random } from './primitives.js';

/**
 * Registers an identity, or finds it again: the same keys have the same number. `kind` is M (mobile), D (desktop) or S;
 * `mode` heartbeat or compute; `fingerprint` 64 hexadecimal digits about the machine, or nothing.
 */
export async function register(connection, identity, { kind = 'M', mode = 'heartbeat', fingerprint = '', now = Date.now() } = {}) {
  const keys = { ed25519: base64url(identity.ed25519), x_wing: base64url(identity.xWing) };
  if (identity.mlDsa65.length) keys.ml_dsa_65 = base64url(identity.mlDsa65);
  const time = Math.floor(now / 1000);
  const nonce = base64url(random(24));
  const text = proofText({ host: connection.host, kind, mode, time, nonce, fingerprint, keys });
  const { ed25519, mlDsa65 } = await identity.signText(text);
  const body = { class: kind, mode, keys, time, nonce, signature: base64url(ed25519) };
  if (fingerprint) body.fingerprint = fingerprint;
  if (mlDsa65) body.signature_ml_dsa_65 = base64url(mlDsa65);
  return connection.post('/v1/nodes/register', body);
}

/** What a registration signs: ten lines, each ended by a line feed. */
export function proofText({ host, kind, mode, time, nonce, fingerprint, keys }) {
  const lines = ['SKYNET node registration 1', host, kind, mode, time, nonce, fingerprint, keys.ed25519, keys.ml_dsa_65 ?? '', keys.x_wing ?? ''];
  return utf8(lines.map(line => `${line}\n`).join(''));
}

/** Keeps a registered node alive: each heartbeat is told when the next one is due. */
export class LightNode {
  #connection;
  #timer;
  #stopped = true;
  #load;

  /** `connection` carries the node's token; `load` tells its load in percent when asked. */
  constructor(connection, { load = () => 0, beaten = () => {}, failed = () => {} } = {}) {
    this.#connection = connection;
    this.#load = load;
    this.beaten = beaten;
    this.failed = failed;
  }

  /** One heartbeat; gives the milliseconds after which the next one is due. */
  async beat() {
    return (await this.#connection.post('/v1/heartbeat', { load: this.#load() })).next_ms;
  }

  /** From now on it beats by itself, the first time after `millis`. */
  start(millis = 0) {
    this.#stopped = false;
    this.#later(millis);
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Takes the node out of the swarm; its token is good for nothing then. */
  leave(node) {
    this.stop();
    return this.#connection.delete(`/v1/nodes/${node}`);
  }

  #later(millis) {
    this.#timer = setTimeout(async () => {
      let next = 30_000;
      try {
        next = await this.beat();
        this.beaten(next);
      } catch (failure) {
        this.failed(failure);
        if (failure.status === 401 || failure.status === 403) this.stop();
      }
      if (!this.#stopped) this.#later(next);
    }, millis);
    this.#timer.unref?.();
  }
}

/** The members and light nodes, a page of them. */
export const swarm = (connection, query = '') => connection.get(`/v1/swarm${query}`);

/** The public keys of a node, as the swarm knows them. */
export const keysOf = (connection, node) => connection.get(`/v1/keys/${encodeURIComponent(node)}`);
