/** The commands of the command line, one class each; some work alone, some talk to the running node. */
package skynet.node.cli;
