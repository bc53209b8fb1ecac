package skynet.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import skynet.bus.Fault;

/**
 * A GENOM frame in the form in which it is sealed: its parts at fixed places, each code one word of 32 bits.
 *
 * <pre>
 *   0   1  0x7A
 *   1   1  version, 1
 *   2   1  type: 0 MSG, 1 REQ, 2 RES, 3 EVT, 4 ACK, 5 ERR
 *   3   1  zero
 *   4   4  number of the sender, 1 to 9,999,999
 *   8   8  epoch
 *  16   8  sequence
 *  24  4n  codes, as the GENOM encoder makes them
 * </pre>
 *
 * Who has no dictionary sends any bytes as one raw span: the word {@code 0x80100000 | length - 1}, then the bytes, four to
 * a word, the first one lowest, the last word filled with zeros.
 */
public final class PointFrame {
    /** Bytes before the codes. */
    public static final int HEADER_BYTES = 24;

    /** Most codes of one frame. */
    public static final int CODES_MAX = (Envelope.PLAIN_BYTES_MAX - HEADER_BYTES) / Integer.BYTES;

    /** The type of an answer. */
    public static final int RES = 2;

    private static final byte MAGIC = 0x7A;
    private static final int TYPE_MAX = 5;
    private static final int NODE_MAX = 9_999_999;
    private static final int RAW = 0x80100000;

    private final byte[] bytes;

    private PointFrame(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads a frame; throws a {@link Fault} on bytes that are none. */
    public static PointFrame read(byte[] bytes) {
        if (bytes.length < HEADER_BYTES
                || bytes.length > Envelope.PLAIN_BYTES_MAX
                || (bytes.length - HEADER_BYTES) % Integer.BYTES != 0) {
            throw Fault.invalid("frame: " + bytes.length + " bytes (expected: " + HEADER_BYTES + " and 4 for each of "
                    + CODES_MAX + " codes at most)");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (bytes[0] != MAGIC || bytes[1] != 1 || bytes[3] != 0) {
            throw Fault.invalid(
                    "frame: begins with " + Integer.toHexString(header.getInt(0)) + " (expected: 7a, 1, a type, 0)");
        }
        if (bytes[2] < 0 || bytes[2] > TYPE_MAX) {
            throw Fault.invalid("frame type: " + bytes[2] + " (expected: 0 to " + TYPE_MAX + ")");
        }
        if (header.getInt(4) < 1 || header.getInt(4) > NODE_MAX) {
            throw Fault.invalid("frame node: " + header.getInt(4) + " (expected: 1 to " + NODE_MAX + ")");
        }
        if (header.getLong(8) < 0 || header.getLong(16) < 0) {
            throw Fault.invalid("frame epoch or sequence: below 0 (expected: 0 to 2^63 - 1)");
        }
        return new PointFrame(bytes.clone());
    }

    /** A frame of these codes. */
    public static PointFrame of(int type, int node, long epoch, long sequence, int[] codes) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER_BYTES + Integer.BYTES * Math.min(codes.length, CODES_MAX + 1))
                .put(MAGIC)
                .put((byte) 1)
                .put((byte) type)
                .put((byte) 0)
                .putInt(node)
                .putLong(epoch)
                .putLong(sequence);
        for (int index = 0; index < codes.length && frame.hasRemaining(); index++) {
            frame.putInt(codes[index]);
        }
        return read(frame.array());
    }

    /** The codes of some bytes, at least two, without a dictionary: one raw span. */
    public static int[] raw(byte[] content) {
        if (content.length < 2 || content.length > Integer.BYTES * (CODES_MAX - 1)) {
            throw new IllegalArgumentException(
                    "content: " + content.length + " bytes (expected: 2 to " + Integer.BYTES * (CODES_MAX - 1) + ")");
        }
        int[] codes = new int[1 + (content.length + 3 >> 2)];
        codes[0] = RAW | content.length - 1;
        for (int at = 0; at < content.length; at++) {
            codes[1 + (at >> 2)] |= (content[at] & 0xFF) << 8 * (at & 3);
        }
        return codes;
    }

    /** A frame that holds a text as one raw span. */
    public static PointFrame ofText(int type, int node, long epoch, long sequence, String text) {
        return of(type, node, epoch, sequence, raw(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The answer of a node: the same codes, epoch and sequence. */
    PointFrame answeredBy(int node) {
        byte[] answer = bytes.clone();
        answer[2] = RES;
        ByteBuffer.wrap(answer).putInt(4, node);
        return new PointFrame(answer);
    }

    public int type() {
        return bytes[2];
    }

    public int node() {
        return ByteBuffer.wrap(bytes).getInt(4);
    }

    public long epoch() {
        return ByteBuffer.wrap(bytes).getLong(8);
    }

    public long sequence() {
        return ByteBuffer.wrap(bytes).getLong(16);
    }

    public int[] codes() {
        int[] codes = new int[(bytes.length - HEADER_BYTES) / Integer.BYTES];
        ByteBuffer.wrap(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES)
                .asIntBuffer()
                .get(codes);
        return codes;
    }

    /** The bytes of a frame that is one raw span. */
    public byte[] rawContent() {
        int[] codes = codes();
        int length = codes.length == 0 ? 0 : (codes[0] & PhaseRotation.TURN - 1) + 1;
        if (codes.length == 0 || (codes[0] & -PhaseRotation.TURN) != RAW || codes.length != 1 + (length + 3 >> 2)) {
            throw Fault.invalid("frame: not one raw span (expected: code 80100000 and its bytes)");
        }
        byte[] content = new byte[length];
        for (int at = 0; at < length; at++) {
            content[at] = (byte) (codes[1 + (at >> 2)] >>> 8 * (at & 3));
        }
        return content;
    }

    public byte[] bytes() {
        return Arrays.copyOf(bytes, bytes.length);
    }
}
