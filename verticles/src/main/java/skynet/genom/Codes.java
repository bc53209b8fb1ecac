package skynet.genom;

import skynet.bus.Genom;

/**
 * The layout of one code, the 32-bit unit that {@link Encoder} writes and {@link Decoder} reads.
 *
 * <pre>
 *  31 30 29     23 22 21  20  19                    0
 * +-----+---------+-----+----+-----------------------+
 * | kind|  zero   | case|join|         value         |
 * +-----+---------+-----+----+-----------------------+
 *  kind 0  token     value = token id, below 2^20
 *  kind 1  byte run  value = repeats - 1 (12 bits) | byte (8 bits); case is zero
 *  kind 2  raw span  value = length - 1 in bytes; case is zero;
 *                    followed by ceil(length / 4) payload words, bytes little-endian, zero-padded
 *  join    1 = nothing stands before this code, 0 = one space does (ignored at the very start)
 *  case    0 lower, 1 Title, 2 UPPER, 3 Every-Word
 * </pre>
 *
 * A text of n bytes never needs more than n codes.
 */
public final class Codes {
    /** Largest value of a code, which bounds ids and raw lengths. */
    public static final int VALUE_MAX = (1 << 20) - 1;

    /** Most repetitions that one byte run holds. */
    public static final int RUN_MAX = 1 << 12;

    static final int JOIN_SHIFT = 20;
    static final int JOIN = 1 << JOIN_SHIFT;
    static final int CASE_SHIFT = 21;
    static final int KIND_SHIFT = 30;
    static final int TOKEN = 0;
    static final int BYTE_RUN = 1;
    static final int RAW = 2;

    private Codes() {}

    /** Whether the code names a token of the dictionary. */
    public static boolean isToken(int code) {
        return code >>> KIND_SHIFT == TOKEN;
    }

    /** Whether the code is a run of one byte. */
    public static boolean isByteRun(int code) {
        return code >>> KIND_SHIFT == BYTE_RUN;
    }

    /** Whether the code opens a raw span, whose bytes follow as payload words. */
    public static boolean isRaw(int code) {
        return code >>> KIND_SHIFT == RAW;
    }

    /** The token id of a token code. */
    public static int id(int code) {
        return code & VALUE_MAX;
    }

    /** Whether nothing stands between this code and the one before. */
    public static boolean isJoined(int code) {
        return (code & JOIN) != 0;
    }

    /** The letter case: 0 lower, 1 Title, 2 UPPER, 3 Every-Word. */
    public static int letterCase(int code) {
        return code >>> CASE_SHIFT & 3;
    }

    /** The byte of a byte run, 0 to 255. */
    public static int byteOf(int code) {
        return code & 0xFF;
    }

    /** How often the byte of a byte run stands there. */
    public static int repeats(int code) {
        return (code >>> 8 & 0xFFF) + 1;
    }

    /** The number of bytes of a raw span. */
    public static int rawLength(int code) {
        return (code & VALUE_MAX) + 1;
    }

    /** The number of array places that a code takes, payload included. */
    public static int words(int code) {
        return isRaw(code) ? 1 + (rawLength(code) + 3 >>> 2) : 1;
    }

    static int token(int id, int letterCase, int join) {
        return id | letterCase << CASE_SHIFT | join;
    }

    static int byteRun(int value, int repeats, int join) {
        return BYTE_RUN << KIND_SHIFT | join | repeats - 1 << 8 | value;
    }

    static int raw(int length, int join) {
        return RAW << KIND_SHIFT | join | length - 1;
    }

    /**
     * Checks that {@code count} codes are well formed: known kinds, zero bits zero, payload complete.
     *
     * @throws IllegalArgumentException naming the place of the first code that is not
     */
    public static void check(int[] codes, int count) {
        if (count < 0 || count > codes.length || count > Genom.TEXT_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "count: " + count + " (expected: 0 to " + Math.min(codes.length, Genom.TEXT_BYTES_MAX) + ")");
        }
        for (int at = 0; at < count; at += words(codes[at])) {
            int code = codes[at];
            int zeroBits = isToken(code) ? 0x3F800000 : 0x3FE00000;
            if (code >>> KIND_SHIFT == 3 || (code & zeroBits) != 0) {
                throw new IllegalArgumentException(
                        "code at " + at + ": " + Integer.toHexString(code) + " (expected: kind 0 to 2)");
            }
            if (at + words(code) > count) {
                throw new IllegalArgumentException("code at " + at + ": raw span of " + rawLength(code)
                        + " bytes (expected: at most " + 4 * (count - at - 1) + ")");
            }
            if (isRaw(code)
                    && (rawLength(code) & 3) != 0
                    && codes[at + words(code) - 1] >>> 8 * (rawLength(code) & 3) != 0) {
                throw new IllegalArgumentException("code at " + at + ": raw padding (expected: zero)");
            }
        }
    }
}
