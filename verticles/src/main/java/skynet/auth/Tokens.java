package skynet.auth;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.random.RandomGenerator;
import skynet.kit.Sha256;

/** Makes what is shown and kept: 32 bytes of chance in Base64 behind a beginning that names what it is. */
final class Tokens {
    static final String KEY = "sk-";
    static final String COOKIE = "ses-";
    static final String REFRESH = "ref-";
    static final String SETUP = "set-";
    static final String LETTER = "let-";

    private static final int BYTES = 32;

    /** Without letters and digits that are easily taken for others. */
    private static final String LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789";

    private static final int RECOVERY_CHARS = 10;

    private final SecureRandom random;

    Tokens(SecureRandom random) {
        this.random = random;
    }

    /** A token that begins so. */
    String make(String beginning) {
        return beginning + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(BYTES));
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A code that people copy by hand: about 49 bits. */
    String recovery() {
        RandomGenerator dice = random;
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < RECOVERY_CHARS; i++) {
            code.append(LEGIBLE.charAt(dice.nextInt(LEGIBLE.length())));
        }
        return code.insert(RECOVERY_CHARS / 2, '-').toString();
    }

    /** As it is kept: of 32 bytes of chance a plain digest is enough. */
    static byte[] kept(String token) {
        return Sha256.of(token);
    }
}
