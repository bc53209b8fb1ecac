package skynet.node;

import java.util.random.RandomGenerator;

/** Pauses between attempts: each twice as long as the one before, up to a bound, drawn from its upper half so that many do not come at once. */
final class Pauses {
    private final long leastMillis;
    private final long mostMillis;
    private final RandomGenerator dice;
    private long millis;

    Pauses(long leastMillis, long mostMillis, RandomGenerator dice) {
        if (leastMillis < 2 || mostMillis < leastMillis) {
            throw new IllegalArgumentException(
                    "pauses: " + leastMillis + " to " + mostMillis + " ms (expected: 2 or more, in order)");
        }
        this.leastMillis = leastMillis;
        this.mostMillis = mostMillis;
        this.dice = dice;
        this.millis = leastMillis;
    }

    /** How long to wait now, in ms. */
    long next() {
        long now = dice.nextLong(millis / 2, millis + 1);
        millis = Math.min(mostMillis, millis * 2);
        return now;
    }

    /** It worked: the next pause is short again. */
    void reset() {
        millis = leastMillis;
    }
}
