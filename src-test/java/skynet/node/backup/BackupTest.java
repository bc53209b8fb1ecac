package skynet.node.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.kit.ExitCode;
import skynet.kit.PgUri;
import skynet.kit.Settings;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;
import skynet.node.cli.Console;
import skynet.node.cli.SkynetCommand;
import skynet.testkit.RunningNode;

/** A backup under load, its way back, and every file that must not be believed. */
final class BackupTest {
    private static final String HAS_DOCUMENT = "SELECT count(*) FROM knowledge.document WHERE name = ? AND content = ?";
    private static final String HAS_MESSAGE =
            "SELECT count(*) FROM chat.message WHERE id = CAST(? AS uuid) AND question = ? AND answer IS NOT NULL";

    /** Something that the node has confirmed, and when that was known here. */
    private record Acknowledged(Instant at, String query, String key, String content) {}

    @TempDir
    static Path home;

    private static final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private static final AtomicBoolean writing = new AtomicBoolean(true);
    private static Path data;
    private static Path backup;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void backUpWhileOthersWrite() throws Exception {
        data = home.resolve("data");
        backup = home.resolve("under-load.skynet");
        ExecutorService writers = Executors.newFixedThreadPool(2);
        try (RunningNode node = RunningNode.start(data)) {
            writers.submit(() -> learn(node));
            writers.submit(() -> ask(node));
            awaitAcknowledged(20);
            BackupTest commands = new BackupTest();
            assertEquals(
                    ExitCode.OK,
                    commands.run(Map.of(), "backup", home.toString(), "--point", "under-load", "--data-dir", "" + data),
                    commands.err::toString);
            awaitAcknowledged(acknowledged.size() + 5);
            writing.set(false);
            writers.shutdown();
            assertTrue(writers.awaitTermination(30, TimeUnit.SECONDS));
        }
    }

    @AfterAll
    static void stopWriting() {
        writing.set(false);
    }

