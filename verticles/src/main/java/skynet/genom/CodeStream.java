package skynet.genom;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import skynet.bus.Genom;

/**
 * Codes as bytes: the frequent ones take one byte, a word seldom more than two.
 *
 * <pre>
 *  first byte
 *  00..7F  token 0 to 127, after a space, lower case
 *  80..BF  token 128 to 16,511: 6 bits here, 8 in the next byte
 *  C0..CF  token 16,512 and more: 4 bits here, 16 in the next two, big-endian
 *  D0..DF  one of 16 frequent marks, joined
 *  E0..E7  one of 8 frequent marks, after a space
 *  E8..EF  a token follows in one of the first three forms; bit 2 joined, bits 1..0 its case (E8 itself is refused)
 *  F0 F1   one byte, joined / after a space
 *  F2 F3   a byte run, joined / after a space: the byte, then repeats - 2 as a varint
 *  F4 F5   a raw span, joined / after a space: length - 1 as a varint, then the bytes
 *  F6..FF  refused
 * </pre>
 *
 * Every code has exactly one form and every other is refused, so that equal codes mean equal bytes.
 */
final class CodeStream {
    private static final int SHORT = 128;
    private static final int MIDDLE = SHORT + (64 << 8);
    private static final byte[] JOINED_MARKS = bytes(",.\n)\"';:?!-/(]=_");
    private static final byte[] SPACED_MARKS = bytes("(\"-=[<*&");

    private byte[] target = new byte[256];
    private int size;
    private byte[] source;
    private int end;
    private int at;

    private CodeStream() {}

    /** The bytes of some codes. */
    static byte[] write(CodeRun run) {
        CodeStream stream = written(run);
        return Arrays.copyOf(stream.target, stream.size);
    }

    /** How many bytes {@link #write} gives. */
    static int length(CodeRun run) {
        return written(run).size;
    }

    private static CodeStream written(CodeRun run) {
        CodeStream stream = new CodeStream();
        int[] codes = run.codes();
        stream.room(codes.length);
        for (int index = 0; index < codes.length; index += Codes.words(codes[index])) {
            stream.write(codes, index);
        }
        return stream;
    }

    private void write(int[] codes, int index) {
        int code = codes[index];
        int spaced = Codes.isJoined(code) ? 0 : 1;
        room(16);
        if (Codes.isToken(code)) {
            int flags = (1 - spaced) << 2 | Codes.letterCase(code);
            if (flags != 0) {
                put(0xE8 | flags);
            }
            writeId(Codes.id(code));
        } else if (Codes.isRaw(code)) {
            int length = Codes.rawLength(code);
            room(length + 16);
            put(0xF4 | spaced);
            writeVarint(length - 1);
            for (int offset = 0; offset < length; offset++) {
                put(codes[index + 1 + (offset >> 2)] >>> 8 * (offset & 3));
            }
        } else if (Codes.repeats(code) > 1) {
            put(0xF2 | spaced);
            put(Codes.byteOf(code));
            writeVarint(Codes.repeats(code) - 2);
        } else {
            int mark = mark(spaced == 0 ? JOINED_MARKS : SPACED_MARKS, Codes.byteOf(code));
            if (mark >= 0) {
                put((spaced == 0 ? 0xD0 : 0xE0) | mark);
            } else {
                put(0xF0 | spaced);
                put(Codes.byteOf(code));
            }
        }
    }

    private void writeId(int id) {
        if (id < SHORT) {
            put(id);
        } else if (id < MIDDLE) {
            put(0x80 | id - SHORT >> 8);
            put(id - SHORT);
        } else {
            put(0xC0 | id - MIDDLE >> 16);
            put(id - MIDDLE >> 8);
            put(id - MIDDLE);
        }
    }

    private void writeVarint(int value) {
        int rest = value;
        for (; rest >= 0x80; rest >>>= 7) {
            put(rest | 0x80);
        }
        put(rest);
    }

