package skynet.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;
import skynet.bus.Fault;

/**
 * The second message of a handshake, node to client.
 *
 * <pre>
 *    0     1  version, 1
 *    1     1  suite chosen: 1 AES-256-GCM, 2 ChaCha20-Poly1305
 *    2     1  signatures that follow, as understood: 1 or 3
 *    3     1  zero
 *    4    16  session: number of the node (4), random (12)
 *   20     8  when the session ends at the latest, by the node's time, milliseconds since 1970
 *   28    32  nonce
 *   60  1120  X-Wing ciphertext
 * 1180        the head ends here
 * 1180    64  Ed25519 signature
 * 1244  3309  ML-DSA-65 signature, only with signatures 3
 *  end    32  MAC of the node
 * </pre>
 */
final class Reply {
    static final int HEAD_BYTES = 1_180;

    private final byte[] bytes;

    private Reply(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads a message; throws a {@link Fault} on bytes that are none. */
    static Reply read(byte[] bytes) {
        if (bytes.length < HEAD_BYTES || bytes.length != bytes(bytes[2])) {
            throw Fault.invalid("reply: " + bytes.length + " bytes (expected: " + bytes(PublicIdentity.WITH_ED25519)
                    + " or " + bytes(PublicIdentity.WITH_BOTH) + ")");
        }
        if (bytes[0] != Hello.VERSION || bytes[3] != 0) {
            throw Fault.invalid("reply version: " + bytes[0] + " (expected: " + Hello.VERSION + ")");
        }
        if (Suite.of(bytes[1]).isEmpty()) {
            throw Fault.invalid("reply suite: " + bytes[1] + " (expected: 1 or 2)");
        }
        return new Reply(bytes.clone());
    }

    static byte[] head(Suite suite, int kinds, byte[] session, long endMillis, byte[] nonce, byte[] ciphertext) {
        return ByteBuffer.allocate(HEAD_BYTES)
                .put((byte) Hello.VERSION)
                .put((byte) suite.code())
                .put((byte) kinds)
                .put((byte) 0)
                .put(session)
                .putLong(endMillis)
                .put(nonce)
                .put(ciphertext)
                .array();
    }

    static Reply of(byte[] head, byte[] signatures, byte[] mac) {
        return read(ByteBuffer.allocate(head.length + signatures.length + mac.length)
                .put(head)
                .put(signatures)
                .put(mac)
                .array());
    }

    Suite suite() {
        return Suite.of(bytes[1]).orElseThrow();
    }

    int kinds() {
        return bytes[2];
    }

    byte[] session() {
        return Arrays.copyOfRange(bytes, 4, 20);
    }

    long endMillis() {
        return ByteBuffer.wrap(bytes).getLong(20);
    }

    byte[] ciphertext() {
        return Arrays.copyOfRange(bytes, 60, HEAD_BYTES);
    }

    byte[] head() {
        return Arrays.copyOf(bytes, HEAD_BYTES);
    }

    byte[] signatures() {
        return Arrays.copyOfRange(bytes, HEAD_BYTES, bytes.length - Hkdf.DIGEST_BYTES);
    }

    byte[] mac() {
        return Arrays.copyOfRange(bytes, bytes.length - Hkdf.DIGEST_BYTES, bytes.length);
    }

    byte[] bytes() {
        return bytes.clone();
    }

    private static int bytes(int kinds) {
        boolean known = kinds == PublicIdentity.WITH_ED25519 || kinds == PublicIdentity.WITH_BOTH;
        return known ? HEAD_BYTES + PublicIdentity.signatureBytes(kinds) + Hkdf.DIGEST_BYTES : -1;
    }
}
