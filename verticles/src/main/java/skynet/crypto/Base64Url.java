package skynet.crypto;

import java.util.Base64;
import skynet.bus.Fault;

/** Bytes as text: base64url without padding (RFC 4648, section 5), in its one spelling. */
public final class Base64Url {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private Base64Url() {}

    /** The text of some bytes. */
    public static String of(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    /**
     * The bytes of a text.
     *
     * @param what how it is called where it is refused
     * @throws Fault INVALID when it is none, too long, or spelled in another way
     */
    public static byte[] read(String what, String text, int bytesMax) {
        if (text.length() > (4L * bytesMax + 2) / 3) {
            throw Fault.invalid(
                    what + ": " + text.length() + " characters (expected: at most " + (4L * bytesMax + 2) / 3 + ")");
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (of(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Told below, without the text.
        }
        throw Fault.invalid(what + ": not base64url (expected: A-Z a-z 0-9 - _ without padding)");
    }
}
