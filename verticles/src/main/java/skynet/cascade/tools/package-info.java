/** Tools: small pieces of work that are asked for by name, bounded and without effect on anything. */
package skynet.cascade.tools;
