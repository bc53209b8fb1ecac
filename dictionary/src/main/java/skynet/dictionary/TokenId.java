package skynet.dictionary;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes and reads token ids the two ways people see them: {@code T-0000847} and {@code 0x034F}. Every token of every answer
 * is written both ways, so they are written byte by byte.
 */
public final class TokenId {
    /** Ids need 20 bits in the table, so none is larger. */
    public static final int ID_MAX = (1 << 20) - 1;

    private static final byte[] HEX_DIGITS = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private TokenId() {}

    public static String label(int id) {
        byte[] ascii = {'T', '-', '0', '0', '0', '0', '0', '0', '0'};
        int rest = checked(id);
        for (int at = ascii.length - 1; rest > 0; at--, rest /= 10) {
            ascii[at] = (byte) ('0' + rest % 10);
        }
        return new String(ascii, StandardCharsets.ISO_8859_1);
    }

    public static String hex(int id) {
        int rest = checked(id);
        byte[] ascii = new byte[rest > 0xFFFF ? 7 : 6];
        ascii[0] = '0';
        ascii[1] = 'x';
        for (int at = ascii.length - 1; at > 1; at--, rest >>>= 4) {
            ascii[at] = HEX_DIGITS[rest & 0xF];
        }
        return new String(ascii, StandardCharsets.ISO_8859_1);
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
