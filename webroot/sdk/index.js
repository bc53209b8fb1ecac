/** Everything at once; each module can also be had alone. */
export * from './bytes.js';
export * from './crypto.js';
export * from './encoder.js';
export { LightNode, keysOf, proofText, register, swarm } from './node.js';
export { Mailbox } from './messaging.js';
export { Connection, NodeRefusal } from './http.js';
