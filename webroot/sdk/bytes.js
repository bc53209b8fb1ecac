/** Bytes: joining, comparing, and their texts in hexadecimal and base64url. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Why something was refused: `kind` is invalid, denied or conflict, as the statuses 400, 403 and 409 of a node. */
export class Refusal extends Error {
  constructor(kind, message) {
    super(message);
    this.name = 'Refusal';
    this.kind = kind;
  }
}

/** All parts one after the other. */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** A text in UTF-8. */
export const utf8 = text => new TextEncoder().encode(text);

/** A number as 4 bytes, big-endian. */
export function u32(value) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** A number or BigInt as 8 bytes, big-endian. */
export function u64(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** The view through which numbers are read. */
export const view = bytes => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Whether two secrets are equal, in a time that does not tell where they differ. */
export function equal(one, other) {
  let difference = one.length ^ other.length;
  for (let at = 0; at < one.length; at++) difference |= one[at] ^ other[at];
  return difference === 0;
}

export const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

export function unhex(text) {
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw new Refusal('invalid', 'hex: no hexadecimal text');
  return Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16));
}

/** Base64url without padding. */
export function base64url(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const three = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = Math.min(4, bytes.length - at + 1);
    for (let letter = 0; letter < letters; letter++) text += ALPHABET[(three >> (18 - 6 * letter)) & 63];
  }
  return text;
}

/** The bytes of a text, in its one spelling. */
export function unbase64url(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0, held = 0, at = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) throw new Refusal('invalid', 'base64url: a letter that is none');
    bits = ((bits << 6) | value) & 0xfff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[at++] = bits >> held;
    }
  }
  if (held >= 6 || (bits & ((1 << held) - 1)) !== 0) throw new Refusal('invalid', 'base64url: not in its one spelling');
  return bytes;
}
