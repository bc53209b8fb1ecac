package skynet.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skynet.bus.NodeClass;
import skynet.bus.NodeId;
import skynet.bus.Nodes;

/** Who lives, by the beats that came, in a time that the test makes. */
class PresenceTest {
    private static final int NODE = 100;
    private static final int INTERVAL = 30_000;
    private static final Presence.Due NOBODY = (number, seen, interval, load) -> true;

    private final Presence presence = new Presence(1_000_000);
    private long now = 1_000_000;

    @Test
    void aNodeThatIsKnownDoesNotLiveBeforeItBeats() {
        presence.admit(NODE, 1, 2, Nodes.Mode.RELAY, now);
        assertTrue(presence.knows(NODE, 1, 2));
        assertFalse(presence.knows(NODE, 1, 3));
        assertFalse(presence.knows(NODE + 1, 1, 2));
        assertEquals(Nodes.State.UNSEEN, presence.state(NODE, now));
        assertEquals(0, presence.count(NodeClass.D, Nodes.State.LIVE));
        assertEquals(Nodes.Mode.RELAY, presence.mode(NODE));
    }

    @Test
    void aStrangerDoesNotBeat() {
        assertFalse(presence.beat(NODE, now, INTERVAL, 0));
        assertEquals(0, presence.known());
    }

    @Test
    void threeMissedBeatsMakeASuspectAndSixADeadNode() {
        presence.admit(NODE, 1, 2, Nodes.Mode.COMPUTE, now);
        assertTrue(presence.beat(NODE, now, INTERVAL, 70));
        assertEquals(Nodes.State.LIVE, presence.state(NODE, now + 89));
        assertEquals(Nodes.State.SUSPECT, presence.state(NODE, now + 90));
        assertEquals(Nodes.State.SUSPECT, presence.state(NODE, now + 179));
        assertEquals(Nodes.State.DEAD, presence.state(NODE, now + 180));
        assertEquals(70, presence.loadPercent(NODE));
        assertEquals(Nodes.Mode.COMPUTE, presence.mode(NODE));
    }

    @Test
    void whoWasToldToWaitLongerIsMissedLater() {
        presence.admit(NODE, 1, 2, Nodes.Mode.HEARTBEAT, now);
        presence.beat(NODE, now, 500_000, 0);
        assertEquals(Nodes.State.LIVE, presence.state(NODE, now + 1_499));
        assertEquals(Nodes.State.SUSPECT, presence.state(NODE, now + 1_500));
    }

    @Test
    void aSuspectThatBeatsLivesAgain() {
        presence.admit(NODE, 1, 2, Nodes.Mode.HEARTBEAT, now);
        presence.beat(NODE, now, INTERVAL, 0);
        presence.sweep(now + 100, 1, NOBODY);
        assertEquals(1, presence.count(NodeClass.D, Nodes.State.SUSPECT));
        presence.beat(NODE, now + 101, INTERVAL, 0);
        assertEquals(0, presence.count(NodeClass.D, Nodes.State.SUSPECT));
        assertEquals(1, presence.count(NodeClass.D, Nodes.State.LIVE));
    }

    @Test
    void aBeatIsWrittenDownAtMostOnceAMinute() {
        presence.admit(NODE, 1, 2, Nodes.Mode.HEARTBEAT, now);
        int written = 0;
        for (int second = 0; second < 600; second++) {
            presence.beat(NODE, now + second, INTERVAL, 0);
            List<Integer> due = new ArrayList<>();
            presence.sweep(now + second, 1, (number, seen, interval, load) -> due.add(number));
            written += due.size();
        }
        assertEquals(10, written);
    }

    @Test
    void whatWasNotWrittenIsDueAgain() {
        presence.admit(NODE, 1, 2, Nodes.Mode.HEARTBEAT, now);
        presence.beat(NODE, now, INTERVAL, 0);
        presence.sweep(now, 1, (number, seen, interval, load) -> false);
        List<Integer> due = new ArrayList<>();
        presence.sweep(now + 1, 1, (number, seen, interval, load) -> due.add(number));
        assertEquals(List.of(NODE), due);
    }

