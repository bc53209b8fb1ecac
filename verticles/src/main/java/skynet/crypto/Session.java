package skynet.crypto;

import java.util.Arrays;
import java.util.Optional;
import skynet.bus.Fault;
import skynet.crypto.Envelope.Direction;

/**
 * What two sides have after a handshake: a key per direction, counters, a replay window. One thread at a time.
 *
 * <p>The sender takes the next generation of keys after ten minutes or 64 MiB. The receiver follows by one step when it sees
 * a genuine message of it, keeps the generation before for 30 seconds for messages that were overtaken, and refuses one
 * that is used for twice as long or twice as many bytes.
 */
public final class Session {
    /** A sender's generation of keys lasts so long. */
    public static final long REKEY_MILLIS = 600_000;

    /** A sender's generation of keys takes so many bytes. */
    public static final long REKEY_BYTES = 64L << 20;

    private static final long OVERTAKEN_MILLIS = 30_000;

    private final byte[] id;
    private final Direction sends;
    private final Optional<PublicIdentity> peer;
    private final long endMillis;
    private final ReplayWindow window = new ReplayWindow();

    private Generation sending;
    private long counter;
    private Generation receiving;
    private Optional<Generation> before = Optional.empty();
    private long followedMillis;

    Session(
            byte[] id,
            Direction sends,
            Suite suite,
            byte[] clientTraffic,
            byte[] nodeTraffic,
            Optional<PublicIdentity> peer,
            long nowMillis,
            long endMillis) {
        this.id = id;
        this.sends = sends;
        this.peer = peer;
        this.endMillis = endMillis;
        boolean client = sends == Direction.CLIENT_TO_NODE;
        this.sending = new Generation(0, suite, client ? clientTraffic : nodeTraffic, nowMillis);
        this.receiving = new Generation(0, suite, client ? nodeTraffic : clientTraffic, nowMillis);
    }

    /** 16 bytes: the number of the node, and a random part. */
    public byte[] id() {
        return id.clone();
    }

    /** Who the other side proved to be; empty when it did not say. */
    public Optional<PublicIdentity> peer() {
        return peer;
    }

    /** When it ends at the latest, by the node's time. */
    public long endMillis() {
        return endMillis;
    }

    /** Seals a frame. */
    public byte[] seal(PointFrame frame, long nowMillis) {
        if (sending.spent(nowMillis, REKEY_MILLIS, REKEY_BYTES)) {
            Generation next = sending.next(nowMillis);
            sending.forget();
            sending = next;
        }
        byte[] header = Envelope.header(sends, sending.number(), counter, id);
        byte[] sealed = sending.seal(header, counter, frame.bytes());
        counter++;
        byte[] message = Arrays.copyOf(header, header.length + sealed.length);
        System.arraycopy(sealed, 0, message, header.length, sealed.length);
        return message;
    }

    /**
     * Opens a message. Nothing changes unless it is genuine.
     *
     * @throws Fault INVALID when it is no message of this session, CONFLICT when it came before, DENIED when it is forged
     */
    public PointFrame open(byte[] message, long nowMillis) {
        Envelope envelope = Envelope.read(message);
        if (envelope.direction() != 1 - sends.ordinal()) {
            throw Fault.invalid(
                    "sealed direction: " + envelope.direction() + " (expected: " + (1 - sends.ordinal()) + ")");
        }
        if (!Arrays.equals(envelope.session(), id)) {
            throw Fault.invalid("sealed session: of another session (expected: that of the path)");
        }
        window.require(envelope.counter());
        Generation keys = keysOf(envelope.generation(), nowMillis);
        if (keys.spent(nowMillis, 2 * REKEY_MILLIS, 2 * REKEY_BYTES)) {
            throw new Fault(
                    Fault.Kind.DENIED,
                    "sealed generation: " + keys.number() + " is spent (expected: " + (keys.number() + 1) + ")");
        }
        byte[] frame = keys.open(envelope.header(), envelope.counter(), envelope.bytes(), Envelope.HEADER_BYTES);
        window.mark(envelope.counter());
        follow(keys, nowMillis);
        return PointFrame.read(frame);
    }

    private Generation keysOf(int generation, long nowMillis) {
        if (generation == receiving.number()) {
            return receiving;
        }
        if (generation == receiving.number() + 1) {
            return receiving.next(nowMillis);
        }
        if (generation == receiving.number() - 1 && nowMillis - followedMillis <= OVERTAKEN_MILLIS) {
            return before.orElseThrow();
        }
        throw new Fault(
                Fault.Kind.DENIED,
                "sealed generation: " + generation + " (expected: " + receiving.number() + " or the next)");
    }

    private void follow(Generation keys, long nowMillis) {
        if (keys.number() > receiving.number()) {
            before.ifPresent(Generation::forget);
            before = Optional.of(receiving);
            receiving = keys;
            followedMillis = nowMillis;
        }
    }
}
