package skynet.crypto;

import java.util.Arrays;
import skynet.bus.Fault;

/**
 * Which counters of a direction have come: those before the window count as come. Messages may overtake each other by less
 * than {@value #SIZE}. Not safe for several threads.
 */
final class ReplayWindow {
    /** Counters that are told apart. */
    static final int SIZE = 1_024;

    private static final long COUNTER_MAX = 1L << 62;

    private final long[] bits = new long[SIZE >> 6];
    private long next;

    /** Refuses a counter that came before, or is too old to tell; changes nothing. */
    void require(long counter) {
        if (counter < 0 || counter > COUNTER_MAX) {
            throw Fault.invalid("sealed counter: " + counter + " (expected: 0 to 2^62)");
        }
        if (counter <= next - 1 - SIZE || counter < next && marked(counter)) {
            throw new Fault(
                    Fault.Kind.CONFLICT,
                    "sealed counter: " + counter + " came before or is too old to tell (expected: a new one)");
        }
    }

    /** Marks a counter of a message that proved to be genuine. */
    void mark(long counter) {
        if (counter >= next) {
            if (counter - next >= SIZE) {
                Arrays.fill(bits, 0);
            } else {
                for (long passed = next; passed < counter; passed++) {
                    bits[word(passed)] &= ~bit(passed);
                }
            }
            next = counter + 1;
        }
        bits[word(counter)] |= bit(counter);
    }

    private boolean marked(long counter) {
        return (bits[word(counter)] & bit(counter)) != 0;
    }

    private static int word(long counter) {
        return (int) (counter >>> 6) & (SIZE >> 6) - 1;
    }

    private static long bit(long counter) {
        return 1L << counter;
    }
}
