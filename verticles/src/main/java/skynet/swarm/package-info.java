/**
 * Who belongs to the swarm: light nodes with numbers of their own, the keys they are known by, and which of them live.
 * Identity is a fact and in PostgreSQL; presence is soft, in memory at the member at which a node beats.
 */
package skynet.swarm;
