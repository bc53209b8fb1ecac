package skynet.dictionary;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/** The pack that travels with the code, and the table file made of it once per machine. */
final class BundledPack {
    private static final String PACK = "genom.pack";
    private static final int DIGEST_DIGITS = 64;
    private static final String FILES_OF_OURS = "dictionary-*.{table,part}";

    /** Much longer than making a table takes. */
    private static final Duration MAKING_MAX = Duration.ofHours(1);

    private BundledPack() {}

    static CoordinateTable open(Path directory) throws IOException {
        String digest = statedDigest();
        Path file = directory.resolve("dictionary-" + TableHeader.FORMAT + "-" + digest.substring(0, 16) + ".table");
        CoordinateTable table = openOrMake(file, digest);
        removeLeftovers(file);
        return table;
    }

    private static CoordinateTable openOrMake(Path file, String digest) throws IOException {
        if (Files.exists(file)) {
            try {
                return CoordinateTable.open(file);
            } catch (DictionaryFormatException damaged) {
                Files.delete(file);
            }
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        TableBuilder.expand(verified(digest), file);
        return CoordinateTable.open(file);
    }

    /**
     * Removes the tables of other packs, and parts of one that nobody finishes any more; a young part may be another
     * program's that makes the same table now. What cannot be removed stays, for it is no reason not to open.
     */
    private static void removeLeftovers(Path current) {
        FileTime old = FileTime.from(Instant.now().minus(MAKING_MAX));
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(current.toAbsolutePath().getParent(), FILES_OF_OURS)) {
            for (Path file : files) {
                boolean part = file.toString().endsWith(".part");
                boolean leftover = part
                        ? Files.getLastModifiedTime(file).compareTo(old) < 0
                        : !file.getFileName().equals(current.getFileName());
                if (leftover) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The next opening tries again.
        }
    }

    /** The pack, after comparing it with the digest that stands beside it. */
    static byte[] read() throws IOException {
        return verified(statedDigest());
    }

    private static byte[] verified(String digest) throws IOException {
        byte[] pack = resource(PACK);
        String found = HexFormat.of().formatHex(TableHeader.sha256().digest(pack));
        if (!found.equals(digest)) {
            throw new DictionaryFormatException(PACK + ": SHA-256 " + found + " (expected: " + digest + ")");
        }
        return pack;
    }

    private static String statedDigest() throws IOException {
        String line = new String(resource(PACK + ".sha256"), StandardCharsets.US_ASCII);
        if (line.length() < DIGEST_DIGITS) {
            throw new DictionaryFormatException(PACK + ".sha256: " + line.strip() + " (expected: 64 digits)");
        }
        return line.substring(0, DIGEST_DIGITS);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = BundledPack.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException("class path: no skynet/dictionary/" + name + " (expected: in the jar)");
            }
            return in.readAllBytes();
        }
    }
}
