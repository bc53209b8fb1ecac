/** The cascade: the cheapest level that is good enough answers, and says that it was the one. */
package skynet.cascade;
