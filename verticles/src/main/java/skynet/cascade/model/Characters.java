package skynet.cascade.model;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of UTF-8 that come in parts, as text: half a character waits for its other half, and what is none becomes U+FFFD. */
final class Characters {
    private static final int BYTES_MAX = 4;

    private byte[] held = {};

    /** What is whole with these bytes. */
    String take(byte[] more) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(held.length + more.length);
        all.writeBytes(held);
        all.writeBytes(more);
        byte[] bytes = all.toByteArray();
        int whole = bytes.length - unfinished(bytes);
        held = Arrays.copyOfRange(bytes, whole, bytes.length);
        return new String(bytes, 0, whole, StandardCharsets.UTF_8);
    }

    /** What was held back, when nothing follows. */
    String rest() {
        String rest = new String(held, StandardCharsets.UTF_8);
        held = new byte[0];
        return rest;
    }

    /** How many bytes at the end begin a character that needs more of them. */
    private static int unfinished(byte[] bytes) {
        for (int back = 1; back <= Math.min(BYTES_MAX - 1, bytes.length); back++) {
            int value = bytes[bytes.length - back] & 0xff;
            if (value >= 0xc0) {
                int needed = value >= 0xf0 ? 4 : value >= 0xe0 ? 3 : 2;
                return needed > back ? back : 0;
            }
            if (value < 0x80) {
                return 0;
            }
        }
        return 0;
    }
}
