/** A node from the side of a Java program: encoding, a secure channel. The same shape as {@code webroot/sdk}. */
package skynet.client;
