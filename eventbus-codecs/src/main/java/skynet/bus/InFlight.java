package skynet.bus;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many asks are on their way, per address and word, and how many of other nodes are being answered here. */
final class InFlight {
    private final int max;
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final AtomicInteger inHand = new AtomicInteger();

    InFlight(int max) {
        this.max = max;
    }

    boolean free(String slot) {
        AtomicInteger waiting = asked.get(slot);
        return waiting == null || waiting.get() < max;
    }

    boolean take(String slot) {
        AtomicInteger waiting = asked.computeIfAbsent(slot, s -> new AtomicInteger());
        if (waiting.incrementAndGet() <= max) {
            return true;
        }
        waiting.decrementAndGet();
        return false;
    }

    void give(String slot) {
        asked.get(slot).decrementAndGet();
    }

    Fault busy(String name) {
        return new Fault(Fault.Kind.BUSY, name + ": " + max + " requests are waiting (expected: fewer; try again)");
    }

    void enter(boolean wire) {
        inHand.addAndGet(wire ? 1 : 0);
    }

    void exit(boolean wire) {
        inHand.addAndGet(wire ? -1 : 0);
    }

    int inHand() {
        return inHand.get();
    }
}
