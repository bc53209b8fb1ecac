package skynet.cascade;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Placed;
import skynet.bus.Stream.Frame;
import skynet.bus.stream.Segment;

/**
 * The memory of the cascade room: answers that are computed piece by piece, who computes them, and the pieces that are kept.
 * What a tenant asks for that belongs to another is ABSENT.
 */
public interface AnswerStore {
    /** Takes an answer down as begun by a node, or finds it where it was begun before; one that failed is begun anew. */
    Future<Claim> begin(Cascade.Begin ask, int owner);

    /**
     * The next attempt, when {@code attempt} is still the last one and the answer runs; after the last that there may be, the
     * answer is interrupted.
     */
    Future<Claim> takeOver(String tenant, String id, int attempt, int owner);

    Future<Asked> find(String tenant, String id);

    /** Keeps a segment once, unless its attempt has a successor. When it fails, it may be kept or not. */
    Future<Keeping> keep(Segment segment);

    /** The same of several, each of another answer; what came of each, in their order. */
    default Future<List<Future<Keeping>>> keep(List<Segment> segments) {
        return Future.succeededFuture(segments.stream().map(this::keep).toList());
    }

    /** Kept pieces from a number on, oldest first, as many as one frame of the bus holds. */
    Future<List<Frame>> read(String tenant, String id, long from);

    /** What a node computes is computed by nobody from now on. */
    Future<Void> release(int owner);

    /** Interrupts answers that run and did not come on for so long: whoever computed them is gone, and nobody asked again. */
    Future<Void> interrupt(Duration silence);

    /** Forgets answers, whether they run or have ended; returns how many there were. Of one that runs nothing more is kept. */
    Future<Integer> forget(String tenant, List<String> ids);

    /** Forgets answers that ended so long ago. */
    Future<Void> forget(Duration age);

    /** What became of a segment. */
    enum Keeping {
        KEPT,
        FENCED
    }

    /** An answer: what was asked and how, by whom, and where it stands. */
    record Asked(Cascade.Begin ask, Placed placed) {
        public String tenant() {
            return ask.tenant();
        }
    }

    /** An answer, and whether the claim on its next attempt was won. */
    record Claim(Asked row, boolean won) {}
}
