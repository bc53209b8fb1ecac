package skynet.kit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Fault;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;

/**
 * The pool on a database with a certificate of its own making: what each sslmode encrypts, whom it believes, and what a
 * call that failed is called.
 */
@Timeout(120)
class DatabaseTest {
    private static final String SELF = "127.0.0.1";
    private static final String PASSWORD = "geheim";
    private static final String ENCRYPTED = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

    @TempDir
    static Path home;

    private static DataDirectory data;
    private static EmbeddedPostgres postgres;

    private final Vertx vertx = Vertx.vertx();

    /** The certificate names the address 127.0.0.1 and nothing else. */
    @BeforeAll
    static void start() throws Exception {
        data = DataDirectory.open(home.resolve("data"));
        postgres = EmbeddedPostgres.start(data, step -> {});
        certify(home.resolve("store.p12"), data.postgres().resolve("data"));
        encrypting("on");
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
        data.close();
    }

    @AfterEach
    void closePools() throws Exception {
        await(vertx.close());
    }

    @AfterEach
    void believeNobody() {
        System.clearProperty("javax.net.ssl.trustStore");
        System.clearProperty("javax.net.ssl.trustStorePassword");
    }

    @Test
    void encryptsWhereTheServerCan() throws Exception {
        for (String mode : List.of("prefer", "require")) {
            assertEquals(true, pooled(SELF, mode), mode);
            assertEquals(true, migrating(SELF, mode), mode);
        }
    }

    @Test
    void goesInClearWhereThatIsAskedFor() throws Exception {
        for (String mode : List.of("disable", "allow")) {
            assertEquals(false, pooled(SELF, mode), mode);
            assertEquals(false, migrating(SELF, mode), mode);
        }
    }

    @Test
    void goesInClearToAServerWithoutACertificateOnlyWhereItMay() throws Exception {
        encrypting("off");
        try {
            assertEquals(false, pooled(SELF, "prefer"));
            for (String mode : List.of("require", "verify-ca", "verify-full")) {
                refused(SELF, mode);
            }
        } finally {
            encrypting("on");
        }
    }

    @Test
    void believesNoCertificateThatTheMachineDoesNotKnow() {
        refused(SELF, "verify-ca");
        refused(SELF, "verify-full");
    }

    @Test
    void believesAKnownCertificateAndInTheStrictestModeOnlyWithTheRightName() throws Exception {
        System.setProperty("javax.net.ssl.trustStore", home.resolve("store.p12").toString());
        System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
        assertEquals(true, pooled(SELF, "verify-full"));
        assertEquals(true, pooled("localhost", "verify-ca"));
        assertThrows(ExecutionException.class, () -> pooled("localhost", "verify-full"));
    }

    @Test
    void whatBreaksInsideACallStaysWhatItWas() {
        Database database = Database.open(vertx, postgres.uri());
        NullPointerException broken = new NullPointerException("a column that is not there");
        assertSame(broken, failureOf(database.together(connection -> Future.failedFuture(broken))));
        Throwable unfit = failureOf(database.run("SELECT $1::int", Tuple.of("geheim")));
        assertInstanceOf(IllegalStateException.class, unfit);
        assertFalse(unfit.toString().contains("geheim"), unfit.toString());
    }

    @Test
    void aServerWithWhomTlsFailsIsNotCalledTooBusy() throws Exception {
        for (String mode : List.of("verify-ca", "verify-full")) {
            assertTrue(refusalOf(mode).getMessage().startsWith("database: no agreement on TLS"), mode);
        }
        encrypting("off");
        try {
            assertTrue(refusalOf("require").getMessage().startsWith("database: no agreement on TLS"));
        } finally {
            encrypting("on");
        }
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        PgUri nobody = new PgUri(SELF, port, "facts", "ada", Optional.empty(), "prefer");
        Database database = Database.open(vertx, nobody);
        assertUnavailable(failureOf(database.run(ENCRYPTED, Tuple.tuple())));
        assertUnavailable(failureOf(database.together(connection -> Future.succeededFuture())));
    }

