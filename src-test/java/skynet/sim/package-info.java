/** A world in virtual time: one thread, one seed, nodes that die, freeze and lose sight of each other. */
package skynet.sim;
