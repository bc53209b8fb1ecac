package skynet.bus;

import java.util.List;
import java.util.Objects;

/**
 * What is said to and by the crypto room: who this node is, signatures, handshakes with clients, and the phase rotation.
 *
 * <p>Keys, signatures and messages are bytes in base64url without padding; their layouts stand in this module's README.
 */
public sealed interface Crypto extends BusMessage {
    /** Longest text to sign, in bytes. */
    int SIGNED_BYTES_MAX = 16 << 10;

    /** Longest text of which the phase rotation is shown, in characters. */
    int ROTATED_CHARS_MAX = 2_000;

    /** Steps of a full turn on the dictionary's plane. */
    int PLANE_STEPS = 1 << 15;

    /** Asks this node for its public keys. */
    @Wire(value = "crypto.identity", reach = Reach.THIS_NODE)
    record Identity() implements Crypto, Request<Identified> {}

    /**
     * The public keys of a node.
     *
     * @param fingerprint 32 bytes: SHA-256 of "SKYNET-1 identity", the Ed25519 key and the ML-DSA-65 key
     * @param xWing the key for messages that are sealed to this node, 1,216 bytes
     * @param xWingSignatures both signatures of that key for the purpose "x-wing", 3,373 bytes
     * @param millis the node's time since 1970
     */
    @Wire("crypto.identified")
    record Identified(
            NodeNumber node,
            String fingerprint,
            String ed25519,
            String mlDsa65,
            String xWing,
            String xWingSignatures,
            long millis)
            implements Crypto {
        public Identified {
            Objects.requireNonNull(node, "node");
        }
    }

    /**
     * Asks this node to sign a text with both of its keys.
     *
     * @param purpose 1 to 40 of a-z, 0-9, space, dot and hyphen; a signature for one is none for another
     * @param text at most {@value #SIGNED_BYTES_MAX} bytes
     */
    @Wire(value = "crypto.sign", reach = Reach.THIS_NODE)
    record Sign(String purpose, String text) implements Crypto, Request<Signed> {
        public Sign {
            Objects.requireNonNull(purpose, "purpose");
            Objects.requireNonNull(text, "text");
        }
    }

    /** The Ed25519 signature (64 bytes), followed by that of ML-DSA-65 (3,309). */
    @Wire("crypto.signed")
    record Signed(String signatures) implements Crypto {}

    /**
     * Asks whether signatures hold, of whomever.
     *
     * @param mlDsa65 empty when the signer has no such key
     * @param signatures 64 bytes, or 3,373 with both
     */
    @Wire("crypto.verify")
    record Verify(String ed25519, String mlDsa65, String purpose, String text, String signatures)
            implements Crypto, Request<Verified> {}

    /**
     * What came out.
     *
     * @param fingerprint that of the keys; told also when the signatures do not hold
     */
    @Wire("crypto.verified")
    record Verified(boolean holds, String fingerprint) implements Crypto {}

    /**
     * The first message of a handshake; goes to the node that it names.
     *
     * @param address where the client calls from, for the limit of each address; never left out by a door
     */
    @Wire(value = "crypto.greet", reach = Reach.NAMED_NODE)
    record Greet(String hello, String address) implements Crypto, Request<Greeted> {
        public Greet {
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(hello, "hello");
        }
    }

    /** The second one, and the session in which the third is awaited. */
    @Wire("crypto.greeted")
    record Greeted(String session, String reply) implements Crypto {}

    /** The third message; goes to the node that made the session. */
    @Wire(value = "crypto.confirm", reach = Reach.NAMED_NODE)
    record Confirm(String session, String confirm) implements Crypto, Request<Confirmed> {
        public Confirm {
            Objects.requireNonNull(session, "session");
            Objects.requireNonNull(confirm, "confirm");
        }
    }

    /**
     * The session is open.
     *
     * @param endMillis when it ends at the latest, milliseconds since 1970
     * @param peer fingerprint of the keys that the client proved to have; empty when it named none
     */
    @Wire("crypto.confirmed")
    record Confirmed(String session, long endMillis, String peer) implements Crypto {}

    /** A sealed frame within a session; goes to the node that made the session. */
    @Wire(value = "crypto.say", reach = Reach.NAMED_NODE)
    record Say(String session, String sealed) implements Crypto, Request<Said> {
        public Say {
            Objects.requireNonNull(session, "session");
            Objects.requireNonNull(sealed, "sealed");
        }
    }

    /** The sealed answer. */
    @Wire("crypto.said")
    record Said(String sealed) implements Crypto {}

    /** Shows what the phase rotation does to a text, which is no protection. */
    @Wire("crypto.rotate")
    record Rotate(String text, int steps) implements Crypto, Request<Rotated> {
        public Rotate {
            Objects.requireNonNull(text, "text");
            if (text.isEmpty() || text.length() > ROTATED_CHARS_MAX) {
                throw new IllegalArgumentException(
                        "text: " + text.length() + " characters (expected: 1 to " + ROTATED_CHARS_MAX + ")");
            }
            if (steps < 0 || steps >= PLANE_STEPS) {
                throw new IllegalArgumentException("steps: " + steps + " (expected: 0 to " + (PLANE_STEPS - 1) + ")");
            }
        }
    }

    /**
     * The points before and after.
     *
     * @param stepsGuessed the rotation as whoever knows the first token finds it from its rotated point alone
     * @param textRestored the text that the points give when they are rotated back
     */
    @Wire("crypto.rotated")
    record Rotated(List<Point> points, int stepsGuessed, String textRestored) implements Crypto {
        public Rotated {
            points = List.copyOf(points);
        }
    }

    /** One token: its radius, which stays, and its angle before, after, and turned back. */
    record Point(String id, double r, double thetaRadians, double rotatedRadians, double restoredRadians) {}
}
