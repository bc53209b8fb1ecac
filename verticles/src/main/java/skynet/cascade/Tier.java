package skynet.cascade;

import skynet.bus.Cascade.Level;

/**
 * One level of the cascade as the room uses it, or one of several upstreams of a level: asked a question it gives an answer piece by piece, or passes it on to the
 * next. Everything happens on the room's event loop, where nobody waits.
 *
 * <p>A level behind a socket maps {@link Flow} onto it: {@code pause} and {@code resume} to those of the response, so that
 * TCP holds up the sender, and {@code cancel} to a reset of the stream, so that the sender stops computing.
 */
interface Tier {
    /** Which level it is. */
    Level level();

    /** How it does now. */
    default Health.Condition condition() {
        return Health.Condition.WELL;
    }

    /** Whether it is asked only when all others of a plan have passed or failed. */
    default boolean isLast() {
        return false;
    }

    /** The way to its answer; nothing is done before {@link Flow#begin}. */
    Flow answer(Question question);
}
