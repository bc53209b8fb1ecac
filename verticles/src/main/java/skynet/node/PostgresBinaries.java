package skynet.node;

import static skynet.kit.ExitCode.BAD_SETTINGS;
import static skynet.kit.ExitCode.FAILED;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;
import skynet.kit.StartFailure;

/** The PostgreSQL programs that travel in the JAR, unpacked once into the data directory. */
final class PostgresBinaries {
    static final String VERSION = "15.19";
    static final int MAJOR = 15;

    private static final String FOLDER_PREFIX = "bin-";

    private final Path root;

    private PostgresBinaries(Path root) {
        this.root = root;
    }

    /** Unpacks beside the final place and renames, so that a half-unpacked directory is never used. */
    static PostgresBinaries unpackedIn(Path postgresDirectory, Consumer<String> progress) {
        Path root = postgresDirectory.resolve(FOLDER_PREFIX + VERSION);
        if (Files.isDirectory(root)) {
            return new PostgresBinaries(root);
        }
        progress.accept("unpacking PostgreSQL " + VERSION);
        Path fresh = postgresDirectory.resolve(FOLDER_PREFIX + VERSION + ".new");
        try (InputStream archive = archive()) {
            delete(fresh);
            Files.createDirectory(fresh);
            new TarEntries(new BufferedInputStream(new XZInputStream(archive), 1 << 16), fresh).unpack();
            Files.move(fresh, root, StandardCopyOption.ATOMIC_MOVE);
            return new PostgresBinaries(root);
        } catch (IOException e) {
            throw new StartFailure(
                    FAILED,
                    "PostgreSQL: cannot unpack into " + root + ": " + e.getMessage(),
                    "make room: 100 MB are needed in the data directory",
                    e);
        }
    }

    Path root() {
        return root;
    }

    Path program(String name) {
        return root.resolve("bin").resolve(name);
    }

    /** Removes what other releases unpacked beside these; to be called when no server of theirs runs any more. */
    void removeOthers() throws IOException {
        List<Path> others;
        try (Stream<Path> folders = Files.list(root.getParent())) {
            others = folders.filter(
                            folder -> folder.getFileName().toString().startsWith(FOLDER_PREFIX) && !folder.equals(root))
                    .toList();
        }
        for (Path other : others) {
            delete(other);
        }
    }

    /** Removes a directory tree without following links; one that is not there is fine. */
    static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static InputStream archive() {
        String name = "/postgres-" + system() + "-" + architecture() + ".txz";
        InputStream archive = PostgresBinaries.class.getResourceAsStream(name);
        if (archive == null) {
            throw new StartFailure(
                    BAD_SETTINGS,
                    "PostgreSQL: no programs for this machine in the JAR (expected: " + name.substring(1) + ")",
                    "give a database with SKYNET_PG_URI=postgresql://user:password@host:port/database");
        }
        return archive;
    }

    private static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name.startsWith("windows") ? "windows" : "linux";
    }

    private static String architecture() {
        String name = System.getProperty("os.arch");
        return switch (name) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> name;
        };
    }
}
