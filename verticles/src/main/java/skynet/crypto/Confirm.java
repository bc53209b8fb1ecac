package skynet.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import skynet.bus.Fault;

/**
 * The third and last message of a handshake, client to node. A client need not say who it is.
 *
 * <pre>
 *    0     1  version, 1
 *    1     1  signatures that follow: 0 none, 1 Ed25519, 3 Ed25519 and ML-DSA-65
 *    2     2  zero
 *    4    32  Ed25519 key, with signatures 1 and 3
 *   36  1952  ML-DSA-65 key, with signatures 3
 *             the head ends here
 *         64  Ed25519 signature, with signatures 1 and 3
 *       3309  ML-DSA-65 signature, with signatures 3
 *  end    32  MAC of the client
 * </pre>
 *
 * So a message has 36, 132 or 5,393 bytes.
 */
final class Confirm {
    private static final int FIXED_BYTES = 4;

    private final byte[] bytes;

    private Confirm(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads a message; throws a {@link Fault} on bytes that are none. */
    static Confirm read(byte[] bytes) {
        if (bytes.length < FIXED_BYTES || bytes[0] != Hello.VERSION) {
            throw Fault.invalid("confirm version: " + (bytes.length == 0 ? "none" : bytes[0]) + " (expected: "
                    + Hello.VERSION + ")");
        }
        if (bytes[2] != 0 || bytes[3] != 0) {
            throw Fault.invalid("confirm bytes 2 and 3: " + bytes[2] + " " + bytes[3] + " (expected: 0 0)");
        }
        int expected = headBytes(bytes[1]) + PublicIdentity.signatureBytes(bytes[1]) + Hkdf.DIGEST_BYTES;
        if (bytes.length != expected) {
            throw Fault.invalid("confirm: " + bytes.length + " bytes (expected: " + expected + ")");
        }
        return new Confirm(bytes.clone());
    }

    static byte[] head(Optional<PublicIdentity> client) {
        int kinds = client.map(PublicIdentity::kinds).orElse(0);
        ByteBuffer head = ByteBuffer.allocate(headBytes(kinds))
                .put((byte) Hello.VERSION)
                .put((byte) kinds)
                .putShort((short) 0);
        client.ifPresent(who -> head.put(who.ed25519()).put(who.mlDsa()));
        return head.array();
    }

    static Confirm of(byte[] head, byte[] signatures, byte[] mac) {
        return read(ByteBuffer.allocate(head.length + signatures.length + mac.length)
                .put(head)
                .put(signatures)
                .put(mac)
                .array());
    }

    /** Who the client says it is; throws a {@link Fault} when that is no key. */
    Optional<PublicIdentity> client() {
        return bytes[1] == 0
                ? Optional.empty()
                : Optional.of(PublicIdentity.of(
                        Arrays.copyOfRange(bytes, FIXED_BYTES, FIXED_BYTES + PublicIdentity.ED25519_BYTES),
                        Arrays.copyOfRange(bytes, FIXED_BYTES + PublicIdentity.ED25519_BYTES, headBytes(bytes[1]))));
    }

    byte[] head() {
        return Arrays.copyOf(bytes, headBytes(bytes[1]));
    }

    byte[] signatures() {
        return Arrays.copyOfRange(bytes, headBytes(bytes[1]), bytes.length - Hkdf.DIGEST_BYTES);
    }

    byte[] mac() {
        return Arrays.copyOfRange(bytes, bytes.length - Hkdf.DIGEST_BYTES, bytes.length);
    }

    byte[] bytes() {
        return bytes.clone();
    }

    private static int headBytes(int kinds) {
        return switch (kinds) {
            case 0 -> FIXED_BYTES;
            case PublicIdentity.WITH_ED25519 -> FIXED_BYTES + PublicIdentity.ED25519_BYTES;
            case PublicIdentity.WITH_BOTH -> FIXED_BYTES + PublicIdentity.ED25519_BYTES + PublicIdentity.ML_DSA_BYTES;
            default -> throw Fault.invalid("confirm signatures: " + kinds + " (expected: 0, 1 or 3)");
        };
    }
}