    @Test
    void whoIsLongGoneIsForgottenAndItsPageWithIt() {
        presence.admit(NODE, 1, 2, Nodes.Mode.HEARTBEAT, now);
        presence.beat(NODE, now, INTERVAL, 0);
        presence.sweep(now + 180 + Presence.FORGET_SECONDS, 1, NOBODY);
        assertEquals(1, presence.known());
        presence.sweep(now + 181 + Presence.FORGET_SECONDS, 1, NOBODY);
        assertEquals(0, presence.known());
        assertEquals(0, presence.pagesUsed());
        assertEquals(0, presence.count(NodeClass.D, Nodes.State.DEAD));
    }

    @Test
    void aClockThatRanBackwardsMakesNobodyDead() {
        presence.admit(NODE, 1, 2, Nodes.Mode.HEARTBEAT, now);
        presence.beat(NODE, now + 50, INTERVAL, 0);
        assertEquals(Nodes.State.LIVE, presence.state(NODE, now - 500));
        assertTrue(presence.beat(NODE, now - 500, INTERVAL, 0));
    }

    @Test
    void theLowestAndTheHighestNumberOfEachClassHaveTheirPlace() {
        for (int number : new int[] {1, 9, 10, 99, 100, 999_999, 1_000_000, 9_999_999}) {
            presence.admit(number, number, ~number, Nodes.Mode.HEARTBEAT, now);
            assertTrue(presence.beat(number, now, INTERVAL, 0), "" + number);
            assertTrue(presence.knows(number, number, ~number));
        }
        for (NodeClass kind : NodeClass.values()) {
            assertEquals(2, presence.count(kind, Nodes.State.LIVE), kind.text());
        }
        assertEquals(8, presence.known());
    }

    /** Any number of steps of any kind leaves it as a plain map of objects would be. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void itAgreesWithAPlainMap(long seed) {
        Random random = new Random(seed);
        int[] numbers = random.ints(60, 1, NodeId.MAX + 1).toArray();
        Map<Integer, long[]> model = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            int number = numbers[random.nextInt(numbers.length)];
            switch (random.nextInt(8)) {
                case 0 -> {
                    presence.admit(number, number, seed, Nodes.Mode.HEARTBEAT, now);
                    model.putIfAbsent(number, new long[] {0, 0});
                }
                case 1, 2, 3 -> {
                    int interval = 30_000 + 100 * random.nextInt(5_000);
                    boolean known = model.computeIfPresent(number, (key, old) -> new long[] {now, interval}) != null;
                    assertEquals(known, presence.beat(number, now, interval, random.nextInt(101)));
                }
                case 4 -> {
                    if (random.nextInt(10) == 0) {
                        presence.forget(number);
                        model.remove(number);
                    }
                }
                case 5 -> now += random.nextInt(20);
                default -> presence.sweep(now, 2, (one, seen, interval, load) -> random.nextBoolean());
            }
            long[] one = model.get(number);
            boolean mayBeForgotten = one != null && (one[0] == 0 || now - one[0] > Presence.FORGET_SECONDS);
            if (!mayBeForgotten) {
                assertEquals(one != null, presence.knows(number), "step " + step);
                assertEquals(expected(one), presence.state(number, now), "step " + step);
            } else if (!presence.knows(number)) {
                model.remove(number);
            }
        }
        presence.sweep(now, 1_000_000, NOBODY);
        model.keySet().removeIf(number -> !presence.knows(number));
        assertEquals(model.size(), presence.known());
        for (Nodes.State state : List.of(Nodes.State.LIVE, Nodes.State.SUSPECT, Nodes.State.DEAD)) {
            for (NodeClass kind : NodeClass.values()) {
                long expected = model.entrySet().stream()
                        .filter(one -> new NodeId(one.getKey()).kind() == kind && expected(one.getValue()) == state)
                        .count();
                assertEquals(expected, presence.count(kind, state), state + " " + kind);
            }
        }
    }

    private Nodes.State expected(long[] one) {
        if (one == null || one[1] == 0) {
            return Nodes.State.UNSEEN;
        }
        long missed = (now - one[0]) * 1_000 / one[1];
        return missed >= 6 ? Nodes.State.DEAD : missed >= 3 ? Nodes.State.SUSPECT : Nodes.State.LIVE;
    }
}
