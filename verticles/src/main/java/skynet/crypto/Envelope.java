package skynet.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;
import skynet.bus.Fault;

/**
 * One sealed message of a session. The header is the additional data of the seal.
 *
 * <pre>
 *   0   1  version, 1
 *   1   1  direction: 0 client to node, 1 node to client
 *   2   2  zero
 *   4   4  generation of the keys, from 0
 *   8   8  counter of this direction, from 0, over all generations
 *  16  16  session
 *  32   n  ciphertext
 *  end 16  tag
 * </pre>
 */
final class Envelope {
    static final int HEADER_BYTES = 32;

    /** Longest plaintext: with everything around it, it fits into one frame of the bus. */
    static final int PLAIN_BYTES_MAX = 32 << 10;

    private final byte[] bytes;

    private Envelope(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads a message; throws a {@link Fault} on bytes that are none. */
    static Envelope read(byte[] bytes) {
        int most = HEADER_BYTES + PLAIN_BYTES_MAX + Suite.TAG_BYTES;
        int least = HEADER_BYTES + PointFrame.HEADER_BYTES + Suite.TAG_BYTES;
        if (bytes.length < least || bytes.length > most) {
            throw Fault.invalid("sealed: " + bytes.length + " bytes (expected: " + least + " to " + most + ")");
        }
        if (bytes[0] != Hello.VERSION) {
            throw Fault.invalid("sealed version: " + bytes[0] + " (expected: " + Hello.VERSION + ")");
        }
        if (bytes[2] != 0 || bytes[3] != 0) {
            throw Fault.invalid("sealed bytes 2 and 3: " + bytes[2] + " " + bytes[3] + " (expected: 0 0)");
        }
        return new Envelope(bytes);
    }

    static byte[] header(Direction direction, int generation, long counter, byte[] session) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .put((byte) Hello.VERSION)
                .put((byte) direction.ordinal())
                .putShort((short) 0)
                .putInt(generation)
                .putLong(counter)
                .put(session)
                .array();
    }

    int direction() {
        return bytes[1];
    }

    int generation() {
        return ByteBuffer.wrap(bytes).getInt(4);
    }

    long counter() {
        return ByteBuffer.wrap(bytes).getLong(8);
    }

    byte[] session() {
        return Arrays.copyOfRange(bytes, 16, HEADER_BYTES);
    }

    byte[] header() {
        return Arrays.copyOf(bytes, HEADER_BYTES);
    }

    byte[] bytes() {
        return bytes;
    }

    /** Who speaks. The order is part of the wire. */
    enum Direction {
        CLIENT_TO_NODE,
        NODE_TO_CLIENT
    }
}
