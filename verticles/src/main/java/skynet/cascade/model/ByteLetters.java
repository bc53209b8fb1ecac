package skynet.cascade.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The 256 letters by which vocabularies of bytes write them: printable Latin-1 stands for itself, the others are written as
 * U+0100 and up, in order, so that a space is {@code Ġ}.
 */
final class ByteLetters {
    private static final char[] LETTERS = new char[256];
    private static final short[] VALUES = new short[512];

    static {
        Arrays.fill(VALUES, (short) -1);
        int other = 256;
        for (int value = 0; value < 256; value++) {
            boolean itself = value >= '!' && value <= '~' || value >= 0xa1 && value <= 0xac || value >= 0xae;
            LETTERS[value] = (char) (itself ? value : other++);
            VALUES[LETTERS[value]] = (short) value;
        }
    }

    private ByteLetters() {}

    static String letters(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        char[] letters = new char[bytes.length];
        for (int at = 0; at < bytes.length; at++) {
            letters[at] = LETTERS[bytes[at] & 0xff];
        }
        return new String(letters);
    }

    /** The bytes that a piece writes; a piece with another letter is text as it stands. */
    static byte[] bytes(String piece) {
        byte[] bytes = new byte[piece.length()];
        for (int at = 0; at < bytes.length; at++) {
            char letter = piece.charAt(at);
            if (letter >= VALUES.length || VALUES[letter] < 0) {
                return piece.getBytes(StandardCharsets.UTF_8);
            }
            bytes[at] = (byte) VALUES[letter];
        }
        return bytes;
    }
}
