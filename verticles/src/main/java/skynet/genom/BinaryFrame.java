package skynet.genom;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import skynet.bus.Genom;

/**
 * The compact form of a {@link Frame}:
 *
 * <pre>
 *  0x67 | version 1 | node | epoch | sequence | type | bytes of codes | codes ... | crc32c
 *  1 B    1 B         varint varint  varint     1 B    varint           CodeStream   4 B, big-endian
 * </pre>
 *
 * Varints carry 7 bits a byte, the low ones first, in their shortest form. The checksum covers all before it. Nothing
 * follows it. A frame has exactly one spelling; every other is refused.
 */
public final class BinaryFrame {
    /** Longest frame in bytes: no byte of text takes more than a flag and an id of three bytes. */
    public static final int FRAME_BYTES_MAX = 4 * Genom.TEXT_BYTES_MAX + 64;

    private static final byte MAGIC = 0x67;
    private static final byte VERSION = 1;
    private static final int CHECKSUM_BYTES = 4;
    private static final int FIXED_BYTES_MAX = 64;

    private BinaryFrame() {}

    /** Writes a frame. */
    public static byte[] write(Frame frame) {
        byte[] codes = CodeStream.write(frame.codes());
        ByteBuffer target = ByteBuffer.allocate(codes.length + FIXED_BYTES_MAX);
        target.put(MAGIC).put(VERSION);
        writeVarint(target, frame.node());
        writeVarint(target, frame.epoch());
        writeVarint(target, frame.sequence());
        target.put((byte) frame.type().ordinal());
        writeVarint(target, codes.length);
        target.put(codes);
        target.putInt(checksum(target.array(), target.position()));
        byte[] bytes = new byte[target.flip().remaining()];
        target.get(bytes);
        return bytes;
    }

    /** How many bytes {@link #write} would write. */
    public static int length(Frame frame) {
        int codes = CodeStream.length(frame.codes());
        return 2
                + varintLength(frame.node())
                + varintLength(frame.epoch())
                + varintLength(frame.sequence())
                + 1
                + varintLength(codes)
                + codes
                + CHECKSUM_BYTES;
    }

    /** Reads a frame that fills the array; anything that {@link #write} would not write is refused. */
    public static Frame read(byte[] bytes) throws FrameException {
        if (bytes.length > FRAME_BYTES_MAX) {
            throw new FrameException(
                    FRAME_BYTES_MAX, bytes.length + " bytes (expected: at most " + FRAME_BYTES_MAX + ")");
        }
        ByteBuffer source = ByteBuffer.wrap(bytes);
        try {
            return read(source, bytes);
        } catch (BufferUnderflowException truncated) {
            throw new FrameException(source.position(), "end of frame (expected: more bytes)");
        }
    }

    private static Frame read(ByteBuffer source, byte[] bytes) throws FrameException {
        if (source.get() != MAGIC) {
            throw new FrameException(0, "magic (expected: " + MAGIC + ")");
        }
        if (source.get() != VERSION) {
            throw new FrameException(1, "version (expected: " + VERSION + ")");
        }
        int nodeAt = source.position();
        long node = readVarint(source);
        if (node < 1 || node > Frame.NODE_MAX) {
            throw new FrameException(nodeAt, "node (expected: 1 to " + Frame.NODE_MAX + ")");
        }
        long epoch = readVarint(source);
        long sequence = readVarint(source);
        int typeAt = source.position();
        FrameType type = FrameType.of(source.get());
        if (type == null) {
            throw new FrameException(typeAt, "type (expected: 0 to " + (FrameType.values().length - 1) + ")");
        }
        int lengthAt = source.position();
        long length = readVarint(source);
        int start = source.position();
        if (length != source.remaining() - CHECKSUM_BYTES) {
            throw new FrameException(
                    lengthAt, length + " bytes of codes (expected: " + (source.remaining() - CHECKSUM_BYTES) + ")");
        }
        int stop = start + (int) length;
        if (source.getInt(stop) != checksum(bytes, stop)) {
            throw new FrameException(stop, "checksum (expected: CRC32C over all before)");
        }
        return new Frame((int) node, epoch, sequence, type, CodeStream.read(bytes, start, stop));
    }

    private static void writeVarint(ByteBuffer target, long value) {
        long rest = value;
        for (; rest >= 0x80; rest >>>= 7) {
            target.put((byte) (rest | 0x80));
        }
        target.put((byte) rest);
    }

    private static int varintLength(long value) {
        return Math.max(1, (70 - Long.numberOfLeadingZeros(value)) / 7);
    }

    private static long readVarint(ByteBuffer source) throws FrameException {
        int place = source.position();
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            byte part = source.get();
            value |= (long) (part & 0x7F) << shift;
            if (part >= 0) {
                if (part == 0 && shift > 0) {
                    break;
                }
                return value;
            }
        }
        throw new FrameException(place, "number (expected: at most 2^63 - 1 in its shortest form)");
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
