package skynet.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import skynet.bus.Fault;
import skynet.crypto.Envelope.Direction;

/** The client's side of one handshake: says hello, checks the reply, confirms. */
public final class Initiator {
    /** Random bytes that a handshake takes on this side. */
    public static final int DICE_BYTES = 64;

    private final PublicIdentity node;
    private final Hello hello;
    private final XWing.Key key;

    /**
     * Begins a handshake with a node whose keys are known.
     *
     * @param suites what is offered, a bit each: 1 AES-256-GCM, 2 ChaCha20-Poly1305
     * @param kinds the signatures that the node shall give: 1 or 3
     * @param dice 64 random bytes, never used twice
     */
    public Initiator(int number, PublicIdentity node, int suites, int kinds, byte[] dice, long nowMillis) {
        this.node = node;
        this.key = XWing.key(Arrays.copyOf(dice, XWing.SEED_BYTES));
        this.hello = Hello.of(
                suites,
                kinds,
                number,
                nowMillis,
                node.fingerprint(),
                Arrays.copyOfRange(dice, XWing.SEED_BYTES, DICE_BYTES),
                key.publicKey());
    }

    /** The first message. */
    public byte[] hello() {
        return hello.bytes();
    }

    /**
     * Checks the reply and confirms. The session may be used when the node has taken the confirmation.
     *
     * @param self who this client proves to be; empty when it does not say
     * @throws Fault DENIED when the reply is not that of the node that was meant, or gives less than was asked for
     */
    public Opened finish(byte[] message, Optional<NodeIdentity> self, long nowMillis) {
        Reply reply = Reply.read(message);
        if ((hello.suites() & reply.suite().code()) == 0 || reply.kinds() != hello.kinds()) {
            throw new Fault(
                    Fault.Kind.DENIED,
                    "reply: suite " + reply.suite().code() + ", signatures " + reply.kinds() + " (expected: suite of "
                            + hello.suites() + ", signatures " + hello.kinds() + ")");
        }
        byte[] h2 = KeySchedule.h2(hello, reply.head());
        if (!node.signed(KeySchedule.NODE_SIGNS, h2, reply.signatures())) {
            throw new Fault(Fault.Kind.DENIED, "reply signature: does not hold (expected: the node's)");
        }
        KeySchedule schedule = new KeySchedule(h2, key.open(reply.ciphertext()));
        if (!MessageDigest.isEqual(schedule.nodeMac(reply.signatures()), reply.mac())) {
            throw new Fault(Fault.Kind.DENIED, "reply MAC: does not hold (expected: the node's)");
        }
        byte[] head = Confirm.head(self.map(NodeIdentity::open));
        byte[] h4 = schedule.h4(reply.mac(), head);
        byte[] signatures = self.map(
                        who -> who.sign(KeySchedule.CLIENT_SIGNS, h4, who.open().kinds()))
                .orElse(new byte[0]);
        Confirm confirm = Confirm.of(head, signatures, schedule.clientMac(h4, signatures));
        Session session = new Session(
                reply.session(),
                Direction.CLIENT_TO_NODE,
                reply.suite(),
                schedule.clientTraffic(),
                schedule.nodeTraffic(),
                Optional.of(node),
                nowMillis,
                reply.endMillis());
        schedule.forget();
        return new Opened(confirm.bytes(), session);
    }

    /** The last message, and the session that it opens. */
    public static final class Opened {
        private final byte[] confirm;
        private final Session session;

        private Opened(byte[] confirm, Session session) {
            this.confirm = confirm;
            this.session = session;
        }

        public byte[] confirm() {
            return confirm.clone();
        }

        public Session session() {
            return session;
        }
    }
}
