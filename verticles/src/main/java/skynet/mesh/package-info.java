/** Duties that one node at a time has for all: leases in PostgreSQL, with epochs that make a late holder harmless. */
package skynet.mesh;