    /** Reads the codes that fill {@code source} from {@code start} to {@code end}. */
    static CodeRun read(byte[] source, int start, int end) throws FrameException {
        CodeStream stream = new CodeStream();
        stream.source = source;
        stream.at = start;
        stream.end = end;
        int[] codes = new int[Math.min(Genom.TEXT_BYTES_MAX, end - start)];
        int count = 0;
        long textBytes = 0;
        while (stream.at < end) {
            int place = stream.at;
            int code = stream.read();
            textBytes += Codes.isRaw(code) ? Codes.rawLength(code) : Codes.isByteRun(code) ? Codes.repeats(code) : 1;
            if (textBytes > Genom.TEXT_BYTES_MAX) {
                throw new FrameException(place, "text (expected: at most " + Genom.TEXT_BYTES_MAX + " bytes)");
            }
            codes[count++] = code;
            if (Codes.isRaw(code)) {
                count = stream.payload(codes, count, Codes.rawLength(code));
            }
        }
        return CodeRun.of(codes, count);
    }

    private int read() throws FrameException {
        int place = at;
        int first = next();
        if (first < 0xD0) {
            return readToken(place, first, 0);
        }
        if (first < 0xE8) {
            boolean joined = first < 0xE0;
            byte mark = joined ? JOINED_MARKS[first & 15] : SPACED_MARKS[first & 7];
            return Codes.byteRun(mark, 1, joined ? Codes.JOIN : 0);
        }
        if (first < 0xF0) {
            int flags = first & 7;
            int head = next();
            if (flags == 0 || head >= 0xD0) {
                throw refused(place);
            }
            return readToken(place, head, (flags >> 2) * Codes.JOIN | (flags & 3) << Codes.CASE_SHIFT);
        }
        int join = (first & 1) == 0 ? Codes.JOIN : 0;
        switch (first & 0xFE) {
            case 0xF0 -> {
                int value = next();
                if (mark(join != 0 ? JOINED_MARKS : SPACED_MARKS, value) >= 0) {
                    throw refused(place);
                }
                return Codes.byteRun(value, 1, join);
            }
            case 0xF2 -> {
                int value = next();
                return Codes.byteRun(value, 2 + readVarint(Codes.RUN_MAX - 2), join);
            }
            case 0xF4 -> {
                int length = 1 + readVarint(Codes.VALUE_MAX);
                if (length < 2 || length > end - at) {
                    throw new FrameException(
                            place, "raw span of " + length + " bytes (expected: 2 to " + (end - at) + ")");
                }
                return Codes.raw(length, join);
            }
            default -> throw refused(place);
        }
    }

    private int readToken(int place, int first, int flags) throws FrameException {
        int id;
        if (first < 0x80) {
            id = first;
        } else if (first < 0xC0) {
            id = SHORT + ((first & 0x3F) << 8 | next());
        } else {
            id = MIDDLE + ((first & 0xF) << 16 | next() << 8 | next());
        }
        if (id > Codes.VALUE_MAX) {
            throw new FrameException(place, "token " + id + " (expected: at most " + Codes.VALUE_MAX + ")");
        }
        return id | flags;
    }

    private int payload(int[] codes, int count, int length) {
        int next = count;
        for (int offset = 0; offset < length; offset += 4) {
            int word = 0;
            for (int index = Math.min(3, length - offset - 1); index >= 0; index--) {
                word = word << 8 | source[at + offset + index] & 0xFF;
            }
            codes[next++] = word;
        }
        at += length;
        return next;
    }

    private int readVarint(int max) throws FrameException {
        int place = at;
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int part = next();
            value |= (part & 0x7F) << shift;
            if (part < 0x80) {
                if (value > max || part == 0 && shift > 0) {
                    break;
                }
                return value;
            }
        }
        throw new FrameException(place, "number (expected: at most " + max + " in its shortest form)");
    }

    private int next() throws FrameException {
        if (at >= end) {
            throw new FrameException(at, "end of codes (expected: one more byte)");
        }
        return source[at++] & 0xFF;
    }

    private FrameException refused(int place) {
        return new FrameException(place, "byte " + (source[place] & 0xFF) + " (expected: the shortest form of a code)");
    }

    private void put(int value) {
        target[size++] = (byte) value;
    }

    private void room(int more) {
        if (size + more > target.length) {
            target = Arrays.copyOf(target, Math.max(size + more, 2 * target.length));
        }
    }

    private static int mark(byte[] marks, int value) {
        for (int index = 0; index < marks.length; index++) {
            if (marks[index] == value) {
                return index;
            }
        }
        return -1;
    }

    private static byte[] bytes(String marks) {
        return marks.getBytes(StandardCharsets.US_ASCII);
    }
}
