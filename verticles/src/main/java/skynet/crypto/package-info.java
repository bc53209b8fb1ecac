/** Who this node is, sessions with clients that a quantum computer shall not open later, and sealed messages. */
package skynet.crypto;
