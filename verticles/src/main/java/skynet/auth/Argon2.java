package skynet.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Passwords as Argon2id (RFC 9106) keeps them, in the PHC string form {@code
 * $argon2id$v=19$m=19456,t=2,p=1$salt$hash}. Each call takes {@value #MEMORY_KIB} KiB and some 60 ms: it belongs on a
 * worker.
 */
final class Argon2 {
    /** Memory in KiB and passes, of new passwords. */
    static final int MEMORY_KIB = 19 << 10;

    static final int PASSES = 2;
    static final int SALT_BYTES = 16;

    private static final int LANES = 1;
    private static final int HASH_BYTES = 32;

    /** What a string may ask for at most, so that a foreign one cannot take all memory. */
    private static final int MEMORY_KIB_MAX = 1 << 20;

    private static final Pattern FORM = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d{1,2})\\$([A-Za-z0-9+/]{11,88})\\$([A-Za-z0-9+/]{22,88})");

    private static final Base64.Encoder TEXT = Base64.getEncoder().withoutPadding();

    private Argon2() {}

    /** A password as it is kept. */
    static String hash(String password, byte[] salt) {
        byte[] hash = digest(password, salt, MEMORY_KIB, PASSES, LANES, HASH_BYTES);
        return prefix() + TEXT.encodeToString(salt) + '$' + TEXT.encodeToString(hash);
    }

    /** Whether this is the password that is kept. */
    static boolean matches(String password, String kept) {
        Matcher form = FORM.matcher(kept);
        if (!form.matches() || Integer.parseInt(form.group(1)) > MEMORY_KIB_MAX) {
            throw new IllegalStateException("password: not kept as Argon2id");
        }
        byte[] hash = Base64.getDecoder().decode(form.group(5));
        return MessageDigest.isEqual(
                hash,
                digest(
                        password,
                        Base64.getDecoder().decode(form.group(4)),
                        Integer.parseInt(form.group(1)),
                        Integer.parseInt(form.group(2)),
                        Integer.parseInt(form.group(3)),
                        hash.length));
    }

    /** Whether a password is kept with other parameters than those of now. */
    static boolean isOld(String kept) {
        return !kept.startsWith(prefix());
    }

    private static String prefix() {
        return "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + '$';
    }

    private static byte[] digest(String password, byte[] salt, int memoryKib, int passes, int lanes, int bytes) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(salt)
                .build());
        byte[] hash = new byte[bytes];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
        return hash;
    }
}
