/** The genom room: text as points of the complex plane, its frames, intents and word translations. */
package skynet.genom;
