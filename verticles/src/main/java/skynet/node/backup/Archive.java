package skynet.node.backup;

import static skynet.kit.ExitCode.BAD_DATA;
import static skynet.kit.ExitCode.USAGE;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import skynet.kit.Sha256;
import skynet.kit.StartFailure;

/** An archive that was opened, and so bears an unbroken seal; the layout is drawn at {@link ArchiveWriter}. */
final class Archive implements AutoCloseable {
    /** Where a zip file has the name of its first entry. */
    private static final int FIRST_NAME_AT = 30;

    private static final int FIRST_NAME_BYTES_MAX = 32;
    private static final int MANIFEST_BYTES_MAX = 4 << 20;
    private static final String TAKE_ANOTHER = "take another copy of the file, or another backup";

    private final Path path;
    private final ZipFile zip;
    private final Manifest manifest;

    private Archive(Path path, ZipFile zip, Manifest manifest) {
        this.path = path;
        this.zip = zip;
        this.manifest = manifest;
    }

    /** Opens an archive after a look at every byte of it; {@link StartFailure} says why one is refused. */
    static Archive open(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new StartFailure(USAGE, "backup: " + path + " is no file", "check the spelling");
        }
        requireFormat(path);
        requireSeal(path);
        ZipFile zip = new ZipFile(path.toFile());
        try {
            return new Archive(path, zip, manifest(path, zip));
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    Manifest manifest() {
        return manifest;
    }

    /** Hands the rows of one table on, and refuses afterwards when they were not those of the manifest. */
    void read(Manifest.Entry entry, Rows rows) throws IOException {
        ZipEntry named = zip.getEntry(entry.table().label());
        if (named == null) {
            throw altered(path, entry.table().label() + " is missing");
        }
        MessageDigest digest = Sha256.begin();
        try (InputStream in = new DigestInputStream(zip.getInputStream(named), digest)) {
            long count = rows.copyFrom(in);
            if (count != entry.rows()) {
                throw altered(path, entry.table().label() + " has " + count + " rows (expected: " + entry.rows() + ")");
            }
        }
        if (!HexFormat.of().formatHex(digest.digest()).equals(entry.sha256())) {
            throw altered(path, entry.table().label() + " does not have its checksum");
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }

    /** The first bytes say what a file is, before anything in it is believed. */
    private static void requireFormat(Path path) throws IOException {
        String name = "";
        try (InputStream in = Files.newInputStream(path)) {
            in.skipNBytes(FIRST_NAME_AT);
            name = new String(in.readNBytes(FIRST_NAME_BYTES_MAX), StandardCharsets.ISO_8859_1);
        } catch (java.io.EOFException e) {
            // Too short to be one; refused below.
        }
        if (!name.startsWith(Seal.FAMILY_NAME)) {
            throw new StartFailure(
                    BAD_DATA,
                    "backup: " + path + " is none (expected: a file that skynet backup made)",
                    "check the spelling, or " + TAKE_ANOTHER);
        }
        String format = name.substring(Seal.FAMILY_NAME.length()).replaceFirst("(?s)^(\\d*).*", "$1");
        if (!format.equals(Integer.toString(Seal.FORMAT))) {
            throw new StartFailure(
                    BAD_DATA,
                    "backup: " + path + " has format " + format + " (expected: " + Seal.FORMAT + ")",
                    "use the SKYNET release that made it, or a newer one");
        }
    }

    private static void requireSeal(Path path) throws IOException {
        long sealed = Files.size(path) - Seal.LENGTH;
        if (sealed < 0) {
            throw altered(path, "it is cut short");
        }
        byte[] seal = new byte[Seal.LENGTH];
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(sealed);
            file.readFully(seal);
        }
        if (!Seal.of(path, sealed).equals(new String(seal, StandardCharsets.ISO_8859_1))) {
            throw altered(path, "its checksum is another");
        }
    }

    private static Manifest manifest(Path path, ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(Seal.MANIFEST_NAME);
        if (entry == null || entry.getSize() > MANIFEST_BYTES_MAX) {
            throw altered(path, "no manifest");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return Manifest.read(in.readNBytes(MANIFEST_BYTES_MAX));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw altered(path, "its manifest cannot be read");
        }
    }

    private static StartFailure altered(Path path, String how) {
        return new StartFailure(
                BAD_DATA,
                "backup: " + path + " is altered or cut short: " + how + " (expected: as it was made)",
                TAKE_ANOTHER);
    }

    /** Where the rows of a table go; returns how many there were. */
    interface Rows {
        long copyFrom(InputStream in) throws IOException;
    }
}
