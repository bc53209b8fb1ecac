package skynet.dictionary;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** The pack that travels with the code, and the table file made of it once per machine. */
final class BundledPack {
    private static final String PACK = "genom.pack";
    private static final int DIGEST_DIGITS = 64;

    private BundledPack() {}

    static CoordinateTable open(Path directory) throws IOException {
        String digest = statedDigest();
        Path file = directory.resolve("dictionary-" + TableHeader.FORMAT + "-" + digest.substring(0, 16) + ".table");
        if (Files.exists(file)) {
            try {
                return CoordinateTable.open(file);
            } catch (DictionaryFormatException damaged) {
                Files.delete(file);
            }
        }
        Files.createDirectories(directory);
        TableBuilder.expand(verified(digest), file);
        return CoordinateTable.open(file);
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
