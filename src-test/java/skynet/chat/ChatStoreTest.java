package skynet.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.bus.Role;
import skynet.kit.Database;
import skynet.testkit.Known;
import skynet.testkit.TestDatabase;

/** What the memory of chat keeps, on a real database. */
@Timeout(120)
class ChatStoreTest {
    @TempDir
    static Path home;

    private static final Vertx VERTX = Vertx.vertx();

    private static TestDatabase postgres;
    private static ChatStore store;

    @BeforeAll
    static void start() throws Exception {
        postgres = TestDatabase.start(home);
        store = new PostgresChatStore(Database.open(VERTX, postgres.uri()));
    }

    @AfterAll
    static void stop() throws Exception {
        await(VERTX.close());
        postgres.close();
    }

    @Test
    void aMessageSaidAgainLeavesNoEmptyConversation() throws Exception {
        UUID conversation = UUID.randomUUID();
        UUID message = UUID.randomUUID();
        int before = conversations();
        await(store.keep(conversation, message, "What is GENOM?", Principal.GUEST));
        for (int again = 0; again < 3; again++) {
            assertEquals(
                    conversation,
                    await(store.keep(UUID.randomUUID(), message, "What is GENOM?", Principal.GUEST))
                            .conversation());
        }
        assertEquals(before + 1, conversations());
    }

    @Test
    void manyWhoBeginAtTheSameTimeAreEachKeptOnceAndInTheirOwn() throws Exception {
        UUID taken = UUID.randomUUID();
        await(store.keep(taken, UUID.randomUUID(), "Mine?", Known.principal(Role.USER, "alice")));
        UUID twice = UUID.randomUUID();
        int before = conversations();
        List<Future<ChatStore.Kept>> begun = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            begun.add(store.begin(UUID.randomUUID(), UUID.randomUUID(), "Question " + i, Principal.GUEST));
        }
        begun.add(store.begin(UUID.randomUUID(), twice, "Twice", Principal.GUEST));
        begun.add(store.begin(UUID.randomUUID(), twice, "Twice", Principal.GUEST));
        Future<ChatStore.Kept> foreign = store.begin(taken, UUID.randomUUID(), "Let me in", Principal.GUEST);
        for (int i = 0; i < 40; i++) {
            assertEquals("Question " + i, await(begun.get(i)).question());
            assertTrue(await(begun.get(i)).begins());
        }
        assertEquals(await(begun.get(40)).conversation(), await(begun.get(41)).conversation());
        assertThrows(ExecutionException.class, () -> await(foreign));
        assertEquals(before + 41, conversations());
    }

    @Test
    void nobodySpeaksInTheConversationOfAnother() throws Exception {
        UUID conversation = UUID.randomUUID();
        UUID message = UUID.randomUUID();
        int before = messages();
        await(store.keep(conversation, message, "Mine?", Known.principal(Role.USER, "alice")));
        for (Principal other : List.of(Principal.GUEST, Known.principal(Role.ADMIN, "bob"))) {
            for (UUID said : List.of(message, UUID.randomUUID())) {
                ExecutionException refused = assertThrows(
                        ExecutionException.class, () -> await(store.keep(conversation, said, "Mine?", other)));
                assertEquals(Fault.Kind.ABSENT, ((Fault) refused.getCause()).kind());
            }
            assertThrows(ExecutionException.class, () -> await(store.keep(UUID.randomUUID(), message, "Mine?", other)));
        }
        assertEquals(before + 1, messages());
    }

    private static int messages() throws Exception {
        return count("chat.message");
    }

    private static int conversations() throws Exception {
        return count("chat.conversation");
    }

    private static int count(String table) throws Exception {
        return Integer.parseInt(postgres.one("SELECT count(*) FROM " + table));
    }
}
