package skynet.cascade;

/**
 * What is asked.
 *
 * @param tenant on whose behalf; no other tenant's documents or answers may be used
 * @param said the text that an attempt before this one gave and that is kept; a level that can go on from there may begin its
 *     own answer with it, as is. Empty for an answer that begins
 */
record Question(String tenant, String text, String said) {}
