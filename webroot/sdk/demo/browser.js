/** Shakes hands with the node that served this page, by what the browser has and again by the vendored library. */
import { Connection, Identity, connect, hex, openMessage, providers, textFrame, textOf, unhex } from '../index.js';
import { preferVendored } from '../primitives.js';

const said = document.querySelector('#said');
const say = line => (said.textContent += `${line}\n`);

async function shakeHands(name) {
  const { identity } = await Identity.create();
  const channel = await connect(new Connection(), { self: identity });
  const answer = await channel.say(textFrame(`hello by ${name}`));
  say(`${name}: ${answer.type} of NOD${answer.node}: ${textOf(answer)}`);
  say(`${name}: known as ${channel.opened.peer.length} characters`);
}

try {
  const vectors = await (await fetch('../test/vectors.json')).json();
  for (const vendored of [false, true]) {
    preferVendored(vendored);
    const name = vendored ? 'vendored' : 'platform';
    say(`${name}: ${JSON.stringify(await providers())}`);
    const node = await Identity.of(unhex(vectors.node.seeds));
    for (const told of vectors.sealed_messages) {
      const { content } = await openMessage(node, unhex(told.message));
      if (hex(content) !== told.content) throw new Error(`sealed message of suite ${told.suite}: opened to something else`);
    }
    await shakeHands(name);
  }
  say('all well');
} catch (failure) {
  say(`failed: ${failure.stack}`);
}
