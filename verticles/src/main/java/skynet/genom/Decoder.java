package skynet.genom;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import skynet.dictionary.CoordinateTable;

/**
 * Turns {@link Codes} back into the bytes they came from: the exact inverse of {@link Encoder}.
 *
 * <p>One instance serves one thread and reuses its buffer, which grows up to {@link Codes#TEXT_BYTES_MAX}.
 */
public final class Decoder {
    /** Room that one token may take: a space, the longest token and the slack of its copy. */
    private static final int TOKEN_ROOM = 128;

    private final CoordinateTable table;
    private final int count;
    private byte[] target = new byte[4096 + TOKEN_ROOM];
    private int size;

    /** A decoder over an open table. */
    public Decoder(CoordinateTable table) {
        this.table = table;
        this.count = table.count();
    }

    /**
     * Decodes into the buffer of this instance and returns the number of bytes; {@link #bytes()} is the buffer.
     *
     * @throws IllegalArgumentException when a code is malformed, names no token, or the text grows beyond
     *     {@link Codes#TEXT_BYTES_MAX}
     */
    public int decode(int[] codes, int length) {
        if (length < 0 || length > codes.length) {
            throw new IllegalArgumentException("codes: " + length + " (expected: 0 to " + codes.length + ")");
        }
        size = 0;
        for (int at = 0; at < length; at++) {
            int code = codes[at];
            if (size + TOKEN_ROOM > target.length) {
                grow(TOKEN_ROOM);
            }
            if ((code & Codes.JOIN) == 0 && at > 0) {
                target[size++] = ' ';
            }
            if (code >>> Codes.KIND_SHIFT == Codes.TOKEN) {
                int id = code & Codes.VALUE_MAX;
                if (id >= count) {
                    throw new IllegalArgumentException(
                            "code at " + at + ": token " + id + " (expected: below " + count + ")");
                }
                int bytes = table.copyCanonical(id, target, size);
                int letterCase = code >>> Codes.CASE_SHIFT;
                if (letterCase != LetterCase.LOWER) {
                    LetterCase.apply(target, size, bytes, letterCase);
                }
                size += bytes;
            } else {
                at = literal(codes, at, length);
            }
        }
        if (size > Codes.TEXT_BYTES_MAX) {
            throw tooLong();
        }
        return size;
    }

    /** The buffer that the last {@link #decode} filled; valid until the next one. */
    public byte[] bytes() {
        return target;
    }

    /** Decodes to a string; bytes that are no UTF-8 become U+FFFD. */
    public String text(int[] codes, int length) {
        int bytes = decode(codes, length);
        return new String(target, 0, bytes, StandardCharsets.UTF_8);
    }

    private int literal(int[] codes, int at, int length) {
        int code = codes[at];
        if (Codes.isByteRun(code)) {
            int repeats = Codes.repeats(code);
            grow(repeats);
            Arrays.fill(target, size, size + repeats, (byte) code);
            size += repeats;
            return at;
        }
        if (!Codes.isRaw(code) || at + Codes.words(code) > length) {
            throw new IllegalArgumentException("code at " + at + ": 0x" + Integer.toHexString(code)
                    + " (expected: token, byte run or complete raw span)");
        }
        int bytes = Codes.rawLength(code);
        grow(bytes);
        for (int index = 0; index < bytes; index++) {
            target[size + index] = (byte) (codes[at + 1 + (index >> 2)] >>> 8 * (index & 3));
        }
        size += bytes;
        return at + Codes.words(code) - 1;
    }

    private void grow(int more) {
        int needed = size + more + TOKEN_ROOM;
        if (needed > target.length) {
            if (size > Codes.TEXT_BYTES_MAX) {
                throw tooLong();
            }
            target = Arrays.copyOf(
                    target, Math.max(needed, Math.min(2 * target.length, Codes.TEXT_BYTES_MAX + 2 * TOKEN_ROOM)));
        }
    }

    private static IllegalArgumentException tooLong() {
        return new IllegalArgumentException("text: more than " + Codes.TEXT_BYTES_MAX + " bytes (expected: at most)");
    }
}
