package skynet.crypto;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import skynet.bus.Fault;

/**
 * How many handshakes one address may begin: {@value #AT_ONCE} at once and then {@value #PER_SECOND} a second, so that nobody
 * alone takes the places of all. One thread at a time.
 */
final class Pace {
    static final int AT_ONCE = 120;
    static final int PER_SECOND = 2;

    /** Addresses that are told apart; the one not heard of for longest is forgotten first. */
    static final int ADDRESSES_MAX = 10_000;

    private static final int MILLIS = 1_000 / PER_SECOND;

    /** For each address the time at which all its places are free again. */
    private final Map<String, Long> free = new LinkedHashMap<>();

    /** Takes a place for an address; all who come without one share the places of the empty one. */
    void take(String address, long nowMillis) {
        Long before = free.remove(address);
        long next = Math.max(before == null ? 0 : before, nowMillis) + MILLIS;
        boolean full = next - nowMillis > (long) AT_ONCE * MILLIS;
        free.put(address, full ? before : next);
        if (free.size() > ADDRESSES_MAX) {
            Iterator<String> eldest = free.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        if (full) {
            throw new Fault(
                    Fault.Kind.THROTTLED,
                    "handshakes: too many from this address (expected: " + PER_SECOND + " a second, " + AT_ONCE
                            + " at once)");
        }
    }
}
