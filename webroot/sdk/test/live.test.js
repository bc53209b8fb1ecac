/** The SDK against a running node, whose address is in SKYNET_ADDRESS; skipped without one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Connection, Encoder, Identity, LightNode, Mailbox, connect, format, frame, hex, nodeKeys, parse, register, textFrame, textOf, utf8,
} from '../index.js';

const address = process.env.SKYNET_ADDRESS;
const skip = address ? false : 'no SKYNET_ADDRESS';
const node = address && new Connection(address);

test('text becomes GENOM and comes back', { skip }, async () => {
  const encoder = new Encoder(node);
  const { genom_message: line } = await encoder.encode('Hello world, žluťoučký kůň');
  assert.equal(format(parse(line)), line);
  assert.equal(await encoder.decode(line), 'Hello world, žluťoučký kůň');
});

test('the dictionary\'s codes go through the seal', { skip }, async () => {
  const encoder = new Encoder(node);
  const { genom_message: line } = await encoder.encode('Where is NOD7?');
  const channel = await connect(node);
  const answer = await channel.say(parse(line));
  assert.equal(answer.type, 'RES');
  assert.equal(await encoder.decode(format(answer)), 'Where is NOD7?');
});

test('a client that says who it is is known by its keys', { skip }, async () => {
  const { identity } = await Identity.create();
  const { fingerprint } = await nodeKeys(node);
  const channel = await connect(node, { pinned: fingerprint, self: identity });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => channel.say(textFrame(`message ${at}`))));
  assert.deepEqual(answers.map(textOf), Array.from({ length: 20 }, (_, at) => `message ${at}`));
  await assert.rejects(connect(node, { pinned: identity.fingerprint }), { kind: 'denied' });
});

test('each suite works', { skip }, async () => {
  for (const suites of [1, 2]) {
    const channel = await connect(node, { suites });
    assert.equal(textOf(await channel.say(textFrame(`suite ${suites}`))), `suite ${suites}`);
  }
});

test('what was sent before is refused', { skip }, async () => {
  const channel = await connect(node);
  const sealed = Buffer.from(await channel.session.seal(frame({ codes: [1, 2, 3] }))).toString('base64url');
  const path = `/v1/handshake/${channel.session.name}/message`;
  await node.post(path, { sealed });
  await assert.rejects(node.post(path, { sealed }), { status: 409 });
});

test('light nodes register, live, and write to each other', { skip }, async context => {
  const [ours, theirs] = [(await Identity.create()).identity, (await Identity.create()).identity];
  let first;
  try {
    first = await register(node, ours);
  } catch (failure) {
    if (failure.status === 404) return context.skip('this node has no registry');
    throw failure;
  }
  const second = await register(node, theirs, { kind: 'D' });
  assert.ok((await new LightNode(node.with(first.token)).beat()) >= 15_000);
  const [sender, receiver] = [new Mailbox(node.with(first.token), ours), new Mailbox(node.with(second.token), theirs)];
  for (const text of ['one', 'two']) await sender.send(second.node, utf8(text));
  const { messages } = await receiver.inbox({ wait: 5 });
  assert.deepEqual(messages.map(({ from, content, proven }) => [from, hex(content), proven]), [
    [first.node, hex(utf8('one')), true],
    [first.node, hex(utf8('two')), true],
  ]);
  for (const { message } of messages) await receiver.ack(message);
  assert.equal((await receiver.inbox()).messages.length, 0);
  await new LightNode(node.with(first.token)).leave(first.node);
});
