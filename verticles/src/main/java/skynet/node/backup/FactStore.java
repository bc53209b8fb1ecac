package skynet.node.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;
import skynet.kit.PgUri;

/**
 * Every row of a node's database, out and in, by PostgreSQL's own COPY. One connection and one transaction: what goes
 * out is what one moment saw, and what comes in is there as a whole or not at all.
 */
final class FactStore implements AutoCloseable {
    private static final String SESSION =
            """
            SET lock_timeout = '10s';
            SET statement_timeout = 0;
            SET application_name = 'skynet backup'
            """;

    private static final String IS_OURS =
            """
            SELECT to_regclass('skynet.flyway_schema_history') IS NOT NULL
            """;

    private static final String VERSION =
            """
            SELECT version
              FROM skynet.flyway_schema_history
             WHERE success
               AND version IS NOT NULL
             ORDER BY installed_rank DESC
             LIMIT 1
            """;

    private static final String NOW =
            """
            SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            """;

    /** The rooms' own schemas: what PostgreSQL and the migrations keep for themselves is made anew by them. */
    private static final String TABLES =
            """
            SELECT n.nspname, c.relname, a.attname, p.relname, pg_get_expr(c.relpartbound, c.oid)
              FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
              LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
              LEFT JOIN pg_class p ON p.oid = i.inhparent
             WHERE c.relkind = 'r'
               AND n.nspname NOT IN ('information_schema', 'public', 'skynet')
               AND n.nspname NOT LIKE 'pg\\_%'
             ORDER BY n.nspname, c.relname, a.attnum
            """;

    private static final String REFERENCES =
            """
            SELECT n.nspname || '.' || c.relname, tn.nspname || '.' || tc.relname
              FROM pg_constraint k
              JOIN pg_class c ON c.oid = k.conrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_class tc ON tc.oid = k.confrelid
              JOIN pg_namespace tn ON tn.oid = tc.relnamespace
             WHERE k.contype = 'f'
               AND k.conrelid <> k.confrelid
            """;

    private static final String SEQUENCES =
            """
            SELECT schemaname, sequencename
              FROM pg_sequences
             WHERE schemaname NOT IN ('information_schema', 'public', 'skynet')
             ORDER BY schemaname, sequencename
            """;

    private static final String SET_SEQUENCE = """
            SELECT setval(CAST(? AS regclass), ?, ?)
            """;

    /** What PostgreSQL said no to; only this class knows SQL. */
    static final class Failure extends IOException {
        Failure(SQLException cause) {
            super(String.valueOf(cause.getMessage()).lines().findFirst().orElse(""), cause);
        }
    }

    private final Connection connection;

    private FactStore(Connection connection) {
        this.connection = connection;
    }

