package skynet.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;
import skynet.bus.Fault;

/**
 * The first message of a handshake, client to node; all numbers big-endian.
 *
 * <pre>
 *    0     1  version, 1
 *    1     1  suites offered: bit 0 AES-256-GCM, bit 1 ChaCha20-Poly1305
 *    2     1  signatures understood: 1 Ed25519, 3 Ed25519 and ML-DSA-65
 *    3     1  zero
 *    4     4  number of the node that is meant
 *    8     8  the client's time, milliseconds since 1970
 *   16    32  fingerprint of the node that is meant
 *   48    32  nonce
 *   80  1216  X-Wing public key, used for this handshake only
 * 1296
 * </pre>
 */
final class Hello {
    static final int BYTES = 1_296;
    static final int VERSION = 1;
    static final int SUITES = 3;

    private static final int KEY_AT = 80;

    private final byte[] bytes;

    private Hello(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads a message; throws a {@link Fault} on bytes that are none. */
    static Hello read(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw Fault.invalid("hello: " + bytes.length + " bytes (expected: " + BYTES + ")");
        }
        if (bytes[0] != VERSION) {
            throw Fault.invalid("hello version: " + bytes[0] + " (expected: " + VERSION + ")");
        }
        if ((bytes[1] & SUITES) == 0 || (bytes[1] & ~SUITES) != 0) {
            throw Fault.invalid("hello suites: " + bytes[1] + " (expected: 1, 2 or 3)");
        }
        if (bytes[2] != PublicIdentity.WITH_ED25519 && bytes[2] != PublicIdentity.WITH_BOTH) {
            throw Fault.invalid("hello signatures: " + bytes[2] + " (expected: 1 or 3)");
        }
        if (bytes[3] != 0) {
            throw Fault.invalid("hello byte 3: " + bytes[3] + " (expected: 0)");
        }
        return new Hello(bytes.clone());
    }

    static Hello of(int suites, int kinds, int node, long millis, byte[] fingerprint, byte[] nonce, byte[] key) {
        return read(ByteBuffer.allocate(BYTES)
                .put((byte) VERSION)
                .put((byte) suites)
                .put((byte) kinds)
                .put((byte) 0)
                .putInt(node)
                .putLong(millis)
                .put(fingerprint)
                .put(nonce)
                .put(key)
                .array());
    }

    int suites() {
        return bytes[1];
    }

    int kinds() {
        return bytes[2];
    }

    int node() {
        return ByteBuffer.wrap(bytes).getInt(4);
    }

    long millis() {
        return ByteBuffer.wrap(bytes).getLong(8);
    }

    byte[] fingerprint() {
        return Arrays.copyOfRange(bytes, 16, 48);
    }

    byte[] key() {
        return Arrays.copyOfRange(bytes, KEY_AT, BYTES);
    }

    byte[] bytes() {
        return bytes.clone();
    }
}
