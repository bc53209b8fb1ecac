package skynet.node.backup;

import static skynet.kit.ExitCode.BAD_SETTINGS;
import static skynet.kit.ExitCode.FAILED;
import static skynet.kit.ExitCode.USAGE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import skynet.kit.PgUri;
import skynet.kit.StartFailure;

/**
 * A copy of all facts at one point, taken while others write. What was acknowledged before the point is in it; what
 * comes later is not, and nothing is there by half.
 */
public final class Backup {
    public static final String ENDING = ".skynet";
    private static final Pattern POINT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private Backup() {}

    /** What was taken, for people. */
    public record Taken(Path file, String point, String takenAt, int tables, long rows, long bytes, String seal) {}

    /**
     * Takes a backup into a new file, or into a folder under the point's name.
     *
     * @param name of the point; without one it is called by its time
     */
    public static Taken take(PgUri facts, Path target, Optional<String> name) {
        name.filter(point -> !POINT.matcher(point).matches()).ifPresent(point -> {
            throw new StartFailure(
                    USAGE,
                    "point: " + point + " (expected: at most 100 letters, digits, dots, dashes and underscores)",
                    "choose another name");
        });
        try (FactStore store = FactStore.reading(facts)) {
            requireOurs(store, facts);
            String takenAt = store.now();
            String point = name.orElse(takenAt.substring(0, 19).replace(':', '-') + "Z");
            Path file = Files.isDirectory(target) ? target.resolve(point + ENDING) : target;
            if (Files.exists(file)) {
                throw new StartFailure(
                        USAGE, "backup: " + file + " exists already (expected: a new file)", "choose another name");
            }
            return write(store, file, point, takenAt);
        } catch (FactStore.Failure e) {
            throw new StartFailure(
                    FAILED,
                    "database: " + facts + ": " + e.getMessage(),
                    "check that the database runs and that its user may read all tables; then try again",
                    e);
        } catch (IOException e) {
            throw new StartFailure(
                    FAILED, "backup: cannot write " + target + ": " + e, "check the disk and the rights on it", e);
        }
    }

    private static Taken write(FactStore store, Path file, String point, String takenAt) throws IOException {
        try (ArchiveWriter archive = ArchiveWriter.create(file)) {
            List<Manifest.Entry> entries = new ArrayList<>();
            for (Table table : store.tables()) {
                entries.add(archive.write(table, rows -> store.copyOut(table, rows)));
            }
            Manifest manifest = new Manifest(Seal.FORMAT, point, takenAt, store.version(), entries, store.sequences());
            String seal = archive.seal(manifest);
            return new Taken(file, point, takenAt, entries.size(), manifest.rows(), Files.size(file), seal);
        }
    }

    private static void requireOurs(FactStore store, PgUri facts) throws IOException {
        if (!store.isOurs()) {
            throw new StartFailure(
                    BAD_SETTINGS,
                    "database: " + facts + " holds no node (expected: one that a node has started on)",
                    "check SKYNET_PG_URI and SKYNET_DATA_DIR");
        }
    }
}
