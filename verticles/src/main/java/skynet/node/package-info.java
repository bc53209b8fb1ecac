/** The node itself: its front door, its data directory and the PostgreSQL server it brings along. */
package skynet.node;
