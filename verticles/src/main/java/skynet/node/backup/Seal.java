package skynet.node.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import skynet.kit.Sha256;

/** The checksum at the end of an archive, and the names by which it is known for one. */
final class Seal {
    /** Counts up with every change after which an older release could not read an archive. */
    static final int FORMAT = 1;

    static final String FAMILY_NAME = "skynet-backup-";
    static final String FORMAT_NAME = FAMILY_NAME + FORMAT;
    static final String MANIFEST_NAME = "manifest.json";

    /** A SHA-256 in hexadecimal. */
    static final int LENGTH = 64;

    private static final int BUFFER_BYTES = 1 << 16;

    private Seal() {}

    /** Computes the seal of the first {@code length} bytes of a file. */
    static String of(Path file, long length) throws IOException {
        MessageDigest digest = Sha256.begin();
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = length;
        try (InputStream in = Files.newInputStream(file)) {
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new IOException(file + " ends " + left + " bytes early");
                }
                digest.update(buffer, 0, read);
                left -= read;
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
