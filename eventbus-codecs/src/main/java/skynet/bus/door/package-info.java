/** The door of the bus to other nodes: who may come in, and in what form. */
package skynet.bus.door;
