package skynet.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import skynet.kit.PgUri;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;

/** PostgreSQL on a machine of its own: the programs and files are those of an embedded one, the listening address is not. */
final class FarDatabase implements AutoCloseable {
    private static final int PORT = 5432;
    private static final Duration START_MAX = Duration.ofSeconds(60);

    private final ProcessBuilder builder;
    private final PgUri uri;
    private Process process;

    private FarDatabase(ProcessBuilder builder, PgUri uri) {
        this.builder = builder;
        this.uri = uri;
    }

    static FarDatabase start(Path root, Network network, String machine) throws Exception {
        PgUri made;
        try (DataDirectory directory = DataDirectory.open(root);
                EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, line -> {})) {
            made = postgres.uri();
        }
        Path home = root.resolve("postgres");
        Path data = home.resolve("data");
        Files.writeString(
                data.resolve("pg_hba.conf"), "host all all 10.0.0.0/8 scram-sha-256\n", StandardOpenOption.APPEND);
        String address = network.address(machine);
        List<String> command = new ArrayList<>(network.on(machine));
        command.addAll(List.of("unshare", "-U", program(home), "-D", data.toString(), "-p", "" + PORT));
        for (String setting : List.of(
                "listen_addresses=" + address,
                "unix_socket_directories=",
                "fsync=on",
                "synchronous_commit=on",
                "max_connections=100",
                "shared_buffers=64MB",
                "timezone=UTC")) {
            command.addAll(List.of("-c", setting));
        }
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        builder.environment().put("LC_ALL", "C");
        builder.redirectErrorStream(true)
                .redirectOutput(root.resolve("postgres.log").toFile());
        FarDatabase database = new FarDatabase(
                builder, new PgUri(address, PORT, made.database(), made.user(), made.password(), "disable"));
        database.begin();
        return database;
    }

    /** Starts the server, also after it was killed. */
    void begin() throws Exception {
        process = builder.start();
        await();
    }

    /** Ends all its processes at once, as the death of its machine would. */
    void kill() throws Exception {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor(10, TimeUnit.SECONDS);
        for (ProcessHandle one : all) {
            one.onExit().get(10, TimeUnit.SECONDS);
        }
    }

    /** The address as a node is given it. */
    String uri() {
        return "postgresql://" + uri.user() + ":" + uri.password().orElseThrow() + "@" + uri.host() + ":" + uri.port()
                + "/" + uri.database() + "?sslmode=disable";
    }

    /** The messages of chat that are stored with their answers. */
    Set<UUID> answered() throws SQLException {
        Set<UUID> stored = new HashSet<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM chat.message WHERE answer IS NOT NULL")) {
            while (rows.next()) {
                stored.add(rows.getObject(1, UUID.class));
            }
        }
        return stored;
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                uri.jdbcUrl(), uri.user(), uri.password().orElseThrow());
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private void await() throws Exception {
        long end = System.nanoTime() + START_MAX.toNanos();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(uri.host(), uri.port()), 1_000);
                connect().close();
                return;
            } catch (IOException | SQLException notYet) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new IOException("no database at " + uri, notYet);
                }
                Thread.sleep(50);
            }
        }
    }

    private static String program(Path home) throws IOException {
        try (Stream<Path> folders = Files.list(home)) {
            return folders.filter(folder -> folder.getFileName().toString().startsWith("bin-"))
                    .findAny()
                    .orElseThrow()
                    .resolve("bin/postgres")
                    .toString();
        }
    }
}
