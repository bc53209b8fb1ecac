package skynet.web;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON written straight into bytes, for answers so frequent that a tree of maps would cost more than the work it tells of.
 * Whoever writes sets the braces and commas: {@link #ascii} puts them down as they are. Belongs to one thread.
 */
final class JsonText {
    private static final byte[] HEX_DIGITS = ascii8("0123456789abcdef");
    private static final byte[] SHORT_ESCAPES = ascii8("btn?fr");
    private static final int NUMBER_BYTES_MAX = 20;

    /** Room for both quotation marks and one escape. */
    private static final int SPARE_BYTES = 8;

    private byte[] bytes;
    private int length;

    JsonText(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    /** Text in ASCII as the bytes that {@link #ascii} takes. */
    static byte[] ascii8(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Names, braces and what else needs no escape. */
    JsonText ascii(byte[] text) {
        room(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    /** A string in quotation marks; half a surrogate pair becomes a question mark. */
    JsonText text(String value) {
        room(value.length() + SPARE_BYTES);
        bytes[length++] = '"';
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c >= ' ' && c < 0x80 && c != '"' && c != '\\') {
                bytes[length++] = (byte) c;
            } else {
                at = c < 0x80 ? escape(c, at) : beyondAscii(value, at);
                room(value.length() - at + SPARE_BYTES);
            }
        }
        bytes[length++] = '"';
        return this;
    }

    /** A whole number. */
    JsonText number(long value) {
        return ascii(ascii8(Long.toString(value)));
    }

    /** A number with some places: {@code units} of them are one; zeros at the end are left out, but for the first place. */
    JsonText decimal(long units, int places) {
        room(NUMBER_BYTES_MAX + places);
        long rest = Math.abs(units);
        int shown = places;
        for (; shown > 1 && rest % 10 == 0; shown--) {
            rest /= 10;
        }
        int size = 1;
        for (long power = 10; size <= shown || power <= rest && size < NUMBER_BYTES_MAX - 1; power *= 10) {
            size++;
        }
        if (units < 0) {
            bytes[length++] = '-';
        }
        for (int at = length + size; at >= length; at--) {
            if (at == length + size - shown) {
                bytes[at] = '.';
            } else {
                bytes[at] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }
        length += size + 1;
        return this;
    }

    Buffer buffer() {
        return Buffer.buffer(Arrays.copyOf(bytes, length));
    }

    private int escape(char c, int at) {
        bytes[length++] = '\\';
        if (c == '"' || c == '\\') {
            bytes[length++] = (byte) c;
        } else if (c >= '\b' && c <= '\r' && c != 0x0B) {
            bytes[length++] = SHORT_ESCAPES[c - '\b'];
        } else {
            bytes[length++] = 'u';
            bytes[length++] = '0';
            bytes[length++] = '0';
            bytes[length++] = HEX_DIGITS[c >> 4];
            bytes[length++] = HEX_DIGITS[c & 0xF];
        }
        return at;
    }

    /** Puts down one character of several bytes; gives the place of its last {@code char}. */
    private int beyondAscii(String value, int at) {
        int last = Character.isHighSurrogate(value.charAt(at))
                        && at + 1 < value.length()
                        && Character.isLowSurrogate(value.charAt(at + 1))
                ? at + 1
                : at;
        ascii(value.substring(at, last + 1).getBytes(StandardCharsets.UTF_8));
        return last;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }
}
