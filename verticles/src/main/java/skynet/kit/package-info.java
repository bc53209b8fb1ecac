/** What every room uses and which knows no room: the base of a doorkeeper, the database, the vital signs. */
package skynet.kit;
