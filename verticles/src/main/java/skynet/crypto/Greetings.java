package skynet.crypto;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import skynet.bus.Fault;
import skynet.kit.Sha256;

/**
 * The hellos that came, so that none is answered twice.
 *
 * <p>A hello names its node and its time. Another node refuses it by the name, this node by its memory of the last two
 * minutes and by the time beyond that; after a restart, by being older than the start. A client whose clock is fast by up to
 * half a minute could have its last hello played once more to a node that starts again within that time. Whoever plays a
 * hello gains nothing: only who has the key in it can confirm the reply.
 */
final class Greetings {
    /** A hello is no older than this. */
    static final long PAST_MILLIS = 120_000;

    /** A client's clock is ahead by no more than this. */
    static final long FUTURE_MILLIS = 30_000;

    /** Hellos that are remembered; when that many came within their time, new ones have to wait. */
    static final int REMEMBERED_MAX = 131_072;

    private final byte[] fingerprint;
    private final long startedMillis;
    private final Map<String, Long> seen = new LinkedHashMap<>();

    Greetings(byte[] fingerprint, long startedMillis) {
        this.fingerprint = fingerprint.clone();
        this.startedMillis = startedMillis;
    }

    /** Takes a hello once. */
    void take(Hello hello, long nowMillis) {
        if (!Arrays.equals(hello.fingerprint(), fingerprint)) {
            throw conflict("fingerprint: not that of this node (expected: the one of GET /v1/handshake)");
        }
        long earliest = Math.max(nowMillis - PAST_MILLIS, startedMillis);
        if (hello.millis() < earliest || hello.millis() > nowMillis + FUTURE_MILLIS) {
            throw conflict(
                    "time: " + hello.millis() + " (expected: " + earliest + " to " + (nowMillis + FUTURE_MILLIS) + ")");
        }
        String name = HexFormat.of().formatHex(Sha256.of(hello.bytes()));
        if (seen.containsKey(name)) {
            throw conflict("came before (expected: a new one)");
        }
        forget(nowMillis);
        if (seen.size() >= REMEMBERED_MAX) {
            throw new Fault(Fault.Kind.BUSY, "hellos: " + seen.size() + " remembered (expected: fewer)");
        }
        seen.put(name, nowMillis + FUTURE_MILLIS + PAST_MILLIS);
    }

    private void forget(long nowMillis) {
        Iterator<Long> ends = seen.values().iterator();
        while (ends.hasNext() && ends.next() < nowMillis) {
            ends.remove();
        }
    }

    private static Fault conflict(String reason) {
        return new Fault(Fault.Kind.CONFLICT, "hello " + reason);
    }
}