    @Test
    void everythingAcknowledgedBeforeThePointComesBackAndTheNodeAnswersFromIt() throws Exception {
        Path restored = home.resolve("restored");
        assertEquals(ExitCode.OK, run(Map.of(), "restore", "" + backup, "--data-dir", "" + restored), err::toString);
        Manifest manifest = manifest(backup);
        Instant point = Instant.parse(manifest.takenAt());
        List<Acknowledged> before =
                acknowledged.stream().filter(fact -> fact.at().isBefore(point)).toList();
        assertTrue(before.size() >= 20 && before.size() < acknowledged.size(), before.size() + " before " + point);
        try (DataDirectory directory = DataDirectory.open(restored);
                EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, line -> {})) {
            for (Acknowledged fact : before) {
                assertEquals(1, count(postgres.uri(), fact), fact.toString());
            }
            Path again = home.resolve("again.skynet");
            Map<String, String> external = Map.of("SKYNET_PG_URI", written(postgres.uri()));
            assertEquals(ExitCode.OK, run(external, "backup", "" + again), err::toString);
            assertEquals(manifest.tables(), manifest(again).tables());
            assertEquals(manifest.schema(), manifest(again).schema());
        }
        assertNotEquals(
                Files.readString(data.resolve("secrets/postgres")),
                Files.readString(restored.resolve("secrets/postgres")));
        try (RunningNode node = RunningNode.start(restored)) {
            Acknowledged document = before.stream()
                    .filter(fact -> fact.query().equals(HAS_DOCUMENT))
                    .findFirst()
                    .orElseThrow();
            assertEquals(
                    document.content(),
                    new JsonObject(node.get("/api/knowledge/documents/" + document.key())
                                    .body())
                            .getString("text"));
            JsonObject answer = node.ask("When does the greenhouse door open?");
            assertTrue(answer.getBoolean("answered"), answer::encode);
        }
    }

    @Test
    void anArchiveIsReadableByItsOwnerOnlyAndHoldsNoPassword() throws Exception {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)));
        assertEquals("under-load", manifest(backup).point());
        assertFalse(Files.exists(home.resolve("under-load.skynet.new")));
        assertEquals(
                List.of(),
                manifest(backup).tables().stream()
                        .map(entry -> entry.table().schema())
                        .filter(schema -> schema.equals("skynet"))
                        .toList());
    }

    @Test
    void everyFlippedBitIsRefused() throws Exception {
        byte[] whole = Files.readAllBytes(backup);
        Path altered = home.resolve("altered.skynet");
        int step = whole.length / 97;
        for (int at = 0;
                at < whole.length;
                at += at + step < whole.length ? step : Math.max(1, whole.length - 1 - at)) {
            byte[] bytes = whole.clone();
            bytes[at] ^= (byte) (1 << (at % 8));
            Files.write(altered, bytes);
            refused(altered, ExitCode.BAD_DATA, at < 44 ? "backup: " : "altered or cut short");
        }
    }

    @Test
    void aFileCutAnywhereOrGrownIsRefused() throws Exception {
        byte[] whole = Files.readAllBytes(backup);
        Path cut = home.resolve("cut.skynet");
        for (int length : List.of(0, 1, 29, 44, 64, 1_000, whole.length / 2, whole.length - 64, whole.length - 1)) {
            Files.write(cut, java.util.Arrays.copyOf(whole, length));
            refused(cut, ExitCode.BAD_DATA, "backup: ");
        }
        Files.write(cut, java.util.Arrays.copyOf(whole, whole.length + 1));
        refused(cut, ExitCode.BAD_DATA, "altered or cut short");
    }

    @Test
    void anotherFormatAndAnotherKindOfFileAreNamed() throws Exception {
        byte[] bytes = Files.readAllBytes(backup);
        assertEquals('1', bytes[44]);
        bytes[44] = '2';
        Path other = Files.write(home.resolve("other.skynet"), bytes);
        refused(other, ExitCode.BAD_DATA, "has format 2 (expected: 1)");
        Files.writeString(other, "PK, a text about something else that is long enough to be looked at");
        refused(other, ExitCode.BAD_DATA, "is none (expected: a file that skynet backup made)");
        refused(home.resolve("nowhere.skynet"), ExitCode.USAGE, "is no file");
    }

    @Test
    void aNewerSchemaAndRowsThatAreNotThoseOfTheManifestLeaveNoNodeBehind() throws Exception {
        Manifest good = manifest(backup);
        Table state = new Table("chat", "conversation", List.of("id", "begun_at"));
        refused(archive("newer", state, good.schema() + "000", "", 0), ExitCode.BAD_DATA, "does not know");
        String row = "7f3de3b2-0000-4000-8000-000000000000\t2026-01-01 00:00:00+00\n";
        refused(archive("more", state, good.schema(), row, 2), ExitCode.BAD_DATA, "has 1 rows (expected: 2)");
        refused(archive("torn", state, good.schema(), "no uuid\tno time\n", 1), ExitCode.BAD_DATA, "do not fit");
    }

    @Test
    void aDirectoryInUseIsLeftAsItIs() throws Exception {
        Path full = Files.createDirectory(home.resolve("full"));
        Files.writeString(full.resolve("letter.txt"), "keep me");
        assertEquals(ExitCode.BAD_SETTINGS, run(Map.of(), "restore", "" + backup, "--data-dir", "" + full));
        assertTrue(err.toString().contains("holds letter.txt (expected: a new or empty directory)"), err::toString);
        try (Stream<Path> files = Files.list(full)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void aBackupNeverReplacesAFileAndNeedsANode() throws Exception {
        byte[] whole = Files.readAllBytes(backup);
        assertEquals(ExitCode.USAGE, run(Map.of(), "backup", "" + backup, "--data-dir", "" + data));
        assertEquals(whole.length, Files.size(backup));
        assertEquals(
                ExitCode.BAD_SETTINGS,
                run(Map.of(), "backup", "" + home.resolve("none.skynet"), "--data-dir", "" + home.resolve("empty")));
        assertEquals(ExitCode.USAGE, run(Map.of(), "backup", "" + home, "--point", "../up", "--data-dir", "" + data));
    }

    private void refused(Path file, int exitCode, String reason) throws Exception {
        Path target = home.resolve("refused");
        err.getBuffer().setLength(0);
        assertEquals(exitCode, run(Map.of(), "restore", "" + file, "--data-dir", "" + target), err::toString);
        assertTrue(err.toString().contains(reason), err::toString);
        assertFalse(Files.exists(target.resolve("postgres")), "a node was left in " + target);
        assertFalse(Files.exists(target.resolve("restoring")), "a half-made node was left in " + target);
    }

    /** A sealed archive of one table, of which the manifest claims what it is told. */
    private static Path archive(String name, Table table, String schema, String rows, long claimed) throws Exception {
        Path file = home.resolve(name + ".skynet");
        try (ArchiveWriter archive = ArchiveWriter.create(file)) {
            Manifest.Entry entry = archive.write(table, target -> {
                target.write(rows.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                return claimed;
            });
            archive.seal(
                    new Manifest(Seal.FORMAT, name, "2026-01-01T00:00:00.000000Z", schema, List.of(entry), List.of()));
        }
        return file;
    }

    private static Manifest manifest(Path file) throws Exception {
        try (Archive archive = Archive.open(file)) {
            return archive.manifest();
        }
    }

    private int run(Map<String, String> environment, String... arguments) {
        Console console = new Console(
                environment,
                new ByteArrayInputStream(new byte[0]),
                new PrintWriter(out, true),
                new PrintWriter(err, true));
        return SkynetCommand.run(console, BackupTest::noNode, arguments);
    }

    private static int noNode(Settings settings) {
        throw new IllegalStateException("a command started a node");
    }

    private static Void learn(RunningNode node) throws Exception {
        for (int number = 0; writing.get(); number++) {
            String name = "garden/" + number + ".md";
            String text =
                    "The greenhouse door number " + number + " opens at seven in the morning.\n\t\\N \\. žluť 😀\n";
            JsonObject learned = node.put(
                    "/api/knowledge/documents/" + name,
                    new JsonObject().put("title", "Garden").put("text", text));
            if (learned.containsKey("chunks")) {
                acknowledged.add(new Acknowledged(Instant.now(), HAS_DOCUMENT, name, text));
            }
        }
        return null;
    }

    private static Void ask(RunningNode node) throws Exception {
        for (int number = 0; writing.get(); number++) {
            String question = "When does greenhouse door number " + number + " open?";
            String message = node.ask(question).getString("message_id");
            if (message != null) {
                acknowledged.add(new Acknowledged(Instant.now(), HAS_MESSAGE, message, question));
            }
        }
        return null;
    }

    private static void awaitAcknowledged(int count) throws InterruptedException {
        for (long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(120); acknowledged.size() < count; ) {
            assertTrue(System.nanoTime() < patience, "only " + acknowledged.size() + " acknowledged");
            Thread.sleep(20);
        }
    }

    private static long count(PgUri uri, Acknowledged fact) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        uri.jdbcUrl(), uri.user(), uri.password().get());
                PreparedStatement statement = connection.prepareStatement(fact.query())) {
            statement.setString(1, fact.key());
            statement.setString(2, fact.content());
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private static String written(PgUri uri) {
        return "postgresql://" + uri.user() + ":" + uri.password().get() + "@" + uri.host() + ":" + uri.port() + "/"
                + uri.database() + "?sslmode=disable";
    }
}
