package skynet.testkit;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import skynet.kit.Database;
import skynet.kit.PgUri;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;

/** A PostgreSQL server as a node has its own, with all tables, for the tests of a class. */
public final class TestDatabase implements AutoCloseable {
    private static final String DROP =
            """
            DO $$
            DECLARE name text;
            BEGIN
                FOR name IN SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'public')
                LOOP
                    EXECUTE format('DROP SCHEMA %I CASCADE', name);
                END LOOP;
            END $$
            """;

    private final DataDirectory data;
    private final EmbeddedPostgres postgres;

    private TestDatabase(DataDirectory data, EmbeddedPostgres postgres) {
        this.data = data;
        this.postgres = postgres;
    }

    /** Starts one in a directory below a test's own. */
    public static TestDatabase start(Path directory) throws Exception {
        DataDirectory data = DataDirectory.open(directory.resolve("database"));
        TestDatabase database = new TestDatabase(data, EmbeddedPostgres.start(data, step -> {}));
        Database.migrate(database.uri());
        return database;
    }

    /** The directory that it lives in, laid out as a node's. */
    public Path root() {
        return data.root();
    }

    public PgUri uri() {
        return postgres.uri();
    }

    /** The process of the server. */
    public long pid() {
        return postgres.pid();
    }

    /** Everything is as after the start. */
    public void empty() throws SQLException {
        drop();
        Database.migrate(uri());
    }

    /** Not even tables are left. */
    public void drop() throws SQLException {
        execute(DROP);
    }

    public void execute(String statement) throws SQLException {
        try (Connection connection = connect();
                Statement sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    /** The first column of the first row, as text. */
    public String one(String query) throws SQLException {
        try (Connection connection = connect();
                Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(
                uri().jdbcUrl(), uri().user(), uri().password().orElseThrow());
    }

    @Override
    public void close() {
        postgres.close();
        data.close();
    }
}
