// Asks every method of a node over gRPC with @grpc/grpc-js and checks the answers; ends with 0 when all are right.
// Usage: npm install && node client.js [host:port]
const assert = require('node:assert');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const target = process.argv[2] ?? '127.0.0.1:50051';
const protos = path.resolve(__dirname, '../../../verticles/src/main/proto');
const definition = loader.loadSync(['skynet/v1/encoder.proto', 'skynet/v1/dictionary.proto'], {
  includeDirs: [protos], keepCase: true, defaults: true, oneofs: true,
});
const { skynet } = grpc.loadPackageDefinition(definition);
const plain = grpc.credentials.createInsecure();
const options = { 'grpc.max_receive_message_length': 16 << 20 };
const encoder = new skynet.v1.Encoder(target, plain, options);
const dictionary = new skynet.v1.Dictionary(target, plain, options);

const ask = (client, method, question, deadlineMillis = 20_000) => new Promise((resolve, reject) =>
  client[method](question, { deadline: Date.now() + deadlineMillis }, (failure, answer) =>
    failure ? reject(failure) : resolve(answer)));
const refusal = (client, method, question, deadlineMillis) =>
  ask(client, method, question, deadlineMillis).then(() => assert.fail('not refused'), (failure) => failure);

async function encodesAndDecodes() {
  const encoded = await ask(encoder, 'Encode', { text: 'Hello world' });
  assert.deepStrictEqual(encoded.tokens.map((token) => token.canonical), ['hello', 'world']);
  assert.strictEqual(encoded.intent.name, 'greeting');
  for (const text of ['', 'Příliš žluťoučký kůň 😀', 'x '.repeat(100_000), '\u0000\uFFFF']) {
    const { genom_message } = await ask(encoder, 'Encode', { text });
    assert.strictEqual((await ask(encoder, 'Decode', { genom_message })).text, text);
  }
}

async function looksUp() {
  const { token } = await ask(dictionary, 'Lookup', { word: 'hello' });
  assert.strictEqual(token.canonical, 'hello');
  assert.deepStrictEqual((await ask(dictionary, 'Lookup', { id: token.token_id })).token, token);
  assert.deepStrictEqual((await ask(dictionary, 'Lookup', { hex: token.hex })).token, token);
  const page = await ask(dictionary, 'Search', { sector: 'animal', limit: 5 });
  assert.strictEqual(page.items.length, 5);
  assert.ok(page.items.every((item) => item.sector === 'animal') && page.next > 0);
  assert.strictEqual((await ask(dictionary, 'Stats', {})).tokens, 1_000_000);
}

async function refuses() {
  const absent = await refusal(dictionary, 'Lookup', { word: 'nosuchwordatall' });
  assert.strictEqual(absent.code, grpc.status.NOT_FOUND);
  assert.strictEqual(absent.details, 'token: not in the dictionary');
  assert.strictEqual((await refusal(dictionary, 'Search', { sector: 'nowhere' })).code, grpc.status.INVALID_ARGUMENT);
  assert.strictEqual((await refusal(encoder, 'Encode', { text: 'x'.repeat(7 << 20) })).code,
    grpc.status.RESOURCE_EXHAUSTED);
  assert.strictEqual((await refusal(encoder, 'Encode', { text: 'x' }, -1)).code, grpc.status.DEADLINE_EXCEEDED);
}

/** Ten thousand texts, written no faster than the stream takes them. */
async function streams() {
  const count = 10_000;
  const stream = encoder.EncodeStream({ deadline: Date.now() + 60_000 });
  const done = new Promise((resolve, reject) => {
    let seen = 0;
    stream.on('data', (answer) => {
      seen++;
      assert.strictEqual(answer.text_bytes, Buffer.byteLength(`text number ${seen - 1}`));
    });
    stream.on('error', reject);
    stream.on('end', () => resolve(seen));
  });
  let waits = 0;
  for (let number = 0; number < count; number++) {
    if (!stream.write({ text: `text number ${number}` })) {
      waits++;
      await new Promise((resolve) => stream.once('drain', resolve));
    }
  }
  stream.end();
  assert.strictEqual(await done, count);
  return waits;
}

(async () => {
  await encodesAndDecodes();
  await looksUp();
  await refuses();
  const waits = await streams();
  console.log(`all right: every method of ${target}; the stream made us wait ${waits} times`);
  encoder.close();
  dictionary.close();
})().catch((failure) => {
  console.error(failure);
  process.exit(1);
});
