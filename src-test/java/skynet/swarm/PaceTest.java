package skynet.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import skynet.bus.NodeClass;
import skynet.bus.NodeId;
import skynet.kit.Allowance;

/** How seldom nodes beat so that all together beat seldom enough, and how many get through when they do not. */
class PaceTest {
    private final Pace pace = new Pace(20_000);

    @Test
    void aFewNodesBeatEveryThirtySecondsAndAreMissedWithinAHundred() {
        for (int tenth = 0; tenth < 10; tenth++) {
            int next = pace.nextMillis(3, tenth / 10.0);
            assertTrue(next >= 30_000 && next <= 33_000, "" + next);
        }
        assertTrue(Presence.SUSPECT_AFTER * pace.nextMillis(3, 0.999) <= 100_000);
    }

    @Test
    void tenMillionNodesBeatEveryFiveHundredSecondsOrHalfAsMuchMoreOrLess() {
        assertEquals(500_000, pace.intervalMillis(10_000_000));
        assertEquals(250_000, pace.nextMillis(10_000_000, 0));
        assertEquals(749, pace.nextMillis(10_000_000, 0.9999) / 1_000);
    }

    @Test
    void itNeverTellsAnybodyToBeatMoreOftenThanEveryThirtySeconds() {
        Random random = new Random(7);
        for (int draw = 0; draw < 100_000; draw++) {
            assertTrue(pace.nextMillis(random.nextInt(NodeId.MAX), random.nextDouble()) >= Pace.INTERVAL_MILLIS_MIN);
        }
    }

    /** A second at a time: a herd that all came at once spreads out, and no second takes more than was promised. */
    @Test
    void aHerdThatComesAtOnceIsSpreadOutWithinThreeIntervals() {
        int nodes = 200_000;
        Pace slow = new Pace(1_000);
        Random random = new Random(11);
        Allowance bucket = new Allowance(1_000, 1_000);
        long[] due = new long[nodes];
        int[] refused = new int[1_200];
        for (int second = 0; second < refused.length; second++) {
            int admitted = 0;
            for (int node = 0; node < nodes; node++) {
                if (due[node] <= second * 1_000L) {
                    boolean in = bucket.take(TimeUnit.SECONDS.toNanos(second));
                    admitted += in ? 1 : 0;
                    refused[second] += in ? 0 : 1;
                    due[node] = second * 1_000L + slow.nextMillis(nodes, random.nextDouble());
                }
            }
            assertTrue(admitted <= 1_000, "second " + second + ": " + admitted);
        }
        assertEquals(nodes - 1_000, refused[0]);
        int late = 0;
        for (int second = 600; second < refused.length; second++) {
            late = Math.max(late, refused[second]);
        }
        assertTrue(late < 500, "after three intervals " + late + " were refused in one second");
    }

    @Test
    void anAllowanceLetsThroughItsRateAndNoMore() {
        Allowance bucket = new Allowance(10, 5);
        for (int i = 0; i < 5; i++) {
            assertTrue(bucket.take(0));
        }
        assertFalse(bucket.take(TimeUnit.MILLISECONDS.toNanos(99)));
        assertTrue(bucket.take(TimeUnit.MILLISECONDS.toNanos(100)));
        assertFalse(bucket.take(TimeUnit.MILLISECONDS.toNanos(100)));
        assertFalse(bucket.take(TimeUnit.MILLISECONDS.toNanos(50)));
        for (int i = 0; i < 5; i++) {
            assertTrue(bucket.take(TimeUnit.SECONDS.toNanos(10)));
        }
        assertFalse(bucket.take(TimeUnit.SECONDS.toNanos(10)));
    }

    @Test
    void oneAddressDoesNotUseUpTheNumbers() {
        Registrars registrars = new Registrars();
        for (int i = 0; i < Registrars.ADDRESS_AT_ONCE; i++) {
            assertTrue(registrars.admit("192.0.2.1", 0));
        }
        assertFalse(registrars.admit("192.0.2.1", 0));
        assertTrue(registrars.admit("192.0.2.2", 0));
        assertTrue(registrars.admit("192.0.2.1", 10_000));
        assertFalse(registrars.admit("192.0.2.1", 10_001));
    }

    @Test
    void rAbsentOrAbsurdIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Pace(0));
        assertThrows(IllegalArgumentException.class, () -> new Pace(1_000_001));
    }

    @Test
    void aNumberTellsItsClass() {
        assertEquals(NodeClass.CORE, new NodeId(1).kind());
        assertEquals(NodeClass.CORE, new NodeId(9).kind());
        assertEquals(NodeClass.S, new NodeId(10).kind());
        assertEquals(NodeClass.S, new NodeId(99).kind());
        assertEquals(NodeClass.D, new NodeId(100).kind());
        assertEquals(NodeClass.D, new NodeId(999_999).kind());
        assertEquals(NodeClass.M, new NodeId(1_000_000).kind());
        assertEquals(NodeClass.M, new NodeId(9_999_999).kind());
        assertThrows(IllegalArgumentException.class, () -> new NodeId(0));
        assertThrows(IllegalArgumentException.class, () -> new NodeId(10_000_000));
        assertEquals(new NodeId(100), NodeId.read("NOD100").orElseThrow());
        assertEquals(new NodeId(100), NodeId.read("100").orElseThrow());
        for (String text : new String[] {"", "NOD", "NOD0", "NOD01", "nod1", "NOD10000000", "-1", "1e3", "NOD1 "}) {
            assertTrue(NodeId.read(text).isEmpty(), text);
        }
    }
}
