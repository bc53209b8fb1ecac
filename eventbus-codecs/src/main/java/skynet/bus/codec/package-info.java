/** How a word crosses the wire between two nodes: records as bytes, component by component, bounded on both sides. */
package skynet.bus.codec;
