package skynet.web;

import java.util.HashMap;
import java.util.Map;
import skynet.bus.Fault;
import skynet.bus.Principal;

/**
 * Requests that wait for something to come. They take no place from those that are being answered, so they have bounds of
 * their own: of all of them, and of those of one caller. Belongs to the event loop of the front door.
 */
final class LongPolls {
    /** Waiting at once. */
    static final int WAITING_MAX = 4_000;

    /** Of them one caller's. */
    static final int OF_ONE_CALLER_MAX = 16;

    private final Map<String, Integer> waiting = new HashMap<>();
    private int all;

    /** Takes a place for a caller; the answer gives it back. */
    Runnable enter(Principal by) {
        String caller = by.tenant() + '/' + by.user();
        int own = waiting.getOrDefault(caller, 0);
        if (own >= OF_ONE_CALLER_MAX) {
            throw new Fault(
                    Fault.Kind.THROTTLED, "wait: " + own + " requests of yours wait already (expected: fewer at once)");
        }
        if (all >= WAITING_MAX) {
            throw new Fault(Fault.Kind.BUSY, "wait: too many requests wait (expected: later, or without wait)");
        }
        all++;
        waiting.put(caller, own + 1);
        return () -> leave(caller);
    }

    private void leave(String caller) {
        all--;
        waiting.computeIfPresent(caller, (name, own) -> own == 1 ? null : own - 1);
    }
}
