// Asks a node with the openai client, as any program would: node client.js http://127.0.0.1:8080
import assert from 'node:assert/strict';
import OpenAI, { NotFoundError, BadRequestError, APIError } from 'openai';

const node = process.argv[2];
const client = new OpenAI({ baseURL: `${node}/v1`, apiKey: 'guest', maxRetries: 0 });
const question = [{ role: 'system', content: 'Answer shortly.' }, { role: 'user', content: 'What does NOD7 do?' }];

const models = [];
for await (const model of client.models.list()) models.push(model.id);
for (const id of ['skyai-auto', 'skyai-standard', 'skyai-advanced', 'skyai-pro']) assert(models.includes(id), id);
assert.equal((await client.models.retrieve('skyai-pro')).object, 'model');
await assert.rejects(client.models.retrieve('gpt-none'), e => e instanceof NotFoundError && e.code === 'model_not_found');

const whole = await client.chat.completions.create({ model: 'skyai-standard', messages: question });
assert.equal(whole.object, 'chat.completion');
assert.match(whole.choices[0].message.content, /NOD7/);
assert.equal(whole.choices[0].finish_reason, 'stop');
assert.equal(whole.usage.total_tokens, whole.usage.prompt_tokens + whole.usage.completion_tokens);
assert(whole.usage.completion_tokens > 5);
assert.match(whole.skynet.level, /^L[012]$/);
assert(whole.skynet.citations.length > 0);

const { data: stream, response } = await client.chat.completions.create({ model: 'skyai-auto', messages: question, stream: true,
  stream_options: { include_usage: true } }).withResponse();
assert.match(response.headers.get('x-skynet-level'), /^L[012]$/);
let text = '', finish = null, usage = null, first = null;
for await (const chunk of stream) {
  assert.equal(chunk.object, 'chat.completion.chunk');
  first ??= chunk.choices[0].delta.role;
  text += chunk.choices[0]?.delta?.content ?? '';
  finish = chunk.choices[0]?.finish_reason ?? finish;
  usage = chunk.usage ?? usage;
}
assert.equal(first, 'assistant');
assert.equal(text, whole.choices[0].message.content);
assert.equal(finish, 'stop');
assert(usage.total_tokens > 0);

const runner = client.chat.completions.stream({ model: 'skyai-standard', messages: question });
assert.equal(await runner.finalContent(), text);

const cut = await client.chat.completions.create({ model: 'skyai-standard', messages: question, max_tokens: 3 });
assert.equal(cut.choices[0].finish_reason, 'length');
assert(cut.choices[0].message.content.length <= 12);
const stopped = await client.chat.completions.create({ model: 'skyai-standard', messages: question, stop: ['watches'] });
assert.equal(stopped.choices[0].finish_reason, 'stop');
assert(!stopped.choices[0].message.content.includes('watches'));

const floats = await client.embeddings.create({ model: 'all-minilm-l6-v2', input: ['a cat', 'a kitten', 'tax law'], encoding_format: 'float' });
const packed = await client.embeddings.create({ model: 'all-minilm-l6-v2', input: ['a cat', 'a kitten', 'tax law'] });
assert.equal(packed.data.length, 3);
assert.equal(packed.data[0].embedding.length, 384);
packed.data.forEach((one, i) => one.embedding.forEach((x, k) => assert(Math.abs(x - floats.data[i].embedding[k]) < 1e-6)));
const dot = (a, b) => a.embedding.reduce((sum, x, k) => sum + x * b.embedding[k], 0);
assert(dot(floats.data[0], floats.data[1]) > dot(floats.data[0], floats.data[2]) + 0.2);
assert(packed.usage.prompt_tokens > 5);

await assert.rejects(client.embeddings.create({ model: 'text-embedding-3-small', input: 'a' }), NotFoundError);
await assert.rejects(client.embeddings.create({ model: 'all-minilm-l6-v2', input: [1, 2] }), e => e instanceof BadRequestError && e.param === 'input[0]');
await assert.rejects(client.chat.completions.create({ model: 'gpt-none', messages: question }), e => e instanceof NotFoundError && e.param === 'model');
await assert.rejects(client.chat.completions.create({ model: 'skyai-auto', messages: question, n: 2 }), e => e instanceof BadRequestError && e.param === 'n');
await assert.rejects(client.chat.completions.create({ model: 'skyai-auto', messages: [] }), e => e instanceof BadRequestError && e.param === 'messages');
if (process.argv[3] === 'without-upstream') {
  await assert.rejects(client.chat.completions.create({ model: 'skyai-advanced', stream: true, messages: [{ role: 'user', content: 'Sing of the moon.' }] }),
    e => e instanceof APIError && e.status === 503 && e.code === 'unavailable');
}
console.log('openai for Node.js: all well');
