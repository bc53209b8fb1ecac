/**
 * The primitives, by the platform where it has them and by the vendored library where it does not. X-Wing is here, as
 * draft-connolly-cfrg-xwing-kem-06 says.
 */
import { sha3_256, shake256 } from './vendor/noble-sha3.js';
import { Refusal, concat, utf8, view } from './bytes.js';

const PKCS8_X25519 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20);
const PKCS8_ED25519 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);
const XWING_LABEL = Uint8Array.of(0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c);
const ML_KEM = { name: 'ML-KEM-768' };
const ML_DSA = { name: 'ML-DSA-65' };

let forced = false;
const known = new Map();

/** For tests: from now on the vendored library does what it can. */
export function preferVendored(yes) {
  forced = yes;
  known.clear();
}

const noble = () => import('./vendor/noble.js');

function subtle() {
  const found = globalThis.crypto?.subtle;
  if (!found) throw new Error('crypto.subtle: missing (expected: a page from https or localhost, or Node.js 20)');
  return found;
}

/** Random bytes. */
export const random = length => globalThis.crypto.getRandomValues(new Uint8Array(length));

/** Whether the platform does something, tried once. */
function native(name, attempt) {
  if (forced) return Promise.resolve(false);
  if (!known.has(name)) known.set(name, Promise.resolve().then(attempt).then(() => true, () => false));
  return known.get(name);
}

const nativeKem = () => native('kem', () => tellsPublic(ML_KEM, ['encapsulateBits', 'decapsulateBits']));
const nativeMlDsa = () => native('mldsa', () => tellsPublic(ML_DSA, ['sign', 'verify']));
const nativeEd25519 = () => native('ed25519', () => subtle().generateKey({ name: 'Ed25519' }, true, ['sign', 'verify']));
const nativeX25519 = () => native('x25519', () => subtle().generateKey({ name: 'X25519' }, true, ['deriveBits']));
const nativeChaCha = () => native('chacha', () =>
  subtle().importKey('raw-secret', new Uint8Array(32), { name: 'ChaCha20-Poly1305' }, false, ['encrypt']));

/** A private key tells its public half only as a JSON web key. */
async function tellsPublic(algorithm, uses) {
  const pair = await subtle().generateKey(algorithm, true, uses);
  const { pub } = await subtle().exportKey('jwk', pair.privateKey);
  if (!pub) throw new Error('no public half');
}

/** Who does what here: `webcrypto` or `vendored`. */
export async function providers() {
  const name = async yes => ((await yes) ? 'webcrypto' : 'vendored');
  return {
    mlKem768: await name(nativeKem()),
    mlDsa65: await name(nativeMlDsa()),
    ed25519: await name(nativeEd25519()),
    x25519: await name(nativeX25519()),
    chaCha20Poly1305: await name(nativeChaCha()),
  };
}

export const sha256 = async (...parts) => new Uint8Array(await subtle().digest('SHA-256', concat(...parts)));

export async function hmac(key, message) {
  const hash = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await subtle().importKey('raw', key, hash, false, ['sign']);
  return new Uint8Array(await subtle().sign('HMAC', imported, message));
}

export const extract = (salt, input) => hmac(salt.length ? salt : new Uint8Array(32), input);

/** HKDF-Expand for a label in ASCII, or for bytes. */
export async function expand(key, label, length) {
  const info = typeof label === 'string' ? utf8(label) : label;
  let out = new Uint8Array(0), block = new Uint8Array(0);
  for (let number = 1; out.length < length; number++) {
    block = await hmac(key, concat(block, info, Uint8Array.of(number)));
    out = concat(out, block);
  }
  return out.slice(0, length);
}

/** Ciphertext and tag, by suite 1 (AES-256-GCM) or 2 (ChaCha20-Poly1305). */
export async function seal(suite, key, nonce, header, plain) {
  if (suite === 2 && !(await nativeChaCha())) return (await noble()).chacha20poly1305(key, nonce, header).encrypt(plain);
  const [imported, algorithm] = await aead(suite, key, nonce, header, 'encrypt');
  return new Uint8Array(await subtle().encrypt(algorithm, imported, plain));
}

/** The plaintext; refuses what is not exactly what was sealed. */
export async function open(suite, key, nonce, header, sealed) {
  try {
    if (suite === 2 && !(await nativeChaCha())) return (await noble()).chacha20poly1305(key, nonce, header).decrypt(sealed);
    const [imported, algorithm] = await aead(suite, key, nonce, header, 'decrypt');
    return new Uint8Array(await subtle().decrypt(algorithm, imported, sealed));
  } catch {
    throw new Refusal('denied', 'tag: does not fit (expected: a message sealed with this key)');
  }
}

async function aead(suite, key, nonce, header, use) {
  const name = suite === 1 ? 'AES-GCM' : 'ChaCha20-Poly1305';
  const imported = await subtle().importKey(suite === 1 ? 'raw' : 'raw-secret', key, { name }, false, [use]);
  return [imported, { name, iv: nonce, additionalData: header, tagLength: 128 }];
}

/** The key pair of X-Wing of a seed of 32 bytes: `publicKey` (1,216), and `open(ciphertext)`, which gives the secret. */
export async function xWing(seed) {
  if (seed.length !== 32) throw new Refusal('invalid', `X-Wing seed: ${seed.length} bytes (expected: 32)`);
  const expanded = shake256(seed, { dkLen: 96 });
  const lattice = await latticeKey(expanded.slice(0, 64));
  const scalar = expanded.slice(64);
  const point = await x25519Public(scalar);
  const publicKey = concat(lattice.publicKey, point);
  return {
    publicKey,
    async open(ciphertext) {
      if (ciphertext.length !== 1120) throw new Refusal('invalid', `X-Wing ciphertext: ${ciphertext.length} bytes (expected: 1120)`);
      const first = await lattice.open(ciphertext.slice(0, 1088));
      const theirs = ciphertext.slice(1088);
      return combine(first, await agree(scalar, theirs), theirs, point);
    },
  };
}

