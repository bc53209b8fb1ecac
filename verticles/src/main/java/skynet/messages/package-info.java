/** Inboxes: sealed messages, kept until they are acknowledged, in order for each sender; what they say is nobody's here. */
package skynet.messages;
