// Uses the tools of a node with the MCP client: node client.js http://127.0.0.1:8080 [command of the bridge …]
import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

const [address, ...bridge] = process.argv.slice(2);

async function use(transport) {
  const client = new Client({ name: 'check', version: '1' });
  await client.connect(transport);
  assert.equal(client.getServerVersion().name, 'skynet');
  await client.ping();
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map(t => t.name).sort(), ['calculator', 'current_time', 'knowledge_search', 'weather', 'web_search']);
  assert(tools.every(t => t.inputSchema.type === 'object' && t.annotations.readOnlyHint));
  const sum = await client.callTool({ name: 'calculator', arguments: { expression: '0.1 + 0.2' } });
  assert.equal(sum.structuredContent.result, '0.3');
  const found = await client.callTool({ name: 'knowledge_search', arguments: { query: 'What does NOD7 do?' } });
  assert(found.structuredContent.untrusted && found.structuredContent.results.length > 0);
  const zone = await client.callTool({ name: 'current_time', arguments: { zone: 'Mars/Base' } });
  assert(zone.isError && zone.content[0].text.startsWith('zone:'));
  const weather = await client.callTool({ name: 'weather', arguments: { place: 'Prague' } });
  assert(weather.isError && weather.content[0].text.includes('unavailable'));
  await assert.rejects(client.callTool({ name: 'format_disk', arguments: {} }), e => e.code === -32602);
  await client.close();
}

await use(new StreamableHTTPClientTransport(new URL(`${address}/mcp`)));
if (bridge.length > 0) {
  await use(new StdioClientTransport({ command: bridge[0], args: bridge.slice(1) }));
}
console.log('MCP client for Node.js: all well');
