package skynet.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import skynet.bus.Principal;
import skynet.bus.Role;
import skynet.kit.Sha256;

/**
 * What the command line shows to the node on the same machine: a file (mode 0600) in the data directory, made anew at
 * each start. Whoever can read it can read the database beside it too, and so may everything.
 */
public final class MachineToken {
    /** The file in the data directory. */
    public static final String FILE = "cli.token";

    /** How the token begins, so that it is known for what it is. */
    public static final String PREFIX = "cli-";

    /** What the machine shows, by its name among credentials; keys of the machine have ids instead. */
    static final String CREDENTIAL = "machine";

    private static final int BYTES = 32;

    private final Path file;
    private final byte[] sha256;

    private MachineToken(Path file, byte[] sha256) {
        this.file = file;
        this.sha256 = sha256;
    }

    /** Makes a token and writes it into a data directory. Blocks. */
    public static MachineToken make(Path directory, SecureRandom dice) throws IOException {
        byte[] random = new byte[BYTES];
        dice.nextBytes(random);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Path file = directory.resolve(FILE);
        Path made = Files.createTempFile(
                directory,
                FILE,
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(made, token + "\n");
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new MachineToken(file, hash(token));
    }

    /** Whether this is the token; takes the same time whether it is or not. */
    boolean is(String token) {
        return MessageDigest.isEqual(sha256, hash(token));
    }

    /** Who shows it, with a second factor of now: the machine's own rights. */
    static Principal machine(long nowSeconds) {
        return new Principal(
                "", Principal.MACHINE, Role.ADMIN, Role.ADMIN.scopes(), CREDENTIAL, nowSeconds, nowSeconds + 3_600);
    }

    /** Takes the file away; the node ends. */
    public void forget() throws IOException {
        Files.deleteIfExists(file);
    }

    private static byte[] hash(String token) {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
    }
}
