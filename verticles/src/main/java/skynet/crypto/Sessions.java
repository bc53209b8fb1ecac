package skynet.crypto;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import skynet.bus.Fault;

/**
 * The handshakes and sessions of this node, in memory: after a restart all are gone, and clients shake hands again. One
 * thread at a time.
 */
final class Sessions {
    /** A handshake is confirmed within this time. */
    static final long PENDING_MILLIS = 30_000;

    /** A session of which nothing is heard ends after this time. */
    static final long IDLE_MILLIS = 600_000;

    /** A session ends after this time. */
    static final long AGE_MILLIS = 3_600_000;

    /** Handshakes that are awaited. */
    static final int PENDING_MAX = 2_048;

    /** Sessions that are open; each takes some two kilobytes. */
    static final int OPEN_MAX = 20_000;

    private final Map<String, Pending> pending = new LinkedHashMap<>();
    /** Those not heard of for longest come first. */
    private final Map<String, Open> open = new LinkedHashMap<>(16, 0.75f, true);

    /** Refuses a handshake for which there is no room. */
    void requireRoom(long nowMillis) {
        expire(pending, one -> one.untilMillis, nowMillis);
        expire(open, one -> one.heardMillis + IDLE_MILLIS, nowMillis);
        if (pending.size() >= PENDING_MAX || open.size() >= OPEN_MAX) {
            throw new Fault(
                    Fault.Kind.BUSY,
                    "handshakes: " + pending.size() + " awaited, " + open.size() + " open (expected: fewer than "
                            + PENDING_MAX + " and " + OPEN_MAX + ")");
        }
    }

    /** Awaits the confirmation of a handshake. */
    void await(String id, Responder responder, long nowMillis) {
        requireRoom(nowMillis);
        pending.put(id, new Pending(responder, nowMillis + PENDING_MILLIS));
    }

    /** The handshake that awaits its confirmation. */
    Responder awaited(String id, long nowMillis) {
        if (open.containsKey(id)) {
            throw new Fault(Fault.Kind.CONFLICT, "session: is confirmed already (expected: one confirmation)");
        }
        return Optional.ofNullable(pending.get(id))
                .filter(one -> nowMillis < one.untilMillis)
                .map(one -> one.responder)
                .orElseThrow(Sessions::unknown);
    }

    /** From now on the session is open. */
    void open(String id, Session session, long nowMillis) {
        awaited(id, nowMillis).forget();
        pending.remove(id);
        open.put(id, new Open(session, nowMillis));
    }

    /** An open session. */
    Session find(String id, long nowMillis) {
        Open one = open.get(id);
        if (one == null && pending.containsKey(id)) {
            throw new Fault(Fault.Kind.CONFLICT, "session: is not confirmed (expected: its confirmation first)");
        }
        if (one == null || nowMillis >= one.heardMillis + IDLE_MILLIS || nowMillis >= one.session.endMillis()) {
            open.remove(id);
            throw unknown();
        }
        return one.session;
    }

    /** Something genuine came in a session. */
    void heard(String id, long nowMillis) {
        Optional.ofNullable(open.get(id)).ifPresent(one -> one.heardMillis = nowMillis);
    }

    int openCount() {
        return open.size();
    }

    int pendingCount() {
        return pending.size();
    }

    /** Takes away the first ones as long as their time is over. */
    private static <T> void expire(Map<String, T> those, ToLongFunction<T> end, long nowMillis) {
        Iterator<T> oldest = those.values().iterator();
        while (oldest.hasNext() && nowMillis >= end.applyAsLong(oldest.next())) {
            oldest.remove();
        }
    }

    private static Fault unknown() {
        return Fault.absent("session: unknown or over (expected: one that this node opened; shake hands again)");
    }

    /** A handshake that lacks its last message. */
    private record Pending(Responder responder, long untilMillis) {}

    /** A session and when it was last heard of. */
    private static final class Open {
        private final Session session;
        private long heardMillis;

        Open(Session session, long heardMillis) {
            this.session = session;
            this.heardMillis = heardMillis;
        }
    }
}
