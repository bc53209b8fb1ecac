package skynet.swarm;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

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

    private final Bucket all;
    private final Map<String, Bucket> addresses = new LinkedHashMap<>();

    Registrars(long nowMillis) {
        this.all = new Bucket(PER_SECOND, AT_ONCE, nowMillis);
    }

    /** Whether one more may come from this address now. */
    boolean admit(String address, long nowMillis) {
        Bucket own = addresses.remove(address);
        if (own == null) {
            // One token is worth ten seconds: time passes at a tenth of its speed.
            own = new Bucket(1, ADDRESS_AT_ONCE, nowMillis / ADDRESS_SECONDS);
            if (addresses.size() >= ADDRESSES_MAX) {
                Iterator<String> eldest = addresses.keySet().iterator();
                eldest.next();
                eldest.remove();
            }
        }
        addresses.put(address, own);
        return own.take(nowMillis / ADDRESS_SECONDS) && all.take(nowMillis);
    }
}
