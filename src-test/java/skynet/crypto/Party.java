package skynet.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;

/** A node and a client that shake hands in a test, with dice that fall the same each time. */
final class Party {
    static final long NOW = 1_800_000_000_000L;
    static final int NODE = 5;

    final NodeIdentity node = NodeIdentity.of(dice(1, NodeIdentity.SEED_BYTES));
    final NodeIdentity client = NodeIdentity.of(dice(2, NodeIdentity.SEED_BYTES));
    Session atNode;
    Session atClient;

    /** Bytes that a seed stands for. */
    static byte[] dice(long seed, int bytes) {
        byte[] dice = new byte[bytes];
        new Random(seed).nextBytes(dice);
        return dice;
    }

    Initiator initiator(int suites, int kinds) {
        return new Initiator(NODE, node.open(), suites, kinds, dice(3, Initiator.DICE_BYTES), NOW);
    }

    Responder responder(byte[] hello) {
        return Responder.greet(Hello.read(hello), node, dice(4, Responder.DICE_BYTES), NOW + Sessions.AGE_MILLIS);
    }

    /** Both have a session now. */
    Party shakeHands(int suites, int kinds, Optional<NodeIdentity> self) {
        Initiator initiator = initiator(suites, kinds);
        Responder responder = responder(initiator.hello());
        Initiator.Opened opened = initiator.finish(responder.reply().bytes(), self, NOW);
        atClient = opened.session();
        atNode = responder.confirmed(Confirm.read(opened.confirm()), NOW);
        return this;
    }

    static PointFrame frame(String text) {
        return PointFrame.ofText(0, 1_000_001, 7, 42, text);
    }

    static String text(PointFrame frame) {
        return new String(frame.rawContent(), StandardCharsets.UTF_8);
    }
}
