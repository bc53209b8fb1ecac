package skynet.swarm;

import java.util.concurrent.TimeUnit;
import skynet.kit.Allowance;
import skynet.kit.Allowances;

/**
 * How many registrations a member takes, in all and from one address, so that nobody uses up the numbers. At most
 * {@value #ADDRESSES_MAX} addresses are remembered, those that came last. Belongs to one thread.
 */
final class Registrars {
    static final int PER_SECOND = 20;
    static final int AT_ONCE = 1_000;

    /** From one address: one in so many seconds, and so many at once. */
    static final int ADDRESS_SECONDS = 10;

    static final int ADDRESS_AT_ONCE = 60;
    static final int ADDRESSES_MAX = 10_000;

    private final Allowance all = new Allowance(PER_SECOND, AT_ONCE);
    private final Allowances addresses = new Allowances(ADDRESSES_MAX);

    /** Whether one more may come from this address now. */
    boolean admit(String address, long nowMillis) {
        long now = TimeUnit.MILLISECONDS.toNanos(nowMillis);
        Allowance own = addresses.of(address, () -> new Allowance(1.0 / ADDRESS_SECONDS, ADDRESS_AT_ONCE));
        return own.take(now) && all.take(now);
    }
}