/** A secret for the owner of an X-Wing key; `dice` (64 bytes) only to check vectors, and by the vendored library. */
export async function encapsulate(publicKey, dice) {
  if (publicKey.length !== 1216) throw new Refusal('invalid', `X-Wing key: ${publicKey.length} bytes (expected: 1216)`);
  const [lattice, point] = [publicKey.slice(0, 1184), publicKey.slice(1184)];
  const scalar = dice ? dice.slice(32) : random(32);
  let first, ciphertext;
  try {
    if (!dice && (await nativeKem())) {
      const key = await subtle().importKey('raw-public', lattice, ML_KEM, false, ['encapsulateBits']);
      const made = await subtle().encapsulateBits(ML_KEM, key);
      [first, ciphertext] = [new Uint8Array(made.sharedKey), new Uint8Array(made.ciphertext)];
    } else {
      const made = (await noble()).ml_kem768.encapsulate(lattice, dice ? dice.slice(0, 32) : random(32));
      [first, ciphertext] = [made.sharedSecret, made.cipherText];
    }
  } catch {
    throw new Refusal('invalid', 'ML-KEM-768 key: refused (expected: one that FIPS 203, 7.2 takes)');
  }
  const mine = await x25519Public(scalar);
  return { ciphertext: concat(ciphertext, mine), secret: combine(first, await agree(scalar, point), mine, point) };
}

const combine = (first, second, theirs, point) => sha3_256(concat(first, second, theirs, point, XWING_LABEL));

async function latticeKey(seed) {
  if (await nativeKem()) {
    const key = await subtle().importKey('raw-seed', seed, ML_KEM, true, ['decapsulateBits']);
    const jwk = await subtle().exportKey('jwk', key);
    const text = atob(jwk.pub.replaceAll('-', '+').replaceAll('_', '/'));
    return {
      publicKey: Uint8Array.from(text, letter => letter.charCodeAt(0)),
      open: async ciphertext => new Uint8Array(await subtle().decapsulateBits(ML_KEM, key, ciphertext)),
    };
  }
  const { ml_kem768 } = await noble();
  const pair = ml_kem768.keygen(seed);
  return { publicKey: pair.publicKey, open: async ciphertext => ml_kem768.decapsulate(ciphertext, pair.secretKey) };
}

async function x25519Key(scalar) {
  return subtle().importKey('pkcs8', concat(PKCS8_X25519, scalar), { name: 'X25519' }, true, ['deriveBits']);
}

async function x25519Public(scalar) {
  const base = new Uint8Array(32);
  base[0] = 9;
  return agree(scalar, base);
}

async function agree(scalar, point) {
  let secret;
  try {
    if (await nativeX25519()) {
      const theirs = await subtle().importKey('raw', point, { name: 'X25519' }, false, []);
      const mine = await x25519Key(scalar);
      secret = new Uint8Array(await subtle().deriveBits({ name: 'X25519', public: theirs }, mine, 256));
    } else {
      secret = (await noble()).x25519.getSharedSecret(scalar, point);
    }
  } catch {
    secret = new Uint8Array(32);
  }
  if (secret.every(byte => byte === 0)) throw new Refusal('invalid', 'X25519 point: of low order');
  return secret;
}

/** A signer by Ed25519 of a seed of 32 bytes. */
export async function ed25519(seed) {
  if (await nativeEd25519()) {
    const key = await subtle().importKey('pkcs8', concat(PKCS8_ED25519, seed), { name: 'Ed25519' }, true, ['sign']);
    const { x } = await subtle().exportKey('jwk', key);
    return {
      publicKey: Uint8Array.from(atob(x.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0)),
      sign: async message => new Uint8Array(await subtle().sign('Ed25519', key, message)),
    };
  }
  const library = (await noble()).ed25519;
  return { publicKey: library.getPublicKey(seed), sign: async message => library.sign(message, seed) };
}

export async function ed25519Holds(publicKey, message, signature) {
  try {
    if (await nativeEd25519()) {
      const key = await subtle().importKey('raw', publicKey, { name: 'Ed25519' }, false, ['verify']);
      return await subtle().verify('Ed25519', key, signature, message);
    }
    return (await noble()).ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

/** A signer by ML-DSA-65 of a seed of 32 bytes. */
export async function mlDsa65(seed) {
  if (await nativeMlDsa()) {
    const key = await subtle().importKey('raw-seed', seed, ML_DSA, true, ['sign']);
    const { pub } = await subtle().exportKey('jwk', key);
    return {
      publicKey: Uint8Array.from(atob(pub.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0)),
      sign: async message => new Uint8Array(await subtle().sign(ML_DSA, key, message)),
    };
  }
  const { ml_dsa65 } = await noble();
  const pair = ml_dsa65.keygen(seed);
  return { publicKey: pair.publicKey, sign: async message => ml_dsa65.sign(message, pair.secretKey, { extraEntropy: false }) };
}

export async function mlDsa65Holds(publicKey, message, signature) {
  try {
    if (await nativeMlDsa()) {
      const key = await subtle().importKey('raw-public', publicKey, ML_DSA, false, ['verify']);
      return await subtle().verify(ML_DSA, key, signature, message);
    }
    return (await noble()).ml_dsa65.verify(signature, message, publicKey);
  } catch {
    return false;
  }
}

/** The turn of a message: 20 bits of a MAC of its counter. */
export const turnOf = async (key, counter8) => view(await hmac(key, counter8)).getUint32(0) & 0xfffff;
