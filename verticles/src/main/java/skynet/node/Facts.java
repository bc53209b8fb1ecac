package skynet.node;

import static skynet.kit.ExitCode.BAD_SETTINGS;
import static skynet.kit.ExitCode.TRY_LATER;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import skynet.kit.PgUri;
import skynet.kit.StartFailure;

/**
 * The database of a node, for a command beside it: the external one, the embedded one of the node that runs, or, when
 * none runs, the embedded one started until this is closed.
 */
public final class Facts implements AutoCloseable {
    /** The line of {@code postmaster.pid} with the port, from 0. */
    private static final int PORT_LINE = 3;

    private final PgUri uri;
    private final List<AutoCloseable> opened;

    private Facts(PgUri uri, AutoCloseable... opened) {
        this.uri = uri;
        this.opened = List.of(opened);
    }

    public static Facts of(NodeConfig config, Consumer<String> progress) {
        if (config.pg().uri().isPresent()) {
            return new Facts(config.pg().uri().get());
        }
        Path root = config.dataDir();
        if (!Files.exists(root.resolve("postgres").resolve("data"))) {
            throw new StartFailure(
                    BAD_SETTINGS,
                    "data directory: " + root + " holds no node (expected: one that a node has started on)",
                    "name the node's directory with --data-dir or SKYNET_DATA_DIR");
        }
        DataDirectory directory;
        try {
            directory = DataDirectory.open(root);
        } catch (StartFailure e) {
            if (e.exitCode() != TRY_LATER) {
                throw e;
            }
            return new Facts(running(root).orElseThrow(() -> e));
        }
        try {
            EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, progress);
            return new Facts(postgres.uri(), postgres, directory);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    public PgUri uri() {
        return uri;
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    /** The server of the running node, as it says itself in its files; empty while it starts or ends. */
    private static Optional<PgUri> running(Path root) {
        try {
            List<String> lines = Files.readAllLines(root.resolve("postgres/data/postmaster.pid"));
            String password = Files.readString(root.resolve("secrets/postgres")).strip();
            if (lines.size() <= PORT_LINE) {
                return Optional.empty();
            }
            return Optional.of(new PgUri(
                    "127.0.0.1",
                    Integer.parseInt(lines.get(PORT_LINE).strip()),
                    PostgresFiles.DATABASE,
                    PostgresFiles.USER,
                    Optional.of(password),
                    "disable"));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
