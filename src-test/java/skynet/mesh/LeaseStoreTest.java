package skynet.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Mesh;
import skynet.kit.Database;
import skynet.kit.Fence;
import skynet.testkit.TestDatabase;

/** Leases and guarded writes on a real PostgreSQL. */
class LeaseStoreTest {
    private static final String ROLE = Mesh.HUB;
    private static final long TTL = 60_000;

    @TempDir
    static Path home;

    private static TestDatabase postgres;
    private static Vertx vertx;
    private static LeaseStore store;

    @BeforeAll
    static void start() throws Exception {
        postgres = TestDatabase.start(home);
        vertx = Vertx.vertx();
        store = new PostgresLeaseStore(Database.apart(vertx, postgres.uri()));
        postgres.execute("CREATE TABLE note (text text PRIMARY KEY)");
    }

    @AfterAll
    static void end() throws Exception {
        await(vertx.close());
        postgres.close();
    }

    @BeforeEach
    void empty() throws Exception {
        postgres.execute("DELETE FROM mesh.lease");
        postgres.execute("DELETE FROM note");
    }

    @Test
    void aRoleIsTakenOnceAndKept() throws Exception {
        assertEquals(Optional.empty(), await(store.look(ROLE)));
        assertTrue(await(store.claim(ROLE, 1, 0, 0, TTL)));
        assertFalse(await(store.claim(ROLE, 2, 0, 0, TTL)));
        assertFalse(await(store.claim(ROLE, 2, 1, 0, TTL)));
        assertTrue(await(store.renew(ROLE, 1, 1, TTL)));
        assertFalse(await(store.renew(ROLE, 2, 1, TTL)));
        Mesh.Lease lease = await(store.look(ROLE)).orElseThrow();
        assertEquals(1, lease.holder());
        assertTrue(lease.leftMillis() > TTL - 10_000 && lease.leftMillis() <= TTL, lease.toString());
        assertEquals(1, await(store.all()).size());
    }

    @Test
    void anEndedLeaseIsTakenAfterTheWaitOfItsPlaceAndTheFormerHolderCannotRenew() throws Exception {
        assertTrue(await(store.claim(ROLE, 1, 0, 0, 1)));
        postgres.execute("UPDATE mesh.lease SET expires = clock_timestamp() - interval '1 second'");
        assertFalse(await(store.claim(ROLE, 3, 1, 60_000, TTL)));
        assertTrue(await(store.claim(ROLE, 3, 1, 600, TTL)));
        assertFalse(await(store.renew(ROLE, 1, 1, TTL)));
        assertEquals(2, await(store.look(ROLE)).orElseThrow().epoch());
    }

    @Test
    void whatIsGivenBackIsFreeAtOnce() throws Exception {
        assertTrue(await(store.claim(ROLE, 1, 0, 0, TTL)));
        await(store.release(ROLE, 1, 1));
        assertTrue(await(store.claim(ROLE, 2, 1, 0, TTL)));
        await(store.release(ROLE, 1, 1));
        assertFalse(await(store.claim(ROLE, 3, 2, 0, TTL)));
    }

    @Test
    void aGuardedWriteOfAPassedEpochTakesNoEffect() throws Exception {
        assertTrue(await(store.claim(ROLE, 1, 0, 0, TTL)));
        assertEquals(1, note("early", new Fence(ROLE, 1)));
        await(store.release(ROLE, 1, 1));
        assertTrue(await(store.claim(ROLE, 2, 1, 0, TTL)));
        assertEquals(0, note("late", new Fence(ROLE, 1)));
        assertEquals(1, note("new", new Fence(ROLE, 2)));
    }

    /** The order of commits is the order of epochs also when both are on their way at once. */
    @Test
    void aTakeoverWaitsForAGuardedWriteThatHasBegunAndARenewalDoesNot() throws Exception {
        assertTrue(await(store.claim(ROLE, 1, 0, 0, TTL)));
        try (Connection writer = postgres.connect()) {
            writer.setAutoCommit(false);
            assertEquals(1, note(writer, "begun", new Fence(ROLE, 1)));
            assertTrue(await(store.renew(ROLE, 1, 1, TTL)));
            Future<Boolean> takeover = store.claim(ROLE, 1, 1, 0, TTL);
            Thread.sleep(300);
            assertFalse(takeover.isComplete(), "the takeover did not wait");
            writer.commit();
            assertTrue(await(takeover));
        }
        assertEquals(0, note("late", new Fence(ROLE, 1)));
    }

    private static int note(String text, Fence fence) throws SQLException {
        try (Connection connection = postgres.connect()) {
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
}
