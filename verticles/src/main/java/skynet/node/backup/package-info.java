/** The copy of a node's facts in one file, and the way back: taken while the node runs, believed only when every byte fits. */
package skynet.node.backup;
