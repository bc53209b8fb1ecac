package skynet.messages;

import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who waits for something to come into an inbox. As many as asks may be in flight. Belongs to one thread. */
final class Waiters {
    private final Map<String, List<Promise<Boolean>>> waiting = new HashMap<>();

    /** Somebody waits. */
    void add(String inbox, Promise<Boolean> waiter) {
        waiting.computeIfAbsent(inbox, first -> new ArrayList<>()).add(waiter);
    }

    /** Somebody waits no more. */
    void remove(String inbox, Promise<Boolean> waiter) {
        waiting.computeIfPresent(inbox, (name, waiters) -> {
            waiters.remove(waiter);
            return waiters.isEmpty() ? null : waiters;
        });
    }

    /** Something came into an inbox. */
    void wake(String inbox) {
        List<Promise<Boolean>> waiters = waiting.remove(inbox);
        if (waiters != null) {
            waiters.forEach(waiter -> waiter.tryComplete(true));
        }
    }

    int count() {
        return waiting.values().stream().mapToInt(List::size).sum();
    }
}
