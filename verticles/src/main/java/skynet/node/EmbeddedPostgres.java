package skynet.node;

import static skynet.kit.ExitCode.FAILED;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import skynet.kit.PgUri;
import skynet.kit.StartFailure;

/**
 * The PostgreSQL server that a node without {@code SKYNET_PG_URI} brings along: real, durable, reachable from this
 * machine only, and only with the password in the data directory.
 *
 * <p>What makes it durable is given on its command line, where nothing in the database files can override it.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String READY = "database system is ready to accept connections";
    private static final int ATTEMPTS_MAX = 5;
    /** Long enough for the recovery after a crash, whose length is bounded by the size of the write-ahead log. */
    private static final long START_SECONDS_MAX = 120;

    private static final Map<String, String> CONFIGURATION = new TreeMap<>(Map.ofEntries(
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("full_page_writes", "on"),
            Map.entry("listen_addresses", LOOPBACK),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "40"),
            Map.entry("shared_buffers", "64MB"),
            Map.entry("password_encryption", "scram-sha-256"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("lc_messages", "C"),
            Map.entry("logging_collector", "off"),
            Map.entry("log_destination", "stderr")));

    private final Process process;
    private final Postmaster postmaster;
    private final PgUri uri;
    private final Consumer<String> progress;

    private EmbeddedPostgres(Process process, Postmaster postmaster, PgUri uri, Consumer<String> progress) {
        this.process = process;
        this.postmaster = postmaster;
        this.uri = uri;
        this.progress = progress;
    }

    /**
     * Starts the server on the files in {@code directory}, which it makes at the first start, and waits until it
     * answers. Each step of more than a moment is told to {@code progress}; {@link StartFailure} says what went wrong.
     */
    public static EmbeddedPostgres start(DataDirectory directory, Consumer<String> progress) {
        try {
            return startOn(directory, progress);
        } catch (IOException e) {
            throw new StartFailure(
                    FAILED,
                    "PostgreSQL: " + e.getMessage(),
                    "check the disk of " + directory.root() + " and the rights on it",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure(FAILED, "PostgreSQL: interrupted while starting", "start again", e);
        }
    }

    /** Returns the address of the node's database, with user and password. */
    public PgUri uri() {
        return uri;
    }

    /** Returns the process id of the server. */
    public long pid() {
        return postmaster.pid();
    }

    /** Completes with the exit code when the server ends, for whatever reason. */
    public CompletionStage<Integer> ended() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Ends the server within seconds; transactions that are still open are rolled back. */
    @Override
    public void close() {
        try {
            postmaster.stop(progress);
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }

    private static EmbeddedPostgres startOn(DataDirectory directory, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path home = directory.postgres();
        PostgresFiles.checkVersion(home.resolve("data"));
        PostgresBinaries binaries = PostgresBinaries.unpackedIn(home, progress);
        PostgresPrograms programs = new PostgresPrograms(binaries, home);
        PostgresFiles files = new PostgresFiles(directory, programs);
        Optional<Postmaster> orphan = Postmaster.runningOn(files.path(), programs);
        if (orphan.isPresent()) {
            progress.accept("stopping the PostgreSQL that a killed node left behind");
            orphan.get().stop(progress);
        }
        binaries.removeOthers();
        String password = files.prepare(progress);
        OutputLog log = new OutputLog(home.resolve("log"), "postgres");
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            Launch launch = launch(programs, files.path(), port, log);
            if (launch.ready()) {
                PgUri uri = new PgUri(
                        LOOPBACK, port, PostgresFiles.DATABASE, PostgresFiles.USER, Optional.of(password), "disable");
                return new EmbeddedPostgres(
                        launch.process(), new Postmaster(launch.process().toHandle(), programs), uri, progress);
            }
            if (attempt == ATTEMPTS_MAX || !passes(log.tail())) {
                throw programs.failed("postgres", log.tail());
            }
            TimeUnit.MILLISECONDS.sleep(100L << attempt);
        }
    }

    private static Launch launch(PostgresPrograms programs, Path data, int port, OutputLog log)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-D", data.toString(), "-p", Integer.toString(port)));
        CONFIGURATION.forEach((name, value) -> arguments.addAll(List.of("-c", name + "=" + value)));
        Process process = programs.start("postgres", arguments);
        process.getOutputStream().close();
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        Thread reader = log.follow(process.getInputStream(), line -> {
            if (line.contains(READY)) {
                ready.complete(true);
            }
        });
        CompletableFuture<?> unused = process.onExit().thenRun(() -> ready.complete(false));
        try {
            boolean answers = ready.get(START_SECONDS_MAX, TimeUnit.SECONDS);
            if (!answers) {
                reader.join(TimeUnit.SECONDS.toMillis(1));
            }
            return new Launch(process, answers);
        } catch (TimeoutException | ExecutionException e) {
            process.destroy();
            throw programs.failed("postgres", log.tail() + "\n(not ready after " + START_SECONDS_MAX + " s)");
        }
    }

    /** Another program took the port between choosing and binding, or the last of a killed server's processes ends. */
    private static boolean passes(String output) {
        return output.contains("could not create any TCP/IP sockets")
                || output.contains("pre-existing shared memory block");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A started process, and whether it got as far as answering. */
    private record Launch(Process process, boolean ready) {}
}
