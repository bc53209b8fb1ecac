package skynet.cascade;

import skynet.bus.Cascade.Wish;

/**
 * What is asked.
 *
 * @param tenant on whose behalf; no other tenant's documents or answers may be used
 * @param said the text that another level or an attempt before this one gave, and that stands; a level that can go on from
 *     there may begin its own answer with it, as is. Empty for an answer that begins
 * @param wish how it is to be answered, and what was said before
 */
record Question(String tenant, String text, String said, Wish wish) {
    Question(String tenant, String text, String said) {
        this(tenant, text, said, Wish.NONE);
    }

    /** The same question for the level that is to go on. */
    Question after(String given) {
        return new Question(tenant, text, given, wish);
    }
}
