package skynet.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import skynet.bus.NodeId;
import skynet.bus.Work;

/** The light nodes that are attached, and what each has to do. */
class HandsTest {
    private static final NodeId ONE = new NodeId(100);
    private static final NodeId TWO = new NodeId(101);

    private final Hands hands = new Hands();

    @Test
    void nobodyIsGivenMoreThanItTakes() {
        long session = hands.attach(ONE, 2);
        assertEquals(Optional.of(new Hands.Given(ONE, session)), hands.give("a"));
        assertEquals(Optional.of(new Hands.Given(ONE, session)), hands.give("b"));
        assertEquals(Optional.empty(), hands.give("c"));
        assertTrue(hands.take(ONE, session, "a", true));
        assertEquals(Optional.of(new Hands.Given(ONE, session)), hands.give("c"));
        assertEquals(List.of(new Work.Hand(ONE, 2, 2, 1)), hands.all());
    }

    @Test
    void theOneWithTheLeastToDoForItsSizeIsGivenTheNext() {
        hands.attach(ONE, 4);
        hands.attach(TWO, 1);
        List<NodeId> given = List.of("a", "b", "c", "d", "e").stream()
                .map(job -> hands.give(job).orElseThrow().node())
                .toList();
        assertEquals(1, given.stream().filter(TWO::equals).count());
        assertEquals(4, given.stream().filter(ONE::equals).count());
        assertEquals(Set.of(ONE, TWO), Set.copyOf(given.subList(0, 2)));
    }

    @Test
    void aJobBelongsToItsNodeAndItsSession() {
        long first = hands.attach(ONE, 1);
        hands.attach(TWO, 1);
        hands.give("a");
        assertFalse(hands.take(TWO, first, "a", true));
        assertFalse(hands.take(ONE, first + 7, "a", true));
        assertFalse(hands.take(ONE, first, "b", true));
        assertTrue(hands.take(ONE, first, "a", true));
        assertFalse(hands.take(ONE, first, "a", true), "a second answer to one job");
    }

    @Test
    void whoGoesLeavesItsJobsAndAnOlderSessionTakesNothingAway() {
        long first = hands.attach(ONE, 2);
        hands.give("a");
        assertThrows(IllegalStateException.class, () -> hands.attach(ONE, 1));
        assertEquals(Set.of("a"), hands.detach(ONE, first));
        long second = hands.attach(ONE, 1);
        assertNotEquals(first, second);
        assertEquals(Set.of(), hands.detach(ONE, first));
        assertEquals(Optional.of(second), hands.session(ONE));
    }
}
