package skynet.auth;

import io.nayuki.qrcodegen.QrCode;
import io.vertx.ext.auth.otp.impl.org.openauthentication.otp.OneTimePasswordAlgorithm;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/**
 * Codes of an authenticator: TOTP (RFC 6238) with HMAC-SHA-1, six digits and 30 seconds, which every authenticator knows.
 * A code counts one step before and after its time, and once.
 */
final class TimeCode {
    static final int SECRET_BYTES = 20;
    static final int STEP_SECONDS = 30;

    private static final int DIGITS = 6;
    private static final int NO_TRUNCATION_OFFSET = -1;
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private TimeCode() {}

    /**
     * The time step whose code this is, near a time and after the last step that was used; -1 when it is none. Steps are
     * counted in 30 s since 1970.
     */
    static long stepOf(byte[] secret, String code, long nowSeconds, long lastStep) {
        String digits = code.replace(" ", "");
        long now = nowSeconds / STEP_SECONDS;
        long found = -1;
        for (long step = now - 1; step <= now + 1; step++) {
            boolean same = MessageDigest.isEqual(
                    code(secret, step, DIGITS).getBytes(StandardCharsets.US_ASCII),
                    digits.getBytes(StandardCharsets.UTF_8));
            if (same && step > lastStep) {
                found = step;
            }
        }
        return found;
    }

    /** The code of a time step. */
    static String code(byte[] secret, long step, int digits) {
        try {
            return OneTimePasswordAlgorithm.generateOTP(secret, step, digits, false, NO_TRUNCATION_OFFSET);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-1", e);
        }
    }

    /** What an authenticator reads, for an account on a node. */
    static String uri(byte[] secret, String email, String issuer) {
        String name = escaped(issuer) + ":" + escaped(email);
        return "otpauth://totp/" + name + "?secret=" + base32(secret) + "&issuer=" + escaped(issuer);
    }

    /** RFC 4648, without padding. */
    static String base32(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int held = 0;
        int bits = 0;
        for (byte octet : bytes) {
            held = held << 8 | octet & 0xff;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(BASE32.charAt(held >> bits & 31));
            }
            held &= (1 << bits) - 1;
        }
        return bits == 0
                ? text.toString()
                : text.append(BASE32.charAt(held << 5 - bits & 31)).toString();
    }

    /** A text as a QR code in SVG, black on white in any theme: cameras want it so. */
    static String qr(String text) {
        QrCode code = QrCode.encodeText(text, QrCode.Ecc.MEDIUM);
        int margin = 4;
        int side = code.size + 2 * margin;
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            for (int x = 0; x < code.size; x++) {
                if (code.getModule(x, y)) {
                    path.append('M')
                            .append(x + margin)
                            .append(',')
                            .append(y + margin)
                            .append("h1v1h-1z");
                }
            }
        }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side + ' ' + side
                + "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0,0h" + side + 'v' + side + "H0z\"/>"
                + "<path fill=\"#000\" d=\"" + path + "\"/></svg>";
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
