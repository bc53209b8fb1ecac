package skynet.mesh;

import io.vertx.core.Future;
import skynet.bus.Mesh;

/**
 * One node's view of one role: when to renew, when to claim, and above all when to stop believing.
 *
 * <p>A holder believes for {@value #BELIEF_MILLIS} ms from the moment <em>before</em> it asked for the lease, by its own
 * monotonic clock, and the store grants {@value #TTL_MILLIS} ms from a later moment: so belief ends first, however long
 * the answer took, and also when no answer, no timer and no thread comes any more, because {@link #holds} compares clocks.
 * All times are milliseconds of that clock. Runs on one thread.
 */
final class Tenure {
    /** For how long the store grants a lease. */
    static final long TTL_MILLIS = 3_000;

    /** How often a holder renews and the others look. */
    static final long EVERY_MILLIS = 500;

    /** Ends before the lease does, with room for clocks that run unequally fast. */
    static final long BELIEF_MILLIS = 2_500;

    /** What each place in the chain waits longer than the one before it. */
    static final long PLACE_MILLIS = 300;

    /** Who has no answer by then asks again; the lost one may still take effect. */
    static final long ANSWER_MILLIS_MAX = 1_000;

    private final LeaseStore store;
    private final String role;
    private final int node;
    private final long waitMillis;
    private Mesh.Lease seen;
    private long seenAt;
    private long epoch;
    private long believedUntil = Long.MIN_VALUE;
    private long nextAt = Long.MIN_VALUE;
    private long attempt;
    private boolean released;
    private long answeredAt = Long.MIN_VALUE;

    /** @param place how many nodes come before this one */
    Tenure(LeaseStore store, String role, int node, int place) {
        this.store = store;
        this.role = role;
        this.node = node;
        this.waitMillis = place * PLACE_MILLIS;
        this.seen = new Mesh.Lease(role, 0, 0, 0);
    }

    String role() {
        return role;
    }

    /** Whether this node may act in the role now. */
    boolean holds(long now) {
        return epoch > 0 && now < believedUntil;
    }

    /** The epoch that guarded writes carry while {@link #holds}. */
    long epoch() {
        return epoch;
    }

    /** Who has the role as far as is known, or 0. */
    int holder(long now) {
        if (holds(now)) {
            return node;
        }
        return seen.holder() != node && now < seenAt + seen.leftMillis() ? seen.holder() : 0;
    }

    /** The epoch of {@link #holder}. */
    long knownEpoch(long now) {
        return holds(now) ? epoch : seen.epoch();
    }

    /** When the last question was asked that the store answered. */
    long answeredAt() {
        return answeredAt;
    }

    /** To be called often, many times a second; asks the store for what is due. */
    Future<?> tick(long now) {
        if (released || now < nextAt) {
            return Future.succeededFuture();
        }
        nextAt = now + (holds(now) ? EVERY_MILLIS : ANSWER_MILLIS_MAX);
        long asked = ++attempt;
        return holds(now) ? renew(now) : look(now, asked);
    }

    /** Somebody gave the role back: look at once. */
    void hurry() {
        nextAt = Long.MIN_VALUE;
    }

    /** Stops acting in the role now, then tells the store; whoever is next takes over. */
    Future<Void> release(long now) {
        attempt++;
        released = true;
        if (!holds(now)) {
            return Future.succeededFuture();
        }
        believedUntil = now;
        return store.release(role, node, epoch);
    }

    /** An answer counts also when the next question is on its way: what the store granted, it granted. */
    private Future<?> renew(long now) {
        long renewed = epoch;
        return store.renew(role, node, renewed, TTL_MILLIS).onSuccess(kept -> {
            answeredAt = Math.max(answeredAt, now);
            if (released || epoch != renewed) {
                return;
            }
            believedUntil = kept ? Math.max(believedUntil, now + BELIEF_MILLIS) : now;
            nextAt = kept ? nextAt : Long.MIN_VALUE;
        });
    }

    private Future<?> look(long now, long asked) {
        return store.look(role).compose(found -> {
            answeredAt = Math.max(answeredAt, now);
            if (asked < attempt) {
                return Future.succeededFuture();
            }
            seen = found.orElse(new Mesh.Lease(role, 0, 0, 0));
            seenAt = now;
            boolean own = seen.holder() == node;
            long untilFree = own || seen.epoch() == 0 ? 0 : seen.leftMillis() + waitMillis;
            nextAt = now + Math.max(1, Math.min(EVERY_MILLIS, untilFree));
            return untilFree <= 0 ? claim(now, asked) : Future.succeededFuture();
        });
    }

    private Future<?> claim(long now, long asked) {
        nextAt = now + ANSWER_MILLIS_MAX;
        long before = seen.epoch();
        return store.claim(role, node, before, waitMillis, TTL_MILLIS).onSuccess(taken -> {
            if (asked < attempt) {
                return;
            }
            if (taken) {
                epoch = before + 1;
                believedUntil = now + BELIEF_MILLIS;
                nextAt = now + EVERY_MILLIS;
            } else {
                nextAt = now + 1;
            }
        });
    }
}
