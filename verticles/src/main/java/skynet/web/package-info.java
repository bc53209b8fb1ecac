/** The front door for people and programs: turns HTTP and WebSocket into words of the bus and back. No business rule lives here. */
package skynet.web;
