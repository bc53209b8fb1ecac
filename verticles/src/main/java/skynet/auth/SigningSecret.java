package skynet.auth;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import skynet.kit.ExitCode;
import skynet.kit.JwtConfig;
import skynet.kit.Sha256;
import skynet.kit.StartFailure;

/**
 * What signs access tokens: given in the settings, or read from a file that is made where there is none. All members of a
 * cluster need the same; the database keeps its SHA-256, so that one with another does not start.
 */
public final class SigningSecret {
    /** The file among the secrets of a data directory. */
    public static final String FILE = "jwt.key";

    private static final int BYTES = 48;

    private final byte[] bytes;
    private final boolean first;

    /** {@code first} tells whether no other member runs, so that this one may bring a new secret. */
    private SigningSecret(byte[] bytes, boolean first) {
        this.bytes = bytes;
        this.first = first;
    }

    /**
     * The secret of a node that is alone: that of the settings, else that of a directory, which is made where there is
     * none. Blocks.
     */
    public static SigningSecret of(JwtConfig config, Path directory, SecureRandom random) throws IOException {
        Optional<String> secret = config.secret().or(() -> written(directory));
        byte[] bytes = (secret.isPresent() ? secret.get() : make(directory, random)).getBytes(StandardCharsets.UTF_8);
        if (bytes.length < JwtConfig.SECRET_BYTES_MIN) {
            throw new StartFailure(
                    ExitCode.BAD_SETTINGS,
                    FILE + ": too short (expected: at least " + JwtConfig.SECRET_BYTES_MIN + " bytes)",
                    "restore it from a copy, or remove " + directory.resolve(FILE) + " and everybody logs in anew");
        }
        return new SigningSecret(bytes, true);
    }

    /** The secret of a member: that of the settings, else one that follows from what all members share. */
    public static SigningSecret ofMember(JwtConfig config, String shared, boolean first) {
        if (config.secret().isPresent()) {
            return new SigningSecret(config.secret().get().getBytes(StandardCharsets.UTF_8), first);
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(shared.getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
            return new SigningSecret(mac.doFinal("skynet access tokens 1".getBytes(StandardCharsets.UTF_8)), first);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    /** Writes a new secret into a directory (mode 0600) and tells it. */
    private static String make(Path directory, SecureRandom random) throws IOException {
        byte[] chance = new byte[BYTES];
        random.nextBytes(chance);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(chance);
        Path made = Files.createTempFile(
                directory,
                FILE,
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(made, secret + "\n");
        Files.move(made, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        return secret;
    }

    private static Optional<String> written(Path directory) {
        try {
            return Optional.of(Files.readString(directory.resolve(FILE)).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        return bytes.clone();
    }

    byte[] sha256() {
        return Sha256.of(bytes);
    }

    boolean isFirst() {
        return first;
    }

    /** Fails when the members that run have another secret than this one. */
    Future<Void> agree(byte[] kept) {
        return MessageDigest.isEqual(kept, sha256())
                ? Future.succeededFuture()
                : Future.failedFuture(
                        new StartFailure(
                                ExitCode.BAD_SETTINGS,
                                "jwt.secret: not that of the other members (expected: the same on all)",
                                "give all members the same `password` of `skynet cluster init`, or the same SKYNET_JWT_SECRET"));
    }
}
