package skynet.node.backup;

import static skynet.kit.ExitCode.BAD_DATA;
import static skynet.kit.ExitCode.BAD_SETTINGS;
import static skynet.kit.ExitCode.FAILED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import skynet.kit.Database;
import skynet.kit.PgUri;
import skynet.kit.StartFailure;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;

/**
 * Makes a new data directory out of an archive. The database is made in a folder inside it and moved to its place when
 * every row is in and on the disk: whenever this ends too early, the directory holds no node.
 */
public final class Restore {
    private static final String STAGE = "restoring";

    /** What may be in an empty directory: what a broken-off attempt or a file system leaves. */
    private static final Set<String> NOTHING = Set.of(STAGE, "node.lock", "lost+found");

    private Restore() {}

    /** What came back, for people. */
    public record Restored(String point, String takenAt, int tables, long rows) {}

    public static Restored into(Path target, Path file, Consumer<String> progress) {
        try (Archive archive = Archive.open(file)) {
            requireEmpty(target);
            try (DataDirectory directory = DataDirectory.open(target)) {
                return into(directory, archive, progress);
            }
        } catch (IOException e) {
            throw new StartFailure(
                    FAILED, "restore: " + e, "check the disk and the rights on " + file + " and " + target, e);
        }
    }

    private static Restored into(DataDirectory directory, Archive archive, Consumer<String> progress)
            throws IOException {
        Path stage = directory.root().resolve(STAGE);
        delete(stage);
        try {
            try (DataDirectory staged = DataDirectory.open(stage);
                    EmbeddedPostgres postgres = EmbeddedPostgres.start(staged, progress)) {
                progress.accept("bringing back " + archive.manifest().rows() + " rows");
                load(archive, postgres.uri());
            }
            // The database comes last: with it the directory becomes a node's.
            for (String part : List.of("secrets", "postgres")) {
                Files.move(stage.resolve(part), directory.root().resolve(part), StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            delete(stage);
        }
        Manifest manifest = archive.manifest();
        return new Restored(
                manifest.point(), manifest.takenAt(), manifest.tables().size(), manifest.rows());
    }

    private static void load(Archive archive, PgUri uri) throws IOException {
        Manifest manifest = archive.manifest();
        if (!Database.migrate(uri, manifest.schema())) {
            throw new StartFailure(
                    BAD_DATA,
                    "backup: its schema has version " + manifest.schema() + ", which this release does not know"
                            + " (expected: one that it can migrate)",
                    "use the SKYNET release that made it, or a newer one");
        }
        try (FactStore store = FactStore.writing(uri)) {
            store.make(manifest.tables().stream().map(Manifest.Entry::table).toList());
            store.clear(store.tables());
            for (Manifest.Entry entry : manifest.tables()) {
                archive.read(entry, rows -> store.copyIn(entry.table(), rows));
            }
            for (Sequence sequence : manifest.sequences()) {
                store.set(sequence);
            }
            store.commit();
        } catch (FactStore.Failure e) {
            throw new StartFailure(
                    BAD_DATA,
                    "backup: its rows do not fit the schema of version " + manifest.schema() + ": " + e.getMessage(),
                    "use the SKYNET release that made it; a database shared with other programs cannot be restored",
                    e);
        }
    }

    private static void requireEmpty(Path target) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        try (Stream<Path> files = Files.list(target)) {
            files.filter(file -> !NOTHING.contains(file.getFileName().toString()))
                    .findFirst()
                    .ifPresent(file -> {
                        throw new StartFailure(
                                BAD_SETTINGS,
                                "data directory: " + target + " holds " + file.getFileName()
                                        + " (expected: a new or empty directory)",
                                "choose another with --data-dir; nothing was changed");
                    });
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
