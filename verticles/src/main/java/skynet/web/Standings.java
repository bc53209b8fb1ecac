package skynet.web;

import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The standings of all open sockets of a kind. Each is looked up again every {@value #LOOK_SECONDS} s, {@value
 * #LOOKS_AT_ONCE} of them in a tick of {@value #TICK_MILLIS} ms, so that with thousands of sockets it takes longer but the
 * room that is asked has time for others. Belongs to the event loop of the front door.
 */
final class Standings {
    static final long TICK_MILLIS = 100;
    static final int LOOK_SECONDS = 5;
    static final int LOOKS_AT_ONCE = 16;

    /** When each is to be looked up, the earliest first. */
    private final Map<Standing, Long> due = new LinkedHashMap<>();

    private long expiredAtSeconds;

    /** Looks from now on. */
    void start(Vertx vertx) {
        vertx.setPeriodic(
                TICK_MILLIS, tick -> tick(System.nanoTime(), Instant.now().getEpochSecond()));
    }

    void add(Standing standing, long nowNanos) {
        due.put(standing, nowNanos + TimeUnit.SECONDS.toNanos(LOOK_SECONDS));
    }

    void remove(Standing standing) {
        due.remove(standing);
    }

    void tick(long nowNanos, long nowSeconds) {
        if (nowSeconds != expiredAtSeconds) {
            expiredAtSeconds = nowSeconds;
            List.copyOf(due.keySet()).forEach(standing -> standing.expire(nowSeconds));
        }
        List<Standing> late = due.entrySet().stream()
                .filter(entry -> entry.getKey().mayEnd())
                .takeWhile(entry -> entry.getValue() - nowNanos <= 0)
                .limit(LOOKS_AT_ONCE)
                .map(Map.Entry::getKey)
                .toList();
        for (Standing standing : late) {
            due.remove(standing);
            add(standing, nowNanos);
            standing.look();
        }
    }

    /** Ends those for which something was shown that is no longer good; their pages open others as guests. */
    void revoked(String id) {
        List.copyOf(due.keySet()).forEach(standing -> standing.revoked(id));
    }
}
