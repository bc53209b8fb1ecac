package skynet.crypto;

import java.util.concurrent.TimeUnit;
import skynet.bus.Fault;
import skynet.kit.Allowance;
import skynet.kit.Allowances;

/**
 * How many handshakes one address may begin: {@value #AT_ONCE} at once and then {@value #PER_SECOND} a second, so that nobody
 * alone takes the places of all. One thread at a time.
 */
final class Pace {
    static final int AT_ONCE = 120;
    static final int PER_SECOND = 2;

    /** Addresses that are told apart. */
    static final int ADDRESSES_MAX = 10_000;

    private final Allowances addresses = new Allowances(ADDRESSES_MAX);

    /** Takes a place for an address; all who come without one share the places of the empty one. */
    void take(String address, long nowMillis) {
        if (!addresses
                .of(address, () -> new Allowance(PER_SECOND, AT_ONCE))
                .take(TimeUnit.MILLISECONDS.toNanos(nowMillis))) {
            throw new Fault(
                    Fault.Kind.THROTTLED,
                    "handshakes: too many from this address (expected: " + PER_SECOND + " a second, " + AT_ONCE
                            + " at once)");
        }
    }
}
