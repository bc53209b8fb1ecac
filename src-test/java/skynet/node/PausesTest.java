package skynet.node;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The pauses of a light node between two attempts. */
class PausesTest {
    @Test
    void growToTheirBoundAndAreShortAgainWhenItWorked() {
        Pauses pauses = new Pauses(1_000, 60_000, new SplittableRandom(1));
        long middle = 1_000;
        for (int tries = 0; tries < 20; tries++) {
            within(pauses.next(), middle / 2, middle);
            middle = Math.min(60_000, middle * 2);
        }
        pauses.reset();
        within(pauses.next(), 500, 1_000);
    }

    @Test
    void areNotTheSameForTwoNodes() {
        assertTrue(new Pauses(1_000, 60_000, new SplittableRandom(1)).next()
                != new Pauses(1_000, 60_000, new SplittableRandom(2)).next());
    }

    @Test
    void haveBoundsInOrder() {
        assertThrows(IllegalArgumentException.class, () -> new Pauses(1, 10, new SplittableRandom(1)));
        assertThrows(IllegalArgumentException.class, () -> new Pauses(20, 10, new SplittableRandom(1)));
    }

    private static void within(long value, long least, long most) {
        assertTrue(value >= least && value <= most, value + " (expected: " + least + " to " + most + ")");
    }
}
