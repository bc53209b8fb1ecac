package skynet.dictionary;

import java.util.Locale;

/** Writes and reads token ids the two ways people see them: {@code T-0000847} and {@code 0x034F}. */
public final class TokenId {
    /** Ids need 20 bits in the table, so none is larger. */
    public static final int ID_MAX = (1 << 20) - 1;

    private TokenId() {}

    public static String label(int id) {
        return "T-" + padded(Integer.toString(checked(id)), 7);
    }

    public static String hex(int id) {
        return "0x" + padded(Integer.toHexString(checked(id)).toUpperCase(Locale.ROOT), 4);
    }

    /** Reads a label, a hexadecimal or a plain decimal id. */
    public static int parse(String text) {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        try {
            long id = upper.startsWith("T-")
                    ? digits(upper.substring(2), 10)
                    : upper.startsWith("0X") ? digits(upper.substring(2), 16) : digits(upper, 10);
            if (id <= ID_MAX) {
                return (int) id;
            }
        } catch (NumberFormatException notANumber) {
            // answered below, in the same words as a number that is too large
        }
        throw new IllegalArgumentException(
                "token id: " + text + " (expected: T-0000847, 0x034F or 847, at most " + ID_MAX + ")");
    }

    /** Every token of every answer is written twice by these; a formatter takes a microsecond for each. */
    private static String padded(String digits, int width) {
        return "0".repeat(Math.max(0, width - digits.length())) + digits;
    }

    private static long digits(String text, int radix) {
        if (text.startsWith("+") || text.startsWith("-")) {
            throw new NumberFormatException(text);
        }
        return Long.parseLong(text, radix);
    }

    private static int checked(int id) {
        if (id < 0 || id > ID_MAX) {
            throw new IllegalArgumentException("token id: " + id + " (expected: 0 to " + ID_MAX + ")");
        }
        return id;
    }
}
