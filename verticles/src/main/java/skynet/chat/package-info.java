/** Conversations: every message is stored before it is answered, and asked twice is answered once. */
package skynet.chat;
