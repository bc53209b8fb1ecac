package skynet.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skynet.bus.Fault;

/** Many small writings in few, by hand. */
class GatheringTest {
    private final List<List<Integer>> written = new ArrayList<>();
    private final List<Promise<List<String>>> open = new ArrayList<>();
    private final Gathering<Integer, String> gathering = new Gathering<>(1, 3, 5, batch -> {
        written.add(batch);
        open.add(Promise.promise());
        return open.get(open.size() - 1).future();
    });

    @Test
    void whoComesAloneWaitsForNobodyAndTheOthersGoTogether() {
        Future<String> first = gathering.add(1);
        assertEquals(List.of(List.of(1)), written);
        List<Future<String>> others = new ArrayList<>();
        for (int i = 2; i <= 5; i++) {
            others.add(gathering.add(i));
        }
        assertEquals(1, written.size());
        open.get(0).complete(List.of("one"));
        assertEquals("one", first.result());
        assertEquals(List.of(2, 3, 4), written.get(1));
        open.get(1).complete(List.of("two", "three", "four"));
        assertEquals("three", others.get(1).result());
        assertEquals(List.of(5), written.get(2));
        assertFalse(others.get(3).isComplete());
    }

    @Test
    void aWritingThatFailsFailsItsOwnAndTheNextOnesAreWritten() {
        Future<String> first = gathering.add(1);
        Future<String> second = gathering.add(2);
        open.get(0).fail("gone");
        assertTrue(first.failed());
        open.get(1).complete(List.of("two"));
        assertEquals("two", second.result());
    }

    @Test
    void noMoreWaitThanMay() {
        for (int i = 1; i <= 6; i++) {
            assertFalse(gathering.add(i).failed());
        }
        Fault fault = (Fault) gathering.add(7).cause();
        assertEquals(Fault.Kind.BUSY, fault.kind());
    }
}
