package skynet.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;

/** A database that a later release has changed too much for this one is left alone. */
@Timeout(120)
class CompatibilityTest {
    @TempDir
    static Path home;

    @Test
    void aReleaseThatDoesNotKnowTheOldestSchemaToShareDoesNotStart() throws Exception {
        try (DataDirectory data = DataDirectory.open(home.resolve("data"));
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data, step -> {})) {
            PgUri uri = postgres.uri();
            assertTrue(Database.migrate(uri) > 0);
            assertEquals(0, Database.migrate(uri));
            change(uri, "UPDATE skynet.compatibility SET oldest = 9000");
            StartFailure refusal = assertThrows(StartFailure.class, () -> Database.migrate(uri));
            assertEquals(ExitCode.BAD_SETTINGS, refusal.exitCode());
            assertTrue(refusal.getMessage().contains("schema 9000 this one does not know"), refusal.getMessage());
            change(uri, "DROP TABLE skynet.compatibility");
            assertEquals(0, Database.migrate(uri));
        }
    }

    private static void change(PgUri uri, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(
                        uri.jdbcUrl(), uri.user(), uri.password().orElse(""));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
