package skynet.bus;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many asks are on their way, per address and word, and how many of other nodes are being answered here. */
final class InFlight {
    private final int max;
    private final Map<String, Slot> slots = new ConcurrentHashMap<>();
    private final AtomicInteger inHand = new AtomicInteger();

    InFlight(int max) {
        this.max = max;
    }

    /** The bound of this name: the same object for the same name. */
    Slot slot(String name) {
        return slots.computeIfAbsent(name, one -> new Slot());
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

    /** Counts what is on its way under one name, and lets no more in than the bound. */
    final class Slot {
        private final AtomicInteger taken = new AtomicInteger();

        boolean free() {
            return taken.get() < max;
        }

        boolean take() {
            if (taken.incrementAndGet() <= max) {
                return true;
            }
            taken.decrementAndGet();
            return false;
        }

        void give() {
            taken.decrementAndGet();
        }
    }
}
