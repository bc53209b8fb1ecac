package skynet.genom;

import java.util.Arrays;

/**
 * Letter case on UTF-8 bytes, in place: folding to lower case and putting the case back.
 *
 * <p>Only pairs whose folding is exactly invertible and keeps the byte length take part: A–Z, and the code points
 * U+00C0 to U+017F whose lower-case letter folds back to them. All others (İ, ß, ſ …) stay as they are.
 */
final class LetterCase {
    static final int LOWER = 0;
    static final int TITLE = 1;
    static final int UPPER = 2;
    static final int WORDS = 3;
    static final int NONE = -1;

    private static final int FIRST = 0xC0;
    private static final int LAST = 0x17F;
    private static final short[] TO_LOWER = new short[LAST + 1];
    private static final short[] TO_UPPER = new short[LAST + 1];

    static {
        for (int point = FIRST; point <= LAST; point++) {
            TO_LOWER[point] = (short) point;
            TO_UPPER[point] = (short) point;
        }
        for (int point = FIRST; point <= LAST; point++) {
            int lower = Character.toLowerCase(point);
            if (lower != point && lower >= FIRST && lower <= LAST && Character.toUpperCase(lower) == point) {
                TO_LOWER[point] = (short) lower;
                TO_UPPER[lower] = (short) point;
            }
        }
    }

    private LetterCase() {}

    /** Whether two bytes are a letter of U+00C0 to U+017F. */
    static boolean isLatinPair(byte lead, byte trail) {
        return lead >= (byte) 0xC3
                && lead <= (byte) 0xC5
                && trail < (byte) 0xC0
                && Character.isLetter(point(lead, trail));
    }

    static boolean isUpper(byte[] text, int at, int end) {
        byte lead = text[at];
        if (lead >= 0) {
            return lead >= 'A' && lead <= 'Z';
        }
        return at + 1 < end
                && isLatinPair(lead, text[at + 1])
                && TO_LOWER[point(lead, text[at + 1])] != point(lead, text[at + 1]);
    }

    static boolean isLower(byte[] text, int at, int end) {
        byte lead = text[at];
        if (lead >= 0) {
            return lead >= 'a' && lead <= 'z';
        }
        return at + 1 < end
                && isLatinPair(lead, text[at + 1])
                && TO_UPPER[point(lead, text[at + 1])] != point(lead, text[at + 1]);
    }

    /** Folds the bytes of one run to lower case. */
    static void fold(byte[] text, int start, int end) {
        for (int at = start; at < end; ) {
            byte lead = text[at];
            if (lead >= 'A' && lead <= 'Z') {
                text[at] = (byte) (lead + 32);
            } else if (lead < 0 && at + 1 < end && isLatinPair(lead, text[at + 1])) {
                put(text, at, TO_LOWER[point(lead, text[at + 1])]);
                at++;
            }
            at++;
        }
    }

    /** Puts a case on lower-case bytes. */
    static void apply(byte[] text, int start, int length, int letterCase) {
        if (length == 0 || letterCase == LOWER) {
            return;
        }
        int end = start + length;
        if (letterCase == TITLE) {
            raise(text, start, end);
            return;
        }
        boolean wordStart = true;
        for (int at = start; at < end; ) {
            int width = letterCase == UPPER || wordStart ? raise(text, at, end) : 1;
            wordStart = text[at] == ' ' || text[at] == '-';
            at += width;
        }
    }

    /** The case that turns {@code folded} into {@code text} over a range, or {@link #NONE}. Never allocates. */
    static int between(byte[] text, byte[] folded, int start, int length) {
        if (Arrays.equals(text, start, start + length, folded, start, start + length)) {
            return LOWER;
        }
        for (int candidate = TITLE; candidate <= WORDS; candidate++) {
            if (matches(text, folded, start, start + length, candidate)) {
                return candidate;
            }
        }
        return NONE;
    }

    private static boolean matches(byte[] text, byte[] folded, int start, int end, int letterCase) {
        boolean wordStart = true;
        for (int at = start; at < end; ) {
            byte lead = folded[at];
            boolean raise =
                    letterCase == UPPER || letterCase == TITLE && at == start || letterCase == WORDS && wordStart;
            wordStart = lead == ' ' || lead == '-';
            if (raise && lead < 0 && at + 1 < end && isLatinPair(lead, folded[at + 1])) {
                int upper = TO_UPPER[point(lead, folded[at + 1])];
                if (text[at] != lead(upper) || text[at + 1] != trail(upper)) {
                    return false;
                }
                at += 2;
                continue;
            }
            byte expected = raise && lead >= 'a' && lead <= 'z' ? (byte) (lead - 32) : lead;
            if (text[at] != expected) {
                return false;
            }
            at++;
        }
        return true;
    }

    private static int raise(byte[] text, int at, int end) {
        byte lead = text[at];
        if (lead >= 'a' && lead <= 'z') {
            text[at] = (byte) (lead - 32);
        } else if (lead < 0 && at + 1 < end && isLatinPair(lead, text[at + 1])) {
            put(text, at, TO_UPPER[point(lead, text[at + 1])]);
            return 2;
        }
        return 1;
    }

    private static int point(byte lead, byte trail) {
        return (lead & 0x1F) << 6 | trail & 0x3F;
    }

    private static byte lead(int point) {
        return (byte) (0xC0 | point >> 6);
    }

    private static byte trail(int point) {
        return (byte) (0x80 | point & 0x3F);
    }

    private static void put(byte[] text, int at, int point) {
        text[at] = lead(point);
        text[at + 1] = trail(point);
    }
}
