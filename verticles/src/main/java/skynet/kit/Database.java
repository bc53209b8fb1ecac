package skynet.kit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import skynet.bus.Fault;

/**
 * The pool of connections to PostgreSQL, where every acknowledged fact lives. At most {@value #CONNECTIONS_MAX}
 * connections, {@value #WAITING_MAX} waiting calls and {@value #CALL_SECONDS} s for each: a slow database makes clear
 * refusals instead of a growing queue. A call that ran out of time may still take effect; callers retry by key.
 */
public final class Database {
    static final int CONNECTIONS_MAX = 16;
    static final int WAITING_MAX = 2_048;
    static final int CALL_SECONDS = 5;

    private static final String DISK_FULL = "53100";

    /** Connections of a pool {@link #apart}; one that hears nothing for some seconds is given up. */
    static final int APART_MAX = 2;

    static final int APART_SILENCE_SECONDS = 2;

    private final Pool pool;
    private final FullDisk fullDisk = new FullDisk(System::nanoTime);

    private Database(Pool pool) {
        this.pool = pool;
    }

    /** A pool on a server that {@link #migrate} has prepared. */
    public static Database open(Vertx vertx, PgUri uri) {
        return new Database(PgBuilder.pool()
                .with(options(CONNECTIONS_MAX))
                .connectingTo(connect(uri))
                .using(vertx)
                .build());
    }

    /**
     * A pool of {@value #APART_MAX} connections for what must not wait behind all else. It is for those who ask all the
     * time: a connection that is silent for {@value #APART_SILENCE_SECONDS} s counts as cut and is opened anew.
     */
    public static Database apart(Vertx vertx, PgUri uri) {
        return new Database(PgBuilder.pool()
                .with(options(APART_MAX))
                .with(new NetClientOptions().setReadIdleTimeout(APART_SILENCE_SECONDS))
                .connectingTo(connect(uri))
                .using(vertx)
                .build());
    }

    private static PgConnectOptions connect(PgUri uri) {
        return new PgConnectOptions()
                .setHost(uri.host())
                .setPort(uri.port())
                .setDatabase(uri.database())
                .setUser(uri.user())
                .setPassword(uri.password().orElse(""))
                .setSslMode(SslMode.of(uri.sslMode()))
                .setSslOptions(PgTls.options(uri))
                .setPipeliningLimit(1)
                .setCachePreparedStatements(true)
                .setProperties(Map.of(
                        "application_name",
                        "skynet",
                        // Remarks about what is searched and kept are nothing for the log.
                        "client_min_messages",
                        "warning",
                        "statement_timeout",
                        "5000",
                        "lock_timeout",
                        "2000",
                        // A node that stops in the middle of a transaction must not hold its locks for long.
                        "idle_in_transaction_session_timeout",
                        "2000"));
    }

    private static PoolOptions options(int connections) {
        return new PoolOptions()
                .setMaxSize(connections)
                .setMaxWaitQueueSize(WAITING_MAX)
                .setConnectionTimeout(2)
                .setConnectionTimeoutUnit(TimeUnit.SECONDS);
    }

    /**
     * Brings the schemas up to date. Blocks; called before the event loops run. Returns how many migrations were applied;
     * refuses a database of a later release that this one cannot share.
     */
    public static int migrate(PgUri uri) throws SQLException {
        Flyway flyway = migrations(uri).load();
        int newest = Stream.of(flyway.info().all())
                .filter(migration -> migration.getState().isResolved() && migration.getVersion() != null)
                .mapToInt(migration -> Integer.parseInt(migration.getVersion().getVersion()))
                .max()
                .orElseThrow();
        int oldest = oldestToShare(uri);
        if (newest < oldest) {
            throw new StartFailure(
                    ExitCode.BAD_SETTINGS,
                    "database: made by a later release, whose schema " + oldest
                            + " this one does not know (expected: at most " + newest + ")",
                    "start the later release, or restore a backup of this one into another database");
        }
        return flyway.migrate().migrationsExecuted;
    }

