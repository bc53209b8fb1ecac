package skynet.kit;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import skynet.bus.Principal;

/**
 * How often one may ask: a credential or, of guests, an address, of which an IPv6 network of 64 bits is one. Over loopback
 * many may come through a proxy, whose word on who they are is not taken: such guests together have {@value
 * #PROXY_SHARE} times as much a second. The machine itself and what tells the node's state are not counted, and of a node
 * that only its own machine reaches nobody is: who is there may read its files as well. Each door counts for itself, on
 * its event loop.
 */
public final class Tolls {
    static final int REQUESTS_PER_SECOND = 100;
    public static final int REQUESTS_AT_ONCE = 5_000;

    /** Questions to chat and to the documents. */
    static final int GUEST_ASKS_PER_MINUTE = 30;

    static final int KNOWN_ASKS_PER_MINUTE = 120;
    static final int ASKS_AT_ONCE = 600;

    /** How many addresses the guests behind one proxy count for. */
    static final int PROXY_SHARE = 20;

    /** Sockets of a kind that one address has open at once; loopback, where a proxy may be, has no bound but that of all. */
    public static final int SOCKETS_OF_AN_ADDRESS_MAX = 200;

    /** Who are told apart; the one not heard of for longest is forgotten first. */
    static final int KEPT_MAX = 10_000;

    /** The scope of what is not counted. */
    public static final String STATE = "status:read";

    /** How a door says that somebody has asked too often. */
    public interface Refuses {
        /** A refusal with what there was too much of, and in how many seconds, 1 or more, one may come again. */
        RuntimeException tooMany(String what, int retrySeconds);
    }

    private final LongSupplier nanoClock;
    private final boolean alone;
    private final Refuses refuses;
    private final Allowances requests = new Allowances(KEPT_MAX);
    private final Allowances asks = new Allowances(KEPT_MAX);

    /** {@code alone} tells whether only this machine reaches the node. */
    public Tolls(LongSupplier nanoClock, boolean alone, Refuses refuses) {
        this.nanoClock = nanoClock;
        this.alone = alone;
        this.refuses = refuses;
    }

    /** One who comes from an address, as text; empty when it has gone already. */
    public Payer from(String address) {
        return new Payer(address);
    }

    /** How many are kept. */
    int kept() {
        return Math.max(requests.size(), asks.size());
    }

    private void take(Allowances kept, String who, Supplier<Allowance> fresh, String what, int count) {
        Allowance allowance = kept.of(who, fresh);
        long now = nanoClock.getAsLong();
        if (!allowance.take(now, count)) {
            throw refuses.tooMany(what, allowance.secondsUntil(now, count));
        }
    }

    private static boolean isLoopback(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        try {
            return bytes != null && InetAddress.getByAddress(bytes).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** An address, or the network in which one may choose any. */
    private static String networkOf(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        if (bytes == null || bytes.length != 16) {
            return address;
        }
        StringBuilder network = new StringBuilder("net ");
        for (int at = 0; at < 8; at++) {
            network.append(Integer.toHexString(bytes[at] & 0xFF)).append(':');
        }
        return network.toString();
    }

    /** One address, from where requests come by whoever shows what is to be known by. */
    public final class Payer {
        private final String address;
        private final String network;
        private final boolean loopback;

        private Payer(String address) {
            this.address = address;
            this.loopback = isLoopback(address);
            this.network = loopback ? "loopback" : networkOf(address);
        }

        /** Whether this address may open one more of a kind of which it may have {@code most}. */
        public boolean mayOpen(OpenByAddress open, int most) {
            return loopback || open.of(network) < most;
        }

        /** The address as text; empty when it is not known. */
        public String address() {
            return address;
        }

        public String network() {
            return network;
        }

        /** Lets a request through or refuses it. */
        public void pass(Principal by, String scope) {
            if (scope.equals(STATE) || isFree(by)) {
                return;
            }
            int share = shareOf(by);
            take(
                    requests,
                    nameOf(by),
                    () -> new Allowance(REQUESTS_PER_SECOND * share, REQUESTS_AT_ONCE * share),
                    "requests: too many (expected: " + REQUESTS_PER_SECOND + " a second)",
                    1);
        }

        /** Lets a question through or refuses it. */
        public void ask(Principal by) {
            ask(by, 1);
        }

        /** The same for several that come at once: all of them or none. */
        public void ask(Principal by, int count) {
            if (isFree(by)) {
                return;
            }
            int aMinute = by.isGuest() ? GUEST_ASKS_PER_MINUTE : KNOWN_ASKS_PER_MINUTE;
            take(
                    asks,
                    nameOf(by),
                    () -> new Allowance(aMinute * shareOf(by) / 60.0, ASKS_AT_ONCE * shareOf(by)),
                    "questions: too many (expected: " + aMinute + " a minute)",
                    count);
        }

        private boolean isFree(Principal by) {
            return loopback && (alone || by.tenant().equals(Principal.MACHINE));
        }

        private int shareOf(Principal by) {
            return loopback && by.isGuest() ? PROXY_SHARE : 1;
        }

        private String nameOf(Principal by) {
            return by.isGuest() ? network : "shown " + by.credential();
        }
    }

    /** What of a kind is open, by the address from which they came. */
    public static final class OpenByAddress {
        private final Map<String, Integer> open = new HashMap<>();

        public int of(String network) {
            return open.getOrDefault(network, 0);
        }

        public void opened(String network) {
            open.merge(network, 1, Integer::sum);
        }

        public void closed(String network) {
            open.computeIfPresent(network, (name, count) -> count == 1 ? null : count - 1);
        }
    }
}
