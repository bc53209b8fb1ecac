package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.BusMessage;
import skynet.bus.Knowledge;
import skynet.bus.Request;
import skynet.kit.Database;
import skynet.kit.PgUri;
import skynet.kit.Vitals;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;

/**
 * The same questions to the same documents, on a PostgreSQL without pgvector and on one with it. There is none with it in
 * this build, so a stand-in takes its place; {@value #VARIABLE} names a real one, of whose database the schemas of a node are then
 * made and used, and without it that test is skipped, and says so.
 */
class BothVectorSearchesTest {
    private static final String VARIABLE = "SKYNET_TEST_PGVECTOR_URI";

    /** Tells this run's documents from those that a database may hold already. */
    private final String collection = "c" + UUID.randomUUID().toString().substring(0, 8);

    @TempDir
    Path home;

    @Test
    void theEmbeddedIndexFindsWhatIsAsked() throws Exception {
        try (DataDirectory data = DataDirectory.open(home.resolve("data"));
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data, step -> {})) {
            questions(postgres.uri(), "embedded");
        }
    }

    @Test
    void whatIsSaidToPgvectorFindsTheSame() throws Exception {
        try (DataDirectory data = DataDirectory.open(home.resolve("data"));
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data, step -> {})) {
            StandInVectors.install(postgres.uri());
            questions(postgres.uri(), "pgvector");
        }
    }

    @Test
    void pgvectorFindsTheSame() throws Exception {
        String uri = System.getenv(VARIABLE);
        if (uri == null) {
            System.out.println("pgvector: not tested, since " + VARIABLE + " names no server that has it");
            Assumptions.abort(VARIABLE + " names no server");
        }
        questions(PgUri.parse(uri), "pgvector");
    }

    private void questions(PgUri uri, String expected) throws Exception {
        Database.migrate(uri);
        try (Node node = new Node(uri, home.resolve("first"))) {
            assertTrue(node.vital().contains("\"" + expected + "\""), node.vital());
            node.learn("cats", "", "A cat sits on the mat. It purrs.");
            node.learn("money", "", "Stock prices fell sharply in October.");
            node.learn("tower", "", "The lighthouse of Arkona is painted yellow.");
            node.learn("ours", "team", "The lighthouse of Skarv is painted black.");
            asked(node);
            node.learn("tower", "", "The lighthouse of Arkona is painted green.");
            assertTrue(first(node, "What colour is Arkona?", "").text().contains("green"));
            node.ask(new Knowledge.Forget("cats", "", collection));
            assertFalse(names(node, "a kitten on a rug", "").contains("cats"));
        }
        try (Node node = new Node(uri, home.resolve("second"))) {
            assertTrue(first(node, "What colour is Arkona?", "").text().contains("green"));
            for (String name : List.of("money", "tower")) node.ask(new Knowledge.Forget(name, "", collection));
            node.ask(new Knowledge.Forget("ours", "team", collection));
            assertEquals(List.of(), names(node, "What colour is Arkona?", "team"));
        }
    }

    private void asked(Node node) throws Exception {
        assertEquals("cats", first(node, "a kitten resting on a rug", "").document());
        assertEquals("money", first(node, "shares became cheaper", "").document());
        assertEquals("tower", first(node, "Arkona", "").document());
        assertEquals(3, names(node, "painted", "").size());
        assertEquals(
                "ours",
                first(node, "What colour is the tower of Skarv?", "team").document());
        assertEquals(4, names(node, "painted", "team").size());
        assertFalse(names(node, "What colour is the tower of Skarv?", "others").contains("ours"));
        assertEquals(
                "The lighthouse of Arkona is painted yellow.",
                node.ask(new Knowledge.Consult(
                                "What colour is the lighthouse of Arkona?", "", collection, Knowledge.Depth.QUICK))
                        .answer());
    }

    private Knowledge.Hit first(Node node, String question, String tenant) throws Exception {
        return node.ask(new Knowledge.Search(question, tenant, collection, 5))
                .hits()
                .get(0);
    }

    private List<String> names(Node node, String question, String tenant) throws Exception {
        return node.ask(new Knowledge.Search(question, tenant, collection, 5)).hits().stream()
                .map(Knowledge.Hit::document)
                .toList();
    }

    /** The room alone on its bus, on some database. */
    private final class Node implements AutoCloseable {
        private final Vertx vertx = Vertx.vertx();
        private final Bus bus = new Bus(vertx, InstantSource.system());
        private final Vitals vitals = new Vitals();
        private final Opening opening;

        Node(PgUri uri, Path directory) throws Exception {
            opening = Opening.begin(directory);
            KnowledgeStore store = new KnowledgeStore(Database.open(vertx, uri));
            await(vertx.deployVerticle(new KnowledgeVerticle(bus, store, opening, false, vitals)));
        }

        String vital() throws Exception {
            return await(vitals.examine()).checks().get("knowledge").encode();
        }

        void learn(String name, String tenant, String text) throws Exception {
            ask(new Knowledge.Learn(name, name, text, tenant, collection, List.of()));
        }

        <R extends BusMessage> R ask(Request<R> request) throws Exception {
            return await(bus.ask(request));
        }

        @Override
        public void close() throws Exception {
            await(vertx.close());
            opening.close();
        }
    }
}