    /** The first schema that a release must know to share this database; 0 when none was written down. */
    private static int oldestToShare(PgUri uri) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        uri.jdbcUrl(), uri.user(), uri.password().orElse(""));
                Statement statement = connection.createStatement()) {
            try (ResultSet known = statement.executeQuery("SELECT to_regclass('skynet.compatibility') IS NOT NULL")) {
                known.next();
                if (!known.getBoolean(1)) {
                    return 0;
                }
            }
            try (ResultSet oldest = statement.executeQuery("SELECT oldest FROM skynet.compatibility")) {
                oldest.next();
                return oldest.getInt(1);
            }
        }
    }

    /**
     * Brings the schemas up to a version and no further. Blocks. Returns whether this release knows the version; without
     * that it does nothing.
     */
    public static boolean migrate(PgUri uri, String version) {
        Flyway flyway = migrations(uri).load();
        boolean known = Stream.of(flyway.info().all())
                .anyMatch(migration -> String.valueOf(migration.getVersion()).equals(version));
        if (known) {
            migrations(uri).target(version).load().migrate();
        }
        return known;
    }

    private static FluentConfiguration migrations(PgUri uri) {
        return Flyway.configure()
                .dataSource(uri.jdbcUrl(), uri.user(), uri.password().orElse(""))
                .locations("classpath:skynet/migrations")
                .defaultSchema("skynet")
                .createSchemas(true);
    }

    /** Refuses a server that may lose what it acknowledged. Blocks; called before the event loops run. */
    public static void requireDurable(PgUri uri) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        uri.jdbcUrl(), uri.user(), uri.password().orElse(""));
                Statement statement = connection.createStatement();
                ResultSet setting = statement.executeQuery("SHOW fsync")) {
            setting.next();
            if (!setting.getString(1).equals("on")) {
                throw new StartFailure(
                        ExitCode.BAD_SETTINGS,
                        "database: fsync is " + setting.getString(1) + " (expected: on)",
                        "switch fsync on in the server's settings: without it a power cut loses what was acknowledged");
            }
        }
    }

    /** One statement. */
    public Future<RowSet<Row>> run(String sql, Tuple values) {
        return bounded(pool.preparedQuery(sql).execute(values));
    }

    /** Several statements that take effect together or not at all. */
    public <T> Future<T> together(Function<SqlConnection, Future<T>> work) {
        return bounded(pool.withTransaction(work));
    }

    /** The same statement for many rows; an empty list does nothing. */
    public static Future<Void> each(SqlConnection connection, String sql, List<Tuple> rows) {
        return rows.isEmpty()
                ? Future.succeededFuture()
                : connection.preparedQuery(sql).executeBatch(rows).mapEmpty();
    }

    /** Whether the server answers, keeps what it acknowledges, and has had room for what it was told of late. */
    public Future<JsonObject> vital() {
        return run(
                        "SELECT current_setting('fsync') AS fsync, current_setting('server_version') AS version",
                        Tuple.tuple())
                .map(rows -> {
                    Row row = rows.iterator().next();
                    if (!"on".equals(row.getString("fsync"))) {
                        throw new IllegalStateException("fsync: " + row.getString("fsync") + " (expected: on)");
                    }
                    if (fullDisk.recent()) {
                        throw new IllegalStateException("disk: full when something was to be written less than "
                                + FullDisk.REMEMBERED.toSeconds() + " s ago (expected: free space)");
                    }
                    return new JsonObject().put("version", row.getString("version"));
                });
    }

    public Future<Void> close() {
        return pool.close();
    }

    private <T> Future<T> bounded(Future<T> call) {
        return call.timeout(CALL_SECONDS, TimeUnit.SECONDS)
                .recover(failure -> Future.failedFuture(
                        failure instanceof Fault || failure instanceof IllegalArgumentException
                                ? failure
                                : named(failure)));
    }

    /** Only what a caller can do something about gets a kind; the rest stays what it was, for the log. */
    private Throwable named(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return new Fault(Fault.Kind.LATE, "database: no answer in time; whether it was done is unknown");
        }
        if (failure instanceof PgException refused) {
            if (DISK_FULL.equals(refused.getSqlState())) {
                fullDisk.meet();
            }
            return refused(String.valueOf(refused.getSqlState()), refused);
        }
        if (failure instanceof VertxException unfit && isUnfit(unfit.getMessage())) {
            // The message quotes the value, which is nothing for the log.
            return new IllegalStateException("database: a parameter does not fit its statement");
        }
        if (isOfTls(failure)) {
            return unavailable("no agreement on TLS (expected: a server and a certificate that sslmode lets in)");
        }
        return isOfTheWire(failure) ? unavailable("not reachable or too busy") : failure;
    }

    /** The client has but these two texts for values that are too many, too few or of the wrong type. */
    private static boolean isUnfit(String message) {
        return message != null
                && (message.startsWith("Parameter at") || message.startsWith("The number of parameters"));
    }

    /**
     * Whether a connection was not to be had or was lost. The client throws no type of its own for that: it is an
     * {@link IOException} of the socket, a {@link VertxException} of the client or the pool, or, for a place in the pool
     * that did not come free in time, a bare Throwable.
     */
    private static boolean isOfTheWire(Throwable failure) {
        boolean bare = !(failure instanceof Exception) && !(failure instanceof Error);
        return bare || failure instanceof VertxException || failure instanceof IOException;
    }

    /** The client tells a refused certificate and a server without TLS by these texts only. */
    private static boolean isOfTls(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof SSLException
                || message.equals("SSL handshake failed")
                || message.equals("Postgres Server does not handle SSL connection");
    }

    /** What PostgreSQL says when it cannot now, by its codes; anything else is a mistake in a statement of ours. */
    private static Throwable refused(String state, Throwable refusal) {
        if (state.equals(DISK_FULL)) {
            return unavailable("its disk is full (expected: free space, then the same again)");
        }
        if (state.startsWith("53")) return unavailable("out of memory or connections");
        if (state.equals("25006")) return unavailable("it is read-only (expected: a server that takes writes)");
        if (state.startsWith("58")) return unavailable("it cannot read or write its files");
        if (state.startsWith("08") || state.startsWith("57P")) return unavailable("it is stopping, starting or gone");
        if (state.equals("57014")) return new Fault(Fault.Kind.LATE, "database: the call took too long and was undone");
        if (state.equals("55P03") || state.startsWith("40")) {
            return new Fault(Fault.Kind.BUSY, "database: others are changing the same");
        }
        return refusal;
    }

    private static Fault unavailable(String why) {
        return new Fault(Fault.Kind.UNAVAILABLE, "database: " + why);
    }
}
