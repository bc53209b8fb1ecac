package skynet.kit;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What signs access tokens; without a secret the node makes its own, or members take one from the keys of their cluster. */
public record JwtConfig(Optional<String> secret) {
    /** The least number of bytes of the secret: as many as HMAC-SHA-256 gives. */
    public static final int SECRET_BYTES_MIN = 32;

    public JwtConfig {
        if (secret.isPresent() && secret.get().getBytes(StandardCharsets.UTF_8).length < SECRET_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "jwt.secret: too short (expected: at least " + SECRET_BYTES_MIN + " bytes)");
        }
    }

    /** The secret stays out of what is printed. */
    @Override
    public String toString() {
        return "JwtConfig[" + (secret.isPresent() ? "****" : "") + "]";
    }
}
