/** How the parts of this node are, and how they were on each of the last days. */
package skynet.status;
