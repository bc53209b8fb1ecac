package skynet.node.backup;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import skynet.kit.Sha256;

/**
 * Writes an archive: a zip file that any tool can list, sealed as a whole.
 *
 * <pre>
 *  entry "skynet-backup-1"    empty; at the front, so that the first bytes name the format
 *  entry "schema.table"       the rows as COPY writes them; one entry for each table
 *  entry "manifest.json"      what is inside, with a SHA-256 for each table
 *  comment, the last 64 bytes SHA-256 of all bytes before it, in hexadecimal
 * </pre>
 *
 * <p>It is written beside its final place and renamed when it is on the disk: a file that has its name is whole.
 */
final class ArchiveWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Path target;
    private final Path fresh;
    private final ZipOutputStream zip;

    private ArchiveWriter(Path target, Path fresh, ZipOutputStream zip) {
        this.target = target;
        this.fresh = fresh;
        this.zip = zip;
    }

    static ArchiveWriter create(Path target) throws IOException {
        Path fresh = target.resolveSibling(target.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.createFile(fresh, ownerOnly);
        OutputStream file = Files.newOutputStream(fresh, StandardOpenOption.WRITE);
        ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(file, BUFFER_BYTES), StandardCharsets.UTF_8);
        zip.setLevel(Deflater.BEST_SPEED);
        zip.setComment("0".repeat(Seal.LENGTH));
        ArchiveWriter writer = new ArchiveWriter(target, fresh, zip);
        writer.begin(Seal.FORMAT_NAME);
        zip.closeEntry();
        return writer;
    }

    /** Writes the rows of one table and says what was written. */
    Manifest.Entry write(Table table, Rows rows) throws IOException {
        begin(table.label());
        MessageDigest digest = Sha256.begin();
        CountedBytes counted = new CountedBytes(new DigestOutputStream(zip, digest));
        long count = rows.copyTo(counted);
        zip.closeEntry();
        return new Manifest.Entry(table, count, counted.bytes(), HexFormat.of().formatHex(digest.digest()));
    }

    /** Closes the archive with its manifest and gives it its name. Returns the seal. */
    String seal(Manifest manifest) throws IOException {
        begin(Seal.MANIFEST_NAME);
        zip.write(manifest.json());
        zip.closeEntry();
        zip.close();
        long sealed = Files.size(fresh) - Seal.LENGTH;
        String seal = Seal.of(fresh, sealed);
        try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(seal.getBytes(StandardCharsets.US_ASCII)), sealed);
            file.force(true);
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
        return seal;
    }

    /** Removes what was not sealed. */
    @Override
    public void close() throws IOException {
        try (zip) {
            Files.deleteIfExists(fresh);
        }
    }

    private void begin(String name) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        zip.putNextEntry(entry);
    }

    /** Where the rows of a table come from; returns how many there were. */
    interface Rows {
        long copyTo(OutputStream out) throws IOException;
    }
}
