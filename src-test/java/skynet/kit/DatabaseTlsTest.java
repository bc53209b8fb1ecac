package skynet.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
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
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;

/** The wire to a database with a certificate of its own making: what each sslmode encrypts, and whom it believes. */
@Timeout(120)
class DatabaseTlsTest {
    private static final String SELF = "127.0.0.1";
    private static final String PASSWORD = "geheim";
    private static final String ENCRYPTED = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

    @TempDir
    static Path home;

    private static Vertx vertx;
    private static DataDirectory data;
    private static EmbeddedPostgres postgres;

    /** The certificate names the address 127.0.0.1 and nothing else. */
    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        data = DataDirectory.open(home.resolve("data"));
        postgres = EmbeddedPostgres.start(data, step -> {});
        certify(home.resolve("store.p12"), data.postgres().resolve("data"));
        encrypting("on");
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        postgres.close();
        data.close();
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

    private static void refused(String host, String mode) {
        assertThrows(ExecutionException.class, () -> pooled(host, mode), mode);
        assertThrows(SQLException.class, () -> migrating(host, mode), mode);
    }

    private static boolean pooled(String host, String mode) throws Exception {
        return Database.open(vertx, uri(host, mode))
                .run(ENCRYPTED, Tuple.tuple())
                .map(rows -> rows.iterator().next().getBoolean(0))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
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
