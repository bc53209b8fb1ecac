package skynet.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Unpacks a tar stream into a directory: files, directories and symbolic links of the ustar format, no more.
 *
 * <p>Each entry is a header block of {@value #BLOCK} bytes, then the content filled up to a whole block:
 *
 * <pre>
 *   0        100   108        124    136      156   157         257    345      500
 *   | name    | mode | …       | size | …      | type | link name | ustar … | prefix |
 * </pre>
 *
 * Numbers are octal text. Two blocks of zeros, or the end of the stream, end the archive.
 */
final class TarEntries {
    private static final int BLOCK = 512;
    private static final long FILE_BYTES_MAX = 256L << 20;

    private final InputStream in;
    private final Path target;

    TarEntries(InputStream in, Path target) {
        this.in = in;
        this.target = target.toAbsolutePath().normalize();
    }

    /** Writes every entry below the target directory; an entry that would land outside is refused. */
    void unpack() throws IOException {
        byte[] header = new byte[BLOCK];
        while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
            entry(header);
        }
    }

    private void entry(byte[] header) throws IOException {
        String prefix = text(header, 345, 155);
        boolean posix = header[263] == '0';
        String name = posix && !prefix.isEmpty() ? prefix + "/" + text(header, 0, 100) : text(header, 0, 100);
        long sizeBytes = octal(header, 124, 12);
        if (sizeBytes < 0 || sizeBytes > FILE_BYTES_MAX) {
            throw new IOException(
                    "tar entry " + name + ": " + sizeBytes + " bytes (expected: 0 to " + FILE_BYTES_MAX + ")");
        }
        Path path = inside(target.resolve(name), name);
        switch (header[156]) {
            case '5' -> Files.createDirectories(path);
            case '2' -> link(path, text(header, 157, 100), name);
            case '0', 0 -> file(path, sizeBytes, octal(header, 100, 8));
            default ->
                throw new IOException("tar entry " + name + ": type " + (char) header[156]
                        + " (expected: file, directory or symbolic link)");
        }
    }

    private void link(Path path, String to, String name) throws IOException {
        inside(path.resolveSibling(to), name);
        Files.createDirectories(path.getParent());
        try {
            Files.createSymbolicLink(path, Path.of(to));
        } catch (FileAlreadyExistsException e) {
            throw new IOException("tar entry " + name + ": comes twice", e);
        }
    }

    private void file(Path path, long sizeBytes, long mode) throws IOException {
        Files.createDirectories(path.getParent());
        byte[] content = in.readNBytes((int) sizeBytes);
        if (content.length < sizeBytes) {
            throw new IOException("tar entry " + path.getFileName() + ": the archive ends early");
        }
        Files.write(path, content);
        if ((mode & 0100) != 0) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        in.skipNBytes((BLOCK - sizeBytes % BLOCK) % BLOCK);
    }

    private Path inside(Path path, String name) throws IOException {
        Path normal = path.toAbsolutePath().normalize();
        if (!normal.startsWith(target)) {
            throw new IOException("tar entry " + name + ": leaves the target directory");
        }
        return normal;
    }

    private static String text(byte[] header, int offset, int length) {
        int end = offset;
        while (end < offset + length && header[end] != 0) {
            end++;
        }
        return new String(header, offset, end - offset, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] header, int offset, int length) throws IOException {
        String digits = text(header, offset, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("tar header: number " + digits + " (expected: octal digits)", e);
        }
    }
}
