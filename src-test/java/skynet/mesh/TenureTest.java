package skynet.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import skynet.bus.Mesh;

class TenureTest {
    private final SlowStore store = new SlowStore();
    private final Tenure first = new Tenure(store, Mesh.HUB, 1, 0);
    private final Tenure third = new Tenure(store, Mesh.HUB, 3, 2);

    @Test
    void aNodeThatIsAloneHasTheRoleAtOnce() {
        third.tick(0);
        store.answerAll();
        assertTrue(third.holds(1));
        assertEquals(1, third.epoch());
    }

    @Test
    void beliefIsCountedFromTheQuestionAndEndsBeforeTheLease() {
        first.tick(0);
        store.now = 900;
        store.answerAll();
        assertTrue(first.holds(Tenure.BELIEF_MILLIS - 1));
        assertFalse(first.holds(Tenure.BELIEF_MILLIS));
        assertEquals(900 + Tenure.TTL_MILLIS, store.expires);
    }

    @Test
    void aHolderThatHearsNothingStopsByItself() {
        first.tick(0);
        store.answerAll();
        for (long now = 0; now < Tenure.BELIEF_MILLIS; now += 50) {
            first.tick(now);
        }
        assertFalse(first.holds(Tenure.BELIEF_MILLIS));
    }

    @Test
    void anAnswerThatComesLateCountsFromItsQuestion() {
        first.tick(0);
        store.answerAll();
        first.tick(500);
        first.tick(1_000);
        store.now = 2_000;
        store.answerAll();
        assertTrue(first.holds(1_000 + Tenure.BELIEF_MILLIS - 1));
        assertFalse(first.holds(1_000 + Tenure.BELIEF_MILLIS));
    }

    @Test
    void aHolderWhoseEpochHasPassedStopsAtOnce() {
        first.tick(0);
        store.answerAll();
        store.holder = 2;
        store.epoch = 2;
        first.tick(500);
        store.answerAll();
        assertFalse(first.holds(501));
        first.tick(502);
        store.answerAll();
        assertEquals(2, first.holder(503));
    }

    @Test
    void whoComesLaterInTheChainWaitsLonger() {
        first.tick(0);
        store.answerAll();
        store.now = Tenure.TTL_MILLIS + 2 * Tenure.PLACE_MILLIS - 1;
        third.tick(store.now);
        store.answerAll();
        assertFalse(third.holds(store.now));
        store.now++;
        third.tick(store.now);
        store.answerAll();
        assertTrue(third.holds(store.now));
        assertEquals(2, third.epoch());
    }

    @Test
    void aNodeThatStartsAgainTakesItsOwnLeaseWithANewEpoch() {
        first.tick(0);
        store.answerAll();
        Tenure again = new Tenure(store, Mesh.HUB, 1, 0);
        again.tick(10);
        store.answerAll();
        assertTrue(again.holds(11));
        assertEquals(2, again.epoch());
    }

    @Test
    void aRoleThatIsGivenBackIsFreeAtOnceAndNotTakenAgain() {
        first.tick(0);
        store.answerAll();
        store.now = 100;
        first.release(100);
        assertFalse(first.holds(100));
        store.answerAll();
        assertEquals(100, store.expires);
        first.hurry();
        first.tick(5_000);
        store.answerAll();
        assertFalse(first.holds(5_001));
    }

    /** A store whose answers come when told, each computed at that moment. */
    private static final class SlowStore implements LeaseStore {
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private long now;
        private int holder;
        private long epoch;
        private long expires;

        void answerAll() {
            while (!waiting.isEmpty()) {
                waiting.remove().run();
            }
        }

        @Override
        public Future<List<Mesh.Lease>> all() {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<Optional<Mesh.Lease>> look(String role) {
            return later(() ->
                    epoch == 0 ? Optional.empty() : Optional.of(new Mesh.Lease(role, holder, epoch, expires - now)));
        }

        @Override
        public Future<Boolean> renew(String role, int node, long renewed, long ttlMillis) {
            return later(() -> {
                boolean own = node == holder && renewed == epoch;
                expires = own ? now + ttlMillis : expires;
                return own;
            });
        }

        @Override
        public Future<Boolean> claim(String role, int node, long seen, long waitMillis, long ttlMillis) {
            return later(() -> {
                boolean free = seen == epoch && (epoch == 0 || node == holder || expires + waitMillis <= now);
                if (free) {
                    holder = node;
                    epoch = seen + 1;
                    expires = now + ttlMillis;
                }
                return free;
            });
        }

        @Override
        public Future<Void> release(String role, int node, long given) {
            return later(() -> {
                expires = node == holder && given == epoch ? now : expires;
                return null;
            });
        }

        private <T> Future<T> later(java.util.function.Supplier<T> answer) {
            Promise<T> promise = Promise.promise();
            waiting.add(() -> promise.complete(answer.get()));
            return promise.future();
        }
    }
}
