package skynet.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Mesh;
import skynet.kit.Database;
import skynet.kit.Fence;
import skynet.kit.PgUri;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;

/** Leases and guarded writes on a real PostgreSQL. */
class LeaseStoreTest {
    private static final String ROLE = Mesh.HUB;
    private static final long TTL = 60_000;

    @TempDir
    static Path home;

    private static DataDirectory data;
    private static EmbeddedPostgres postgres;
    private static Vertx vertx;
    private static LeaseStore store;

    @BeforeAll
    static void start() throws Exception {
        data = DataDirectory.open(home);
        postgres = EmbeddedPostgres.start(data, step -> {});
        Database.migrate(postgres.uri());
        vertx = Vertx.vertx();
        store = new PostgresLeaseStore(Database.apart(vertx, postgres.uri()));
        sql("CREATE TABLE note (text text PRIMARY KEY)");
    }

    @AfterAll
    static void end() throws Exception {
        get(vertx.close());
        postgres.close();
        data.close();
    }

    @BeforeEach
    void empty() throws Exception {
        sql("DELETE FROM mesh.lease");
        sql("DELETE FROM note");
    }

    @Test
    void aRoleIsTakenOnceAndKept() throws Exception {
        assertEquals(Optional.empty(), get(store.look(ROLE)));
        assertTrue(get(store.claim(ROLE, 1, 0, 0, TTL)));
        assertFalse(get(store.claim(ROLE, 2, 0, 0, TTL)));
        assertFalse(get(store.claim(ROLE, 2, 1, 0, TTL)));
        assertTrue(get(store.renew(ROLE, 1, 1, TTL)));
        assertFalse(get(store.renew(ROLE, 2, 1, TTL)));
        Mesh.Lease lease = get(store.look(ROLE)).orElseThrow();
        assertEquals(1, lease.holder());
        assertTrue(lease.leftMillis() > TTL - 10_000 && lease.leftMillis() <= TTL, lease.toString());
        assertEquals(1, get(store.all()).size());
    }

    @Test
    void anEndedLeaseIsTakenAfterTheWaitOfItsPlaceAndTheFormerHolderCannotRenew() throws Exception {
        assertTrue(get(store.claim(ROLE, 1, 0, 0, 1)));
        sql("UPDATE mesh.lease SET expires = clock_timestamp() - interval '1 second'");
        assertFalse(get(store.claim(ROLE, 3, 1, 60_000, TTL)));
        assertTrue(get(store.claim(ROLE, 3, 1, 600, TTL)));
        assertFalse(get(store.renew(ROLE, 1, 1, TTL)));
        assertEquals(2, get(store.look(ROLE)).orElseThrow().epoch());
    }

    @Test
    void whatIsGivenBackIsFreeAtOnce() throws Exception {
        assertTrue(get(store.claim(ROLE, 1, 0, 0, TTL)));
        get(store.release(ROLE, 1, 1));
        assertTrue(get(store.claim(ROLE, 2, 1, 0, TTL)));
        get(store.release(ROLE, 1, 1));
        assertFalse(get(store.claim(ROLE, 3, 2, 0, TTL)));
    }

    @Test
    void aGuardedWriteOfAPassedEpochTakesNoEffect() throws Exception {
        assertTrue(get(store.claim(ROLE, 1, 0, 0, TTL)));
        assertEquals(1, note("early", new Fence(ROLE, 1)));
        get(store.release(ROLE, 1, 1));
        assertTrue(get(store.claim(ROLE, 2, 1, 0, TTL)));
        assertEquals(0, note("late", new Fence(ROLE, 1)));
        assertEquals(1, note("new", new Fence(ROLE, 2)));
    }

    /** The order of commits is the order of epochs also when both are on their way at once. */
    @Test
    void aTakeoverWaitsForAGuardedWriteThatHasBegunAndARenewalDoesNot() throws Exception {
        assertTrue(get(store.claim(ROLE, 1, 0, 0, TTL)));
        try (Connection writer = connect()) {
            writer.setAutoCommit(false);
            assertEquals(1, note(writer, "begun", new Fence(ROLE, 1)));
            assertTrue(get(store.renew(ROLE, 1, 1, TTL)));
            Future<Boolean> takeover = store.claim(ROLE, 1, 1, 0, TTL);
            Thread.sleep(300);
            assertFalse(takeover.isComplete(), "the takeover did not wait");
            writer.commit();
            assertTrue(get(takeover));
        }
        assertEquals(0, note("late", new Fence(ROLE, 1)));
    }

    private static int note(String text, Fence fence) throws SQLException {
        try (Connection connection = connect()) {
            return note(connection, text, fence);
        }
    }

    private static int note(Connection connection, String text, Fence fence) throws SQLException {
        String guarded =
                "WITH " + Fence.guard(1, 2).replaceAll("\\$\\d", "?") + " INSERT INTO note (text) SELECT ? FROM fence";
        try (PreparedStatement statement = connection.prepareStatement(guarded)) {
            statement.setString(1, fence.role());
            statement.setLong(2, fence.epoch());
            statement.setString(3, text);
            return statement.executeUpdate();
        }
    }

    private static void sql(String statement) throws SQLException {
        try (Connection connection = connect();
                Statement one = connection.createStatement()) {
            one.execute(statement);
        }
    }

    private static Connection connect() throws SQLException {
        PgUri uri = postgres.uri();
        return DriverManager.getConnection(
                uri.jdbcUrl(), uri.user(), uri.password().orElseThrow());
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
