package skynet.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF and HMAC with SHA-256 (RFC 5869, RFC 2104). */
final class Hkdf {
    /** Bytes of one digest. */
    static final int DIGEST_BYTES = 32;

    private static final String MAC = "HmacSHA256";
    private static final int BLOCKS_MAX = 255;

    private Hkdf() {}

    /** The pseudorandom key of some input; an empty salt is one of 32 zero bytes. */
    static byte[] extract(byte[] salt, byte[] input) {
        return mac(salt.length == 0 ? new byte[DIGEST_BYTES] : salt, input);
    }

    /** As many bytes as wanted, at most 8,160, for one purpose. */
    static byte[] expand(byte[] key, byte[] info, int bytes) {
        if (bytes < 1 || bytes > BLOCKS_MAX * DIGEST_BYTES) {
            throw new IllegalArgumentException(
                    "bytes: " + bytes + " (expected: 1 to " + BLOCKS_MAX * DIGEST_BYTES + ")");
        }
        byte[] out = new byte[bytes];
        byte[] block = new byte[0];
        for (int at = 0, number = 1; at < bytes; at += DIGEST_BYTES, number++) {
            byte[] input = Arrays.copyOf(block, block.length + info.length + 1);
            System.arraycopy(info, 0, input, block.length, info.length);
            input[input.length - 1] = (byte) number;
            block = mac(key, input);
            System.arraycopy(block, 0, out, at, Math.min(DIGEST_BYTES, bytes - at));
        }
        return out;
    }

    /** The same for a purpose that is named in ASCII. */
    static byte[] expand(byte[] key, String label, int bytes) {
        return expand(key, label.getBytes(StandardCharsets.US_ASCII), bytes);
    }

    /** HMAC-SHA-256. */
    static byte[] mac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + MAC, e);
        }
    }
}
