/** The SDK against the vectors that the node's own code made: the same bytes at every step. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { base64url, hex, unbase64url, unhex, utf8 } from '../bytes.js';
import { Handshake, Identity, Session, fingerprintOf, openMessage, rotate, sealMessage, signedBytes, verify } from '../crypto.js';
import * as encoder from '../encoder.js';
import * as primitives from '../primitives.js';

const vectors = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url)));
const node = { ...keysOf(vectors.node), number: vectors.node.number };

function keysOf(told) {
  return { ed25519: unhex(told.ed25519), mlDsa65: unhex(told.ml_dsa_65), xWing: unhex(told.x_wing) };
}

const refused = kind => error => error.name === 'Refusal' && error.kind === kind;

describe('base64url', () => {
  for (const { bytes, text } of vectors.base64url) {
    test(`writes and reads ${bytes.length / 2} bytes`, () => {
      assert.equal(base64url(unhex(bytes)), text);
      assert.equal(hex(unbase64url(text)), bytes);
    });
  }
  for (const text of ['A', 'AB', 'AA==', 'A+', 'AAAAA', 'é']) {
    test(`refuses ${text}`, () => assert.throws(() => unbase64url(text), refused('invalid')));
  }
});

describe('X-Wing', () => {
  const { seed, dice, public_key: publicKey, ciphertext, secret } = vectors.x_wing;

  test('makes the key of a seed', async () => assert.equal(hex((await primitives.xWing(unhex(seed))).publicKey), publicKey));

  test('encapsulates as the draft does', async () => {
    const made = await primitives.encapsulate(unhex(publicKey), unhex(dice));
    assert.equal(hex(made.ciphertext), ciphertext);
    assert.equal(hex(made.secret), secret);
  });

  test('opens what was encapsulated', async () =>
    assert.equal(hex(await (await primitives.xWing(unhex(seed))).open(unhex(ciphertext))), secret));

  test('encapsulates with dice of its own', async () => {
    const key = await primitives.xWing(unhex(seed));
    const made = await primitives.encapsulate(key.publicKey);
    assert.equal(hex(await key.open(made.ciphertext)), hex(made.secret));
  });

  test('refuses points of low order', async () => {
    const low = unhex(publicKey);
    low.fill(0, 1184);
    await assert.rejects(primitives.encapsulate(low), refused('invalid'));
    const open = unhex(ciphertext);
    open.fill(0, 1088);
    await assert.rejects((await primitives.xWing(unhex(seed))).open(open), refused('invalid'));
  });

  test('refuses an ML-KEM key that is not reduced', async () => {
    const wrong = unhex(publicKey);
    wrong.fill(0xff, 0, 3);
    await assert.rejects(primitives.encapsulate(wrong), refused('invalid'));
  });

  test('refuses other lengths', async () => {
    await assert.rejects(primitives.encapsulate(new Uint8Array(1215)), refused('invalid'));
    await assert.rejects((await primitives.xWing(unhex(seed))).open(new Uint8Array(1121)), refused('invalid'));
    await assert.rejects(primitives.xWing(new Uint8Array(31)), refused('invalid'));
  });
});

describe('identity', () => {
  for (const who of ['node', 'client']) {
    test(`has the keys of the ${who}'s seeds`, async () => {
      const identity = await Identity.of(unhex(vectors[who].seeds));
      assert.equal(hex(identity.ed25519), vectors[who].ed25519);
      assert.equal(hex(identity.mlDsa65), vectors[who].ml_dsa_65);
      assert.equal(hex(identity.xWing), vectors[who].x_wing);
      assert.equal(hex(identity.fingerprint), vectors[who].fingerprint);
    });
  }
  for (const { purpose, text, signed, signatures } of vectors.signatures) {
    test(`signs for the purpose ${purpose}`, async () => {
      const identity = await Identity.of(unhex(vectors.client.seeds));
      assert.equal(hex(signedBytes(purpose, unhex(text))), signed);
      const made = await identity.sign(purpose, unhex(text));
      assert.equal(hex(made.slice(0, 64)), signatures.slice(0, 128));
      for (const both of [made, unhex(signatures)]) assert.ok(await verify(keysOf(vectors.client), purpose, unhex(text), both));
    });
    test(`does not take another's signature for ${purpose}`, async () => {
      assert.ok(!(await verify(node, purpose, unhex(text), unhex(signatures))));
      assert.ok(!(await verify(keysOf(vectors.client), 'other', unhex(text), unhex(signatures))));
      for (const at of [0, 63, 64, 3372]) {
        const wrong = unhex(signatures);
        wrong[at] ^= 1;
        assert.ok(!(await verify(keysOf(vectors.client), purpose, unhex(text), wrong)));
      }
    });
  }
});

for (const told of vectors.handshakes) {
  describe(`handshake: ${told.name}`, () => {
    const begin = () => Handshake.begin(node, { suites: told.suites, kinds: told.kinds, now: told.now, dice: unhex(told.client_dice) });
    const self = async () => told.client_signs ? Identity.of(unhex(vectors.client.seeds), { mlDsa65: told.client_signs === 3 }) : null;
    const finish = async (reply = unhex(told.reply)) => (await begin()).finish(reply, { self: await self(), now: told.now });

    test('says the same hello', async () => assert.equal(hex((await begin()).hello), told.hello));

    test('confirms in the same way', async () => assert.equal(hex((await finish()).confirm), told.confirm));

    test('has the same session', async () => {
      const { session } = await finish();
      assert.equal(hex(session.id), told.session);
      assert.equal(session.name, told.session_text);
      assert.equal(session.end, told.end);
    });

    test('derives the same keys', async () => {
      for (const label of ['confirm_node', 'confirm_client', 'traffic_client', 'traffic_node']) {
        const key = await primitives.expand(unhex(told.master), `SKYNET-1 ${label.replace('_', ' ')}`, 32);
        assert.equal(hex(key), told[label]);
      }
      assert.equal(hex(await primitives.extract(unhex(told.h2), unhex(told.secret))), told.master);
    });

    test('refuses a reply of which a byte is changed', async () => {
      const reply = unhex(told.reply);
      for (let at = 0; at < reply.length; at += at < 64 ? 1 : 97) {
        const wrong = reply.slice();
        wrong[at] ^= 1 << at % 8;
        await assert.rejects(finish(wrong), error => error.name === 'Refusal', `byte ${at}`);
      }
    });

    test('refuses a reply that is cut', async () => {
      for (const length of [0, 1, 3, 1179, 1275, told.reply.length / 2 - 1]) {
        await assert.rejects(finish(unhex(told.reply).slice(0, length)), refused('invalid'));
      }
    });

    test('seals the same frames', async () => {
      const { session } = await finish();
      for (const message of told.messages.filter(one => one.direction === 0)) {
        assert.equal(hex(await session.seal(encoder.fromPoints(unhex(message.frame)), { now: message.now })), message.sealed);
      }
    });

    test('opens what the node seals, once, and the other way round', async () => {
      const { session } = await finish();
      const theirs = new Session({
        id: unhex(told.session), suite: told.suite, client: false, now: told.now,
        sending: unhex(told.traffic_node), receiving: unhex(told.traffic_client),
      });
      for (const message of told.messages) {
        const receiver = message.direction ? session : theirs;
        const opened = await receiver.open(unhex(message.sealed), { now: message.now });
        assert.equal(hex(encoder.toPoints(opened)), message.frame);
        assert.equal(encoder.textOf(opened), 'Hello, NOD5');
        await assert.rejects(receiver.open(unhex(message.sealed), { now: message.now }), refused('conflict'));
      }
    });

    test('refuses a sealed frame of which a byte is changed', async () => {
      const { session } = await finish();
      const sealed = unhex(told.messages[1].sealed);
      for (let at = 0; at < sealed.length; at++) {
        const wrong = sealed.slice();
        wrong[at] ^= 1 << at % 8;
        await assert.rejects(session.open(wrong, { now: told.now }), error => error.name === 'Refusal', `byte ${at}`);
      }
      assert.ok(await session.open(sealed, { now: told.now }));
    });

    test('derives the keys of each generation, the turn and the nonce', async () => {
      for (const message of told.messages) {
        const secret = unhex(message.secret);
        assert.equal(hex(await primitives.expand(secret, 'SKYNET-1 key', 32)), message.key);
        assert.equal(hex(await primitives.expand(secret, 'SKYNET-1 iv', 12)), message.iv);
        assert.equal(hex(await primitives.expand(secret, 'SKYNET-1 turn', 32)), message.turn_key);
        const counter = unhex(message.counter.toString(16).padStart(16, '0'));
        assert.equal(await primitives.turnOf(unhex(message.turn_key), counter), message.turn);
        assert.equal(hex(rotate(unhex(message.frame), message.turn)), message.rotated);
      }
    });
  });
}

describe('downgrades', () => {
  const [whole] = vectors.handshakes;
  test('a suite that was not offered is refused', async () => {
    const handshake = await Handshake.begin(node, { suites: 2, kinds: 3, now: whole.now, dice: unhex(whole.client_dice) });
    await assert.rejects(handshake.finish(unhex(whole.reply)), refused('denied'));
  });
  test('fewer signatures than asked for are refused', async () => {
    const handshake = await Handshake.begin(node, { suites: 3, kinds: 1, now: whole.now, dice: unhex(whole.client_dice) });
    await assert.rejects(handshake.finish(unhex(whole.reply)), refused('denied'));
  });
  test('a reply to another hello is refused', async () => {
    const handshake = await Handshake.begin(node, { suites: 3, kinds: 3, now: whole.now + 1, dice: unhex(whole.client_dice) });
    await assert.rejects(handshake.finish(unhex(whole.reply)), refused('denied'));
  });
});

for (const told of vectors.sealed_messages) {
  describe(`sealed message, suite ${told.suite}`, () => {
    test('opens, and names its sender', async () => {
      const { sender, time, content } = await openMessage(await Identity.of(unhex(vectors.node.seeds)), unhex(told.message));
      assert.equal(hex(content), told.content);
      assert.equal(hex(sender.fingerprint), vectors.client.fingerprint);
      assert.equal(time, told.now);
    });
    test('is sealed so that it opens again', async () => {
      const [from, to] = [await Identity.of(unhex(vectors.client.seeds)), await Identity.of(unhex(vectors.node.seeds))];
      const message = await sealMessage(from, to.xWing, utf8('back'), { suite: told.suite, now: told.now, dice: unhex(told.dice) });
      assert.equal(hex(message.slice(0, 1164)), told.message.slice(0, 2328));
      assert.equal(hex((await openMessage(to, message)).content), hex(utf8('back')));
    });
    test('is refused when a byte is changed, or by another', async () => {
      const to = await Identity.of(unhex(vectors.node.seeds));
      const message = unhex(told.message);
      for (let at = 0; at < message.length; at += at < 50 ? 1 : 211) {
        const wrong = message.slice();
        wrong[at] ^= 1 << at % 8;
        await assert.rejects(openMessage(to, wrong), error => error.name === 'Refusal', `byte ${at}`);
      }
      await assert.rejects(openMessage(await Identity.of(unhex(vectors.client.seeds)), message), refused('invalid'));
    });
  });
}

describe('phase rotation', () => {
  for (const { steps, frame, rotated } of vectors.rotations) {
    test(`turns by ${steps} and back`, () => {
      assert.equal(hex(rotate(unhex(frame), steps)), rotated);
      assert.equal(hex(rotate(unhex(rotated), -steps)), frame);
    });
  }
});

describe('frames', () => {
  for (const told of vectors.frames) {
    const frame = encoder.frame({ ...told, codes: told.codes });
    test(`writes number ${told.sequence} in its three forms`, () => {
      assert.equal(encoder.format(frame), told.textual);
      assert.equal(hex(encoder.toBinary(frame)), told.binary);
      assert.equal(hex(encoder.toPoints(frame)), told.point);
    });
    test(`reads number ${told.sequence}`, () => {
      assert.deepEqual(encoder.parse(told.textual), frame);
      assert.deepEqual(encoder.fromPoints(unhex(told.point)), frame);
    });
  }
  test('refuses other spellings and damage', () => {
    const line = vectors.frames[4].textual;
    for (let at = 0; at < line.length; at++) {
      const wrong = line.slice(0, at) + (line[at] === '0' ? '1' : '0') + line.slice(at + 1);
      assert.throws(() => encoder.parse(wrong), refused('invalid'), wrong);
    }
    for (const codes of ['e800', 'e8', 'f02c', 'f6', 'f400ff', 'f203', 'cfffff', 'f4808000']) {
      assert.throws(() => encoder.bytesToCodes(unhex(codes)), refused('invalid'), codes);
    }
  });
  test('holds any text without a dictionary', () => {
    for (const text of ['ab', 'Grüße', '🐎🐎', 'x'.repeat(32_740)]) assert.equal(encoder.textOf(encoder.textFrame(text)), text);
    assert.throws(() => encoder.textFrame('x'), refused('invalid'));
    assert.throws(() => encoder.textFrame('x'.repeat(32_741)), refused('invalid'));
  });
});

test('a fingerprint names both keys', async () => {
  assert.equal(hex(await fingerprintOf(node)), vectors.node.fingerprint);
  assert.notEqual(hex(await fingerprintOf({ ed25519: node.ed25519 })), vectors.node.fingerprint);
});

test('each provider gives the same bytes', async () => {
  const { seed, ciphertext, secret } = vectors.x_wing;
  for (const vendored of [true, false]) {
    primitives.preferVendored(vendored);
    const key = await primitives.xWing(unhex(seed));
    assert.equal(hex(await key.open(unhex(ciphertext))), secret);
    assert.ok(await verify(keysOf(vectors.client), 'test', utf8('abc'), unhex(vectors.signatures[0].signatures)));
  }
  assert.equal((await primitives.providers()).mlKem768.length > 0, true);
});
