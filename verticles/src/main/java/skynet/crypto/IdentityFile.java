package skynet.crypto;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import skynet.kit.ExitCode;
import skynet.kit.Sha256;
import skynet.kit.StartFailure;

/**
 * The file that makes a node the one it is: its three seeds, readable by its owner only.
 *
 * <pre>
 *   0   8  "SKYNETID"
 *   8  32  seed of Ed25519
 *  40  32  seed of ML-DSA-65
 *  72  32  seed of X-Wing
 * 104  32  SHA-256 of all before
 * </pre>
 *
 * It is made at the first start and never written again. One that others can read, or that is not whole, is refused: a node
 * that silently became another would be worse than one that does not start.
 */
public final class IdentityFile {
    static final String NAME = "identity";

    private static final byte[] MAGIC = "SKYNETID".getBytes(StandardCharsets.US_ASCII);
    private static final int BODY_BYTES = MAGIC.length + NodeIdentity.SEED_BYTES;
    private static final int FILE_BYTES = BODY_BYTES + 32;
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private IdentityFile() {}

    /** Reads the identity in a directory, or makes one where there is none. Blocks. */
    public static NodeIdentity open(Path directory, SecureRandom dice) {
        Path file = directory.resolve(NAME);
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                make(directory, file, dice);
            }
            return read(file);
        } catch (IOException e) {
            throw refused(file + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static NodeIdentity read(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw refused(file + " is not a plain file", null);
        }
        Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
        if (!OWNER.containsAll(rights)) {
            throw refused(file + " has mode " + PosixFilePermissions.toString(rights) + " (expected: rw-------)", null);
        }
        byte[] bytes = Files.size(file) == FILE_BYTES ? Files.readAllBytes(file) : new byte[0];
        byte[] sum = Sha256.of(Arrays.copyOf(bytes, BODY_BYTES));
        if (bytes.length != FILE_BYTES
                || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                || !MessageDigest.isEqual(sum, Arrays.copyOfRange(bytes, BODY_BYTES, FILE_BYTES))) {
            throw refused(file + " is damaged (expected: the " + FILE_BYTES + " bytes that the node wrote)", null);
        }
        return NodeIdentity.of(Arrays.copyOfRange(bytes, MAGIC.length, BODY_BYTES));
    }

    /** Written beside its place and moved there when it is on the disk: a power cut leaves none or a whole one. */
    private static void make(Path directory, Path file, SecureRandom dice) throws IOException {
        byte[] seeds = new byte[NodeIdentity.SEED_BYTES];
        dice.nextBytes(seeds);
        ByteBuffer bytes = ByteBuffer.allocate(FILE_BYTES).put(MAGIC).put(seeds);
        bytes.put(Sha256.of(Arrays.copyOf(bytes.array(), BODY_BYTES))).flip();
        Path whole = directory.resolve(NAME + ".new");
        Files.deleteIfExists(whole);
        try (FileChannel channel = FileChannel.open(
                whole,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(OWNER))) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(whole, file, ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static StartFailure refused(String reason, Throwable cause) {
        return new StartFailure(
                ExitCode.BAD_SETTINGS,
                "identity: " + reason,
                "bring the file back from a copy and run chmod 600 on it; without it, remove it: the node becomes"
                        + " another and whoever knew it must be told",
                cause);
    }
}
