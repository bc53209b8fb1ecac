/**
 * GENOM frames: the textual, the binary and the point form, and the codes in them. Turning words into codes takes the
 * dictionary, which a node has: `Encoder` asks one. Any bytes can be sent without it, as one raw span.
 */
import { Refusal, base64url, concat, hex, u32, u64, unbase64url, utf8, view } from './bytes.js';

export const TYPES = ['MSG', 'REQ', 'RES', 'EVT', 'ACK', 'ERR'];

/** Most codes of a frame that is to be sealed. */
export const CODES_MAX = 8186;

const NODE_MAX = 9_999_999;
const LONG_MAX = (1n << 63n) - 1n;
const RAW = 0x80100000;
const JOINED_MARKS = utf8(',.\n)"\';:?!-/(]=_');
const SPACED_MARKS = utf8('("-=[<*&');
const POINT_HEADER_BYTES = 24;

const refuse = message => {
  throw new Refusal('invalid', message);
};

/** A frame: `node`, `epoch` and `sequence` (numbers or BigInts), `type` (a name), `codes` (32-bit words). */
export function frame({ type = 'MSG', node = 1_000_000, epoch = 0, sequence = 0, codes }) {
  if (!TYPES.includes(type)) refuse(`type: ${type} (expected: one of ${TYPES})`);
  if (!Number.isInteger(node) || node < 1 || node > NODE_MAX) refuse(`node: ${node} (expected: 1 to ${NODE_MAX})`);
  const whole = { type, node, epoch: BigInt(epoch), sequence: BigInt(sequence), codes: Array.from(codes, code => code >>> 0) };
  for (const name of ['epoch', 'sequence']) {
    if (whole[name] < 0n || whole[name] > LONG_MAX) refuse(`${name}: ${whole[name]} (expected: 0 to 2^63 - 1)`);
  }
  return whole;
}

/** The codes of 2 or more bytes without a dictionary. */
export function rawCodes(content) {
  if (content.length < 2 || content.length > 4 * (CODES_MAX - 1)) {
    refuse(`content: ${content.length} bytes (expected: 2 to ${4 * (CODES_MAX - 1)})`);
  }
  const codes = new Array(1 + ((content.length + 3) >> 2)).fill(0);
  codes[0] = (RAW + content.length - 1) >>> 0;
  content.forEach((byte, at) => {
    codes[1 + (at >> 2)] = (codes[1 + (at >> 2)] | (byte << (8 * (at & 3)))) >>> 0;
  });
  return codes;
}

/** The bytes of codes that are one raw span. */
export function rawContent(codes) {
  const length = codes.length ? (codes[0] & 0xfffff) + 1 : 0;
  if (!codes.length || (codes[0] & 0xfff00000) >>> 0 !== RAW || codes.length !== 1 + ((length + 3) >> 2)) {
    refuse('codes: not one raw span');
  }
  return Uint8Array.from({ length }, (_, at) => codes[1 + (at >> 2)] >>> (8 * (at & 3)));
}

/** A frame that holds a text as one raw span. */
export const textFrame = (text, parts = {}) => frame({ ...parts, codes: rawCodes(utf8(text)) });

/** The text of a frame that is one raw span. */
export const textOf = ({ codes }) => new TextDecoder('utf-8', { fatal: true }).decode(rawContent(codes));

/** The form in which a frame is sealed: fixed places, one word a code. */
export function toPoints({ type, node, epoch, sequence, codes }) {
  if (codes.length > CODES_MAX) refuse(`codes: ${codes.length} (expected: at most ${CODES_MAX})`);
  const words = new Uint8Array(4 * codes.length);
  codes.forEach((code, at) => view(words).setUint32(4 * at, code));
  return concat(Uint8Array.of(0x7a, 1, TYPES.indexOf(type), 0), u32(node), u64(epoch), u64(sequence), words);
}

/** Reads what `toPoints` writes. */
export function fromPoints(bytes) {
  if (bytes.length < POINT_HEADER_BYTES || bytes.length > POINT_HEADER_BYTES + 4 * CODES_MAX || bytes.length % 4) {
    refuse(`frame: ${bytes.length} bytes (expected: 24 and 4 for each of ${CODES_MAX} codes at most)`);
  }
  const at = view(bytes);
  if (bytes[0] !== 0x7a || bytes[1] !== 1 || bytes[3] !== 0 || bytes[2] >= TYPES.length) refuse('frame: begins otherwise');
  const codes = [];
  for (let place = POINT_HEADER_BYTES; place < bytes.length; place += 4) codes.push(at.getUint32(place));
  return frame({ type: TYPES[bytes[2]], node: at.getUint32(4), epoch: at.getBigUint64(8), sequence: at.getBigUint64(16), codes });
}

/** The textual form: `GENOM|NOD5|epoch|sequence|type|payload|crc32c`. */
export function format(whole) {
  const { type, node, epoch, sequence, codes } = whole;
  const line = `GENOM|NOD${node}|${epoch}|${sequence}|${type}|${base64url(codesToBytes(codes))}|`;
  return line + hex(u32(crc32c(utf8(line))));
}

/** Reads a textual frame, strictly: it has exactly one spelling. */
export function parse(line) {
  const parts = /^GENOM\|NOD([1-9]\d{0,6})\|(0|[1-9]\d{0,18})\|(0|[1-9]\d{0,18})\|([A-Z]{3})\|([\w-]*)\|([0-9a-f]{8})$/.exec(line);
  if (!parts) refuse('genom_message: not GENOM|NODn|epoch|sequence|type|payload|crc32c');
  const covered = line.slice(0, -8);
  if (hex(u32(crc32c(utf8(covered)))) !== parts[6]) refuse('genom_message: checksum (expected: CRC32C over all before)');
  return frame({ node: Number(parts[1]), epoch: parts[2], sequence: parts[3], type: parts[4], codes: bytesToCodes(unbase64url(parts[5])) });
}

