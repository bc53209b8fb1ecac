package skynet.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.kit.Database;
import skynet.kit.PgUri;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;

/** What the memory of chat keeps, on a real database. */
@Timeout(120)
class ChatStoreTest {
    @TempDir
    static Path home;

    private static final Vertx VERTX = Vertx.vertx();

    private static DataDirectory data;
    private static EmbeddedPostgres postgres;
    private static ChatStore store;

    @BeforeAll
    static void start() throws Exception {
        data = DataDirectory.open(home.resolve("data"));
        postgres = EmbeddedPostgres.start(data, step -> {});
        Database.migrate(postgres.uri());
        store = new PostgresChatStore(Database.open(VERTX, postgres.uri()));
    }

    @AfterAll
    static void stop() throws Exception {
        await(VERTX.close());
        postgres.close();
        data.close();
    }

    @Test
    void aMessageSaidAgainLeavesNoEmptyConversation() throws Exception {
        UUID conversation = UUID.randomUUID();
        UUID message = UUID.randomUUID();
        await(store.keep(conversation, message, "What is GENOM?"));
        for (int again = 0; again < 3; again++) {
            assertEquals(
                    conversation,
                    await(store.keep(UUID.randomUUID(), message, "What is GENOM?"))
                            .conversation());
        }
        assertEquals(1, conversations());
    }

    private static int conversations() throws Exception {
        PgUri uri = postgres.uri();
        try (Connection connection = DriverManager.getConnection(
                        uri.jdbcUrl(), uri.user(), uri.password().orElse(""));
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM chat.conversation")) {
            count.next();
            return count.getInt(1);
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