    /** Begins to read: everything that follows sees the same moment, and writers are not held up. */
    static FactStore reading(PgUri uri) throws Failure {
        try {
            FactStore store = writing(uri);
            store.connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            store.connection.setReadOnly(true);
            return store;
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    /** Begins to write; {@link #commit} makes it true. */
    static FactStore writing(PgUri uri) throws Failure {
        try {
            Connection connection = DriverManager.getConnection(
                    uri.jdbcUrl(), uri.user(), uri.password().orElse(""));
            try (Statement statement = connection.createStatement()) {
                statement.execute(SESSION);
            }
            connection.setAutoCommit(false);
            return new FactStore(connection);
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    /** Tells whether a node has ever migrated this database. */
    boolean isOurs() throws Failure {
        try {
            return one(IS_OURS).equals("t");
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    String now() throws Failure {
        try {
            return one(NOW);
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    String version() throws Failure {
        try {
            return one(VERSION);
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    /** Returns the tables of all rooms, each after those that it refers to. */
    List<Table> tables() throws Failure {
        try {
            Map<String, Table> byLabel = new LinkedHashMap<>();
            Map<String, Set<String>> targets = new LinkedHashMap<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(TABLES)) {
                while (rows.next()) {
                    String of = rows.getString(4);
                    Table column = new Table(
                            rows.getString(1),
                            rows.getString(2),
                            List.of(rows.getString(3)),
                            of == null ? Partition.NONE : new Partition(rows.getString(1), of, rows.getString(5)));
                    byLabel.merge(column.label(), column, FactStore::wider);
                }
            }
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(REFERENCES)) {
                while (rows.next()) {
                    targets.computeIfAbsent(rows.getString(1), source -> new LinkedHashSet<>())
                            .add(rows.getString(2));
                }
            }
            return ordered(byLabel, targets);
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    List<Sequence> sequences() throws Failure {
        try {
            List<Sequence> sequences = new ArrayList<>();
            try (Statement names = connection.createStatement();
                    ResultSet rows = names.executeQuery(SEQUENCES)) {
                while (rows.next()) {
                    Sequence named = new Sequence(rows.getString(1), rows.getString(2), 1, false);
                    try (Statement statement = connection.createStatement();
                            ResultSet state =
                                    statement.executeQuery("SELECT last_value, is_called FROM " + named.quoted())) {
                        state.next();
                        sequences.add(
                                new Sequence(named.schema(), named.name(), state.getLong(1), state.getBoolean(2)));
                    }
                }
            }
            return sequences;
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    /** Writes the rows of a table and returns their number. */
    long copyOut(Table table, OutputStream rows) throws IOException {
        try {
            return copy().copyOut("COPY " + table.quotedWithColumns() + " TO STDOUT (ENCODING 'UTF8')", rows);
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    /** Makes the partitions that the schema does not bring; the days of the copy have theirs. */
    void make(List<Table> tables) throws Failure {
        try (Statement statement = connection.createStatement()) {
            for (Table table : tables) {
                if (!table.partition().isNone()) {
                    statement.execute("CREATE TABLE IF NOT EXISTS " + table.quoted() + " "
                            + table.partition().clause());
                }
            }
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    /** Empties the tables together: some migrations put rows in, and a copy has its own. */
    void clear(List<Table> tables) throws Failure {
        try {
            if (tables.isEmpty()) {
                return;
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("TRUNCATE "
                        + String.join(", ", tables.stream().map(Table::quoted).toList()));
            }
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    /** Reads the rows of a table and returns their number. */
    long copyIn(Table table, InputStream rows) throws IOException {
        try {
            return copy().copyIn("COPY " + table.quotedWithColumns() + " FROM STDIN (ENCODING 'UTF8')", rows);
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    void set(Sequence sequence) throws Failure {
        try {
            try (PreparedStatement statement = connection.prepareStatement(SET_SEQUENCE)) {
                statement.setString(1, sequence.quoted());
                statement.setLong(2, sequence.last());
                statement.setBoolean(3, sequence.used());
                statement.execute();
            }
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    void commit() throws Failure {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    @Override
    public void close() throws Failure {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new Failure(e);
        }
    }

    private static Table wider(Table table, Table column) {
        List<String> columns = new ArrayList<>(table.columns());
        columns.addAll(column.columns());
        return new Table(table.schema(), table.name(), columns, table.partition());
    }

    /** Takes, again and again, what waits for nobody; tables that refer to each other in a circle cannot be ordered. */
    private static List<Table> ordered(Map<String, Table> byLabel, Map<String, Set<String>> targets)
            throws SQLException {
        Map<String, Table> waiting = new LinkedHashMap<>(byLabel);
        List<Table> ordered = new ArrayList<>();
        while (!waiting.isEmpty()) {
            List<Table> free = waiting.values().stream()
                    .filter(table -> targets.getOrDefault(table.label(), Set.of()).stream()
                            .noneMatch(waiting::containsKey))
                    .toList();
            if (free.isEmpty()) {
                throw new SQLException("tables refer to each other in a circle: " + waiting.keySet());
            }
            free.forEach(table -> waiting.remove(table.label()));
            ordered.addAll(free);
        }
        return ordered;
    }

    private org.postgresql.copy.CopyManager copy() throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }

    private String one(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            if (!row.next()) {
                throw new PSQLException("no row", null);
            }
            return row.getString(1);
        }
    }
}