    @Test
    void aDiskThatWasFullShowsInTheVitalSigns() throws Exception {
        Database database = Database.open(vertx, postgres.uri());
        await(database.vital());
        assertUnavailable(failureOf(
                database.run("DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$", Tuple.tuple())));
        assertTrue(failureOf(database.vital()).getMessage().startsWith("disk: full"));
    }

    @Test
    void callsBeyondThePoolAreUnavailableAtOnceAndThoseThatWaitedInVainLater() {
        Database database = Database.open(vertx, postgres.uri());
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < Database.CONNECTIONS_MAX; i++) {
            calls.add(database.run("SELECT pg_sleep(3)", Tuple.tuple()));
        }
        for (int i = 0; i < Database.WAITING_MAX + 8; i++) {
            assertUnavailableLater(
                    i % 2 == 0
                            ? database.run(ENCRYPTED, Tuple.tuple())
                            : database.together(connection -> Future.succeededFuture()),
                    calls);
        }
        assertDoesNotThrow(() -> await(Future.all(calls)));
    }

    private Throwable refusalOf(String mode) {
        return failureOf(Database.open(vertx, uri(SELF, mode)).run(ENCRYPTED, Tuple.tuple()));
    }

    private static void assertUnavailable(Throwable failure) {
        assertEquals(
                Fault.Kind.UNAVAILABLE, assertInstanceOf(Fault.class, failure).kind());
    }

    /** Passes when the call fails as it should. */
    private static void assertUnavailableLater(Future<?> call, List<Future<?>> into) {
        into.add(call.transform(done -> {
            assertUnavailable(done.cause());
            return Future.succeededFuture();
        }));
    }

    private static Throwable failureOf(Future<?> call) {
        return assertThrows(ExecutionException.class, () -> await(call)).getCause();
    }

    private void refused(String host, String mode) {
        assertThrows(ExecutionException.class, () -> pooled(host, mode), mode);
        assertThrows(SQLException.class, () -> migrating(host, mode), mode);
    }

    private boolean pooled(String host, String mode) throws Exception {
        Database database = Database.open(vertx, uri(host, mode));
        return await(database.run(ENCRYPTED, Tuple.tuple())).iterator().next().getBoolean(0);
    }

    /** The way of the migrations, which go over JDBC. */
    private static boolean migrating(String host, String mode) throws SQLException {
        return ask(uri(host, mode), ENCRYPTED).equals("t");
    }

    private static PgUri uri(String host, String mode) {
        PgUri own = postgres.uri();
        return new PgUri(host, own.port(), own.database(), own.user(), own.password(), mode);
    }

    /** A server takes this setting while it runs, for the connections to come. */
    private static void encrypting(String wanted) throws Exception {
        ask(postgres.uri(), "ALTER SYSTEM SET ssl = " + wanted);
        ask(postgres.uri(), "SELECT pg_reload_conf()");
        while (!ask(postgres.uri(), "SHOW ssl").equals(wanted)) {
            Thread.onSpinWait();
        }
    }

    private static String ask(PgUri uri, String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        uri.jdbcUrl(), uri.user(), uri.password().orElseThrow());
                Statement sql = connection.createStatement()) {
            if (!sql.execute(statement)) {
                return "";
            }
            ResultSet rows = sql.getResultSet();
            rows.next();
            return rows.getString(1);
        }
    }

    private static void certify(Path store, Path server) throws Exception {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> key = List.of("-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=skynet");
        List<String> reach = List.of("-ext", "san=ip:" + SELF, "-validity", "2");
        List<String> kept = List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD);
        List<String> command = Stream.of(List.of(keytool.toString()), key, reach, kept)
                .flatMap(List::stream)
                .toList();
        Process made = new ProcessBuilder(command).inheritIO().start();
        assertEquals(0, made.waitFor());
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        Files.writeString(
                server.resolve("server.crt"),
                pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
        Path keyFile = server.resolve("server.key");
        Files.createFile(keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                keyFile,
                pem("PRIVATE KEY", keys.getKey("server", PASSWORD.toCharArray()).getEncoded()));
    }

    private static String pem(String kind, byte[] bytes) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(bytes);
        return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
    }
}
