/** Every word spoken on the event bus: one sealed family of records per room, and the one door through which they are said. */
package skynet.bus;