/** The compact binary form. */
export function toBinary({ type, node, epoch, sequence, codes }) {
  const bytes = codesToBytes(codes);
  const body = concat(
    Uint8Array.of(0x67, 1), varint(node), varint(epoch), varint(sequence), Uint8Array.of(TYPES.indexOf(type)),
    varint(bytes.length), bytes);
  return concat(body, u32(crc32c(body)));
}

/** CRC32C, as 32 bits. */
export function crc32c(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

function varint(value) {
  const bytes = [];
  let rest = BigInt(value);
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Uint8Array.of(...bytes, Number(rest));
}

/** Codes as bytes: the frequent ones take one byte, a word seldom more than two. */
export function codesToBytes(codes) {
  const out = [];
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] >>> 0;
    const kind = code >>> 30;
    const spaced = (code >>> 20) & 1 ? 0 : 1;
    const value = code & 0xfffff;
    if (kind === 0) {
      const flags = ((1 - spaced) << 2) | ((code >>> 21) & 3);
      if (flags) out.push(0xe8 | flags);
      if (value < 128) out.push(value);
      else if (value < 16_512) out.push(0x80 | ((value - 128) >> 8), (value - 128) & 0xff);
      else out.push(0xc0 | ((value - 16_512) >> 16), ((value - 16_512) >> 8) & 0xff, (value - 16_512) & 0xff);
    } else if (kind === 1) {
      const [byte, repeats] = [value & 0xff, (value >>> 8) + 1];
      const mark = (spaced ? SPACED_MARKS : JOINED_MARKS).indexOf(byte);
      if (repeats > 1) out.push(0xf2 | spaced, byte, ...varint(repeats - 2));
      else if (mark >= 0) out.push((spaced ? 0xe0 : 0xd0) | mark);
      else out.push(0xf0 | spaced, byte);
    } else if (kind === 2) {
      out.push(0xf4 | spaced, ...varint(value));
      for (let byte = 0; byte <= value; byte++) out.push((codes[at + 1 + (byte >> 2)] >>> (8 * (byte & 3))) & 0xff);
      at += (value + 4) >> 2;
    } else {
      refuse(`code at ${at}: kind 3 (expected: 0 to 2)`);
    }
  }
  return Uint8Array.from(out);
}

/** Reads what `codesToBytes` writes, and no other spelling. */
export function bytesToCodes(bytes) {
  const codes = [];
  let at = 0;
  const next = () => (at < bytes.length ? bytes[at++] : refuse('codes: end in the middle of one'));
  const number = max => {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const part = next();
      value |= (part & 0x7f) << shift;
      if (part < 0x80) return value > max || (part === 0 && shift > 0) ? refuse('codes: a number in another spelling') : value;
    }
    return refuse('codes: a number that is too long');
  };
  const token = (first, flags) => {
    let id = first;
    if (first >= 0xc0) id = 16_512 + (((first & 0xf) << 16) | (next() << 8) | next());
    else if (first >= 0x80) id = 128 + (((first & 0x3f) << 8) | next());
    if (id > 0xfffff) refuse(`codes: token ${id} (expected: at most 1048575)`);
    codes.push((id | flags) >>> 0);
  };
  while (at < bytes.length) {
    const first = next();
    const join = first & 1 ? 0 : 1 << 20;
    if (first < 0xd0) {
      token(first, 0);
    } else if (first < 0xe8) {
      const joined = first < 0xe0;
      codes.push((0x40000000 | (joined ? 1 << 20 : 0) | (joined ? JOINED_MARKS[first & 15] : SPACED_MARKS[first & 7])) >>> 0);
    } else if (first < 0xf0) {
      const [flags, head] = [first & 7, next()];
      if (!flags || head >= 0xd0) refuse('codes: not the shortest form');
      token(head, ((flags >> 2) << 20) | ((flags & 3) << 21));
    } else if (first < 0xf2) {
      const byte = next();
      if ((join ? JOINED_MARKS : SPACED_MARKS).includes(byte)) refuse('codes: not the shortest form');
      codes.push((0x40000000 | join | byte) >>> 0);
    } else if (first < 0xf4) {
      const byte = next();
      codes.push((0x40000000 | join | ((number(4094) + 1) << 8) | byte) >>> 0);
    } else if (first < 0xf6) {
      const length = number(0xfffff) + 1;
      if (length < 2 || length > bytes.length - at) refuse(`codes: raw span of ${length} bytes`);
      const place = codes.push((0x80000000 | join | (length - 1)) >>> 0);
      for (let byte = 0; byte < length; byte++) {
        codes[place + (byte >> 2)] = ((codes[place + (byte >> 2)] ?? 0) | (next() << (8 * (byte & 3)))) >>> 0;
      }
    } else {
      refuse(`codes: byte ${first}`);
    }
  }
  return codes;
}

/** Text to GENOM and back, by a node. */
export class Encoder {
  #connection;

  constructor(connection) {
    this.#connection = connection;
  }

  /** What the node makes of a text: `genom_message`, `tokens`, `intent` and figures. */
  encode(text) {
    return this.#connection.post('/v1/encode', { text });
  }

  /** The text of a textual frame. */
  async decode(genomMessage) {
    return (await this.#connection.post('/v1/decode', { genom_message: genomMessage })).text;
  }

  /** One token by `word`, `id` or `hex`. */
  lookup(key, value) {
    return this.#connection.get(`/v1/lookup?${key}=${encodeURIComponent(value)}`);
  }
}
