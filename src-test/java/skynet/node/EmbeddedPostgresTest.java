package skynet.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.kit.Database;
import skynet.kit.ExitCode;
import skynet.kit.PgUri;
import skynet.kit.StartFailure;

/** The embedded PostgreSQL: durable, closed to strangers, and back after every way of ending. */
final class EmbeddedPostgresTest {
    private final List<String> progress = new ArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    static Path programs;

    @TempDir
    Path temporary;

    @AfterEach
    void closeInReverse() throws Exception {
        for (int index = opened.size() - 1; index >= 0; index--) {
            opened.get(index).close();
        }
    }

    @Test
    void writesEverythingThroughToTheDisk() throws Exception {
        EmbeddedPostgres postgres = start(directory());
        for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes", "data_checksums")) {
            assertEquals("on", ask(postgres.uri(), "SHOW " + setting), setting);
        }
    }

    @Test
    void listensOnLoopbackWithoutSocketFiles() throws Exception {
        EmbeddedPostgres postgres = start(directory());
        assertEquals("127.0.0.1", ask(postgres.uri(), "SHOW listen_addresses"));
        assertEquals("", ask(postgres.uri(), "SHOW unix_socket_directories"));
        assertEquals("UTF8", ask(postgres.uri(), "SHOW server_encoding"));
    }

    @Test
    void keepsItsSettingsWhenTheDatabaseFilesSayOtherwise() throws Exception {
        DataDirectory directory = directory();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, progress::add)) {
            run(postgres.uri(), "ALTER SYSTEM SET fsync = off");
        }
        assertEquals("on", ask(start(directory).uri(), "SHOW fsync"));
    }

    @Test
    void aServerThatMayLoseWhatItAcknowledgedIsRefused() throws Exception {
        DataDirectory directory = directory();
        PgUri uri;
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, progress::add)) {
            uri = postgres.uri();
            Database.requireDurable(uri);
        }
        Path home = directory.postgres();
        Process careless = new PostgresPrograms(PostgresBinaries.unpackedIn(home, progress::add), home)
                .start(
                        "postgres",
                        List.of(
                                "-D", home.resolve("data").toString(),
                                "-p", Integer.toString(uri.port()),
                                "-c", "fsync=off",
                                "-c", "listen_addresses=127.0.0.1",
                                "-c", "unix_socket_directories="));
        opened.add(() -> careless.destroyForcibly().waitFor());
        try (BufferedReader lines = careless.inputReader()) {
            assertTrue(lines.lines().anyMatch(line -> line.contains("ready to accept connections")));
            StartFailure refused = assertThrows(StartFailure.class, () -> Database.requireDurable(uri));
            assertEquals("database: fsync is off (expected: on)", refused.getMessage());
        }
    }

    @Test
    void refusesAWrongPassword() throws Exception {
        PgUri uri = start(directory()).uri();
        SQLException refused =
                assertThrows(SQLException.class, () -> DriverManager.getConnection(uri.jdbcUrl(), uri.user(), "wrong"));
        assertEquals("28P01", refused.getSQLState());
    }

    @Test
    void keepsThePasswordWhereOnlyItsOwnerReads() throws Exception {
        DataDirectory directory = directory();
        start(directory);
        Path secret = directory.secrets().resolve("postgres");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
        try (var files = Files.list(directory.postgres())) {
            assertTrue(files.noneMatch(file -> file.toString().contains("password")));
        }
    }

    @Test
    void makesANewPasswordWhenTheOldOneIsLost() throws Exception {
        DataDirectory directory = directory();
        EmbeddedPostgres first = EmbeddedPostgres.start(directory, progress::add);
        first.close();
        Files.delete(directory.secrets().resolve("postgres"));
        EmbeddedPostgres second = start(directory);
        assertNotEquals(first.uri().password(), second.uri().password());
        assertEquals("1", ask(second.uri(), "SELECT 1"));
    }

    @Test
    void staysOpenWhenTheNewPasswordWasCutShort() throws Exception {
        DataDirectory directory = directory();
        EmbeddedPostgres.start(directory, progress::add).close();
        Files.delete(directory.secrets().resolve("postgres"));
        Path broken = temporary.resolve("broken");
        Path bin = Files.createDirectories(broken.resolve("bin-" + PostgresBinaries.VERSION + "/bin"));
        Path program = Files.writeString(bin.resolve("postgres"), "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        PostgresPrograms programs =
                new PostgresPrograms(PostgresBinaries.unpackedIn(broken, progress::add), directory.postgres());
        PostgresFiles files = new PostgresFiles(directory, programs);
        assertThrows(StartFailure.class, () -> files.prepare(progress::add));
        assertEquals("1", ask(start(directory).uri(), "SELECT 1"));
    }

    @Test
    void removesTheProgramsOfEarlierReleases() throws Exception {
        DataDirectory directory = directory();
        Path earlier = directory.postgres().resolve("bin-15.1");
        Files.createDirectories(earlier.resolve("bin"));
        Path cut = directory.postgres().resolve("bin-15.2.new");
        Files.createDirectories(cut);
        start(directory);
        assertFalse(Files.exists(earlier));
        assertFalse(Files.exists(cut));
    }

    @Test
    void keepsRowsAcrossRestarts() throws Exception {
        DataDirectory directory = directory();
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, progress::add)) {
            run(postgres.uri(), "CREATE TABLE word AS SELECT 'kept' AS text");
        }
        progress.clear();
        assertEquals("kept", ask(start(directory).uri(), "SELECT text FROM word"));
        assertEquals(List.of(), progress);
    }

    @Test
    void keepsAcknowledgedRowsWhenItsProcessIsKilled() throws Exception {
        DataDirectory directory = directory();
        EmbeddedPostgres killed = EmbeddedPostgres.start(directory, progress::add);
        run(killed.uri(), "CREATE TABLE word AS SELECT 'kept' AS text");
        ProcessHandle.of(killed.pid()).orElseThrow().destroyForcibly();
        assertNotEquals(0, killed.ended().toCompletableFuture().get(10, TimeUnit.SECONDS));
        assertEquals("kept", ask(start(directory).uri(), "SELECT text FROM word"));
    }

    @Test
    void replacesTheServerThatAKilledNodeLeftBehind() throws Exception {
        DataDirectory directory = directory();
        EmbeddedPostgres orphan = EmbeddedPostgres.start(directory, progress::add);
        run(orphan.uri(), "CREATE TABLE word AS SELECT 'kept' AS text");
        EmbeddedPostgres next = start(directory);
        assertNotEquals(orphan.pid(), next.pid());
        assertEquals(0, orphan.ended().toCompletableFuture().get(10, TimeUnit.SECONDS));
        assertEquals("kept", ask(next.uri(), "SELECT text FROM word"));
    }

    @Test
    void leavesAProcessAloneThatOnlyHasTheOldNumber() throws Exception {
        DataDirectory directory = directory();
        EmbeddedPostgres.start(directory, progress::add).close();
        Process stranger = new ProcessBuilder("sleep", "60").start();
        opened.add(stranger::destroyForcibly);
        Files.writeString(directory.postgres().resolve("data/postmaster.pid"), stranger.pid() + "\n");
        assertEquals("1", ask(start(directory).uri(), "SELECT 1"));
        assertTrue(stranger.isAlive());
    }

    @Test
    void endsWithinSecondsWhileATransactionIsOpen() throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(directory(), progress::add);
        PgUri uri = postgres.uri();
        try (Connection connection = connect(uri);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("CREATE TABLE open (id int)");
            long startNanos = System.nanoTime();
            postgres.close();
            assertTrue(System.nanoTime() - startNanos < TimeUnit.SECONDS.toNanos(10));
        }
        assertFalse(ProcessHandle.of(postgres.pid()).map(ProcessHandle::isAlive).orElse(false));
    }

    @Test
    void namesTheMajorVersionOfFilesItCannotRead() throws Exception {
        DataDirectory directory = directory();
        Path data = Files.createDirectories(directory.postgres().resolve("data"));
        Files.writeString(data.resolve("PG_VERSION"), "14\n");
        StartFailure failure = assertThrows(StartFailure.class, () -> start(directory));
        assertEquals(ExitCode.BAD_SETTINGS, failure.exitCode());
        assertTrue(failure.getMessage().contains("version 14 (expected: 15)"), failure.getMessage());
    }

    @Test
    void startsOverWhenTheFirstStartWasCutShort() throws Exception {
        DataDirectory directory = DataDirectory.open(temporary.resolve("cut"));
        opened.add(directory);
        Files.createDirectories(directory.postgres().resolve("bin-" + PostgresBinaries.VERSION + ".new/bin"));
        Files.createDirectories(directory.postgres().resolve("data.new/base"));
        Files.writeString(directory.postgres().resolve("password.new"), "old");
        assertEquals("1", ask(start(directory).uri(), "SELECT 1"));
    }

    @Test
    void tellsWhyDamagedFilesDoNotStart() throws Exception {
        DataDirectory directory = directory();
        EmbeddedPostgres.start(directory, progress::add).close();
        Files.delete(directory.postgres().resolve("data/global/pg_control"));
        StartFailure failure = assertThrows(StartFailure.class, () -> start(directory));
        assertEquals(ExitCode.FAILED, failure.exitCode());
        assertTrue(failure.getMessage().contains("pg_control"), failure.getMessage());
    }

    /** Returns an empty data directory, save that the programs are unpacked: once for all tests is enough. */
    private DataDirectory directory() throws IOException {
        DataDirectory directory = DataDirectory.open(temporary.resolve("data"));
        opened.add(directory);
        Path unpacked = PostgresBinaries.unpackedIn(programs, step -> {}).root();
        Path link = directory.postgres().resolve(unpacked.getFileName());
        Files.createSymbolicLink(link, unpacked);
        opened.add(() -> Files.delete(link));
        return directory;
    }

    private EmbeddedPostgres start(DataDirectory directory) {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, progress::add);
        opened.add(postgres);
        return postgres;
    }

    private static Connection connect(PgUri uri) throws SQLException {
        return DriverManager.getConnection(
                uri.jdbcUrl(), uri.user(), uri.password().orElseThrow());
    }

    private static void run(PgUri uri, String statement) throws SQLException {
        try (Connection connection = connect(uri);
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private static String ask(PgUri uri, String query) throws SQLException, IOException {
        try (Connection connection = connect(uri);
                Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            assertTrue(rows.next());
            return rows.getString(1);
        }
    }
}
