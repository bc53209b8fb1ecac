package skynet.crypto;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import skynet.bus.Fault;
import skynet.crypto.Envelope.Direction;

/** The node's side of one handshake: replies to a hello, then takes the confirmation. */
final class Responder {
    /** Random bytes that a handshake takes on this side. */
    static final int DICE_BYTES = 108;

    private final Reply reply;
    private final KeySchedule schedule;

    private Responder(Reply reply, KeySchedule schedule) {
        this.reply = reply;
        this.schedule = schedule;
    }

    /**
     * Replies to a hello that was meant for this node. Takes some milliseconds.
     *
     * @param dice 108 random bytes, never used twice
     */
    static Responder greet(Hello hello, NodeIdentity self, byte[] dice, long endMillis) {
        XWing.Encapsulated secret = XWing.encapsulate(hello.key(), Arrays.copyOf(dice, XWing.DICE_BYTES));
        byte[] session =
                ByteBuffer.allocate(16).putInt(hello.node()).put(dice, 96, 12).array();
        byte[] head = Reply.head(
                Suite.firstOf(hello.suites()).orElseThrow(),
                hello.kinds(),
                session,
                endMillis,
                Arrays.copyOfRange(dice, 64, 96),
                secret.ciphertext());
        byte[] h2 = KeySchedule.h2(hello, head);
        KeySchedule schedule = new KeySchedule(h2, secret.secret());
        byte[] signatures = self.sign(KeySchedule.NODE_SIGNS, h2, hello.kinds());
        return new Responder(Reply.of(head, signatures, schedule.nodeMac(signatures)), schedule);
    }

    Reply reply() {
        return reply;
    }

    /**
     * The session that a confirmation opens. One that fails changes nothing.
     *
     * @throws Fault DENIED when a MAC or a signature does not hold
     */
    Session confirmed(Confirm confirm, long nowMillis) {
        byte[] h4 = schedule.h4(reply.mac(), confirm.head());
        if (!MessageDigest.isEqual(schedule.clientMac(h4, confirm.signatures()), confirm.mac())) {
            throw new Fault(Fault.Kind.DENIED, "confirm MAC: does not hold (expected: that of this handshake)");
        }
        Optional<PublicIdentity> client = confirm.client();
        if (client.isPresent() && !client.get().signed(KeySchedule.CLIENT_SIGNS, h4, confirm.signatures())) {
            throw new Fault(Fault.Kind.DENIED, "confirm signature: does not hold (expected: by the keys it names)");
        }
        return new Session(
                reply.session(),
                Direction.NODE_TO_CLIENT,
                reply.suite(),
                schedule.clientTraffic(),
                schedule.nodeTraffic(),
                client,
                nowMillis,
                reply.endMillis());
    }

    /** After this it confirms nothing any more. */
    void forget() {
        schedule.forget();
    }
}
