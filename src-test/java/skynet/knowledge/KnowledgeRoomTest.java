package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.BusMessage;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.Request;
import skynet.kit.Database;
import skynet.kit.Lending;
import skynet.kit.PgUri;
import skynet.kit.Vitals;
import skynet.testkit.TestDatabase;

/** The room on a real database: what it reads at start and for a question, and what it does not. */
class KnowledgeRoomTest {
    /** Drops whatever migrations made. */
    private static final String QUESTION = "What colour is the lighthouse of Arkona?";

    @TempDir
    static Path home;

    @TempDir
    Path directory;

    private static TestDatabase postgres;

    @BeforeAll
    static void startDatabase() throws Exception {
        postgres = TestDatabase.start(home);
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void begin() throws Exception {
        postgres.empty();
    }

    @Test
    void reopensAnIndexThatHasFollowedTheDatabaseWithoutReadingAnything() throws Exception {
        try (Node node = new Node(directory)) {
            node.learn("light.txt", "The lighthouse of Arkona is painted yellow.");
        }
        postgres.execute("ALTER TABLE knowledge.chunk RENAME COLUMN vector TO unread");
        try (Node node = new Node(directory)) {
            assertTrue(node.consult(QUESTION).answer().contains("yellow"));
        }
    }

    @Test
    void bringsInWhatChangedWhileItWasNotLooking() throws Exception {
        try (Node node = new Node(directory.resolve("here"))) {
            node.learn("light.txt", "The lighthouse of Arkona is painted yellow.");
            node.learn("door.txt", "The greenhouse door opens at seven in the morning.");
        }
        try (Node elsewhere = new Node(directory.resolve("elsewhere"))) {
            elsewhere.learn("light.txt", "The lighthouse of Arkona is painted green.");
            elsewhere.ask(new Knowledge.Forget("door.txt"));
        }
        try (Node node = new Node(directory.resolve("here"))) {
            assertTrue(node.consult(QUESTION).answer().contains("green"));
            assertFalse(node.consult("When does the greenhouse door open?").answered());
            assertEquals(1, node.passagesIndexed());
        }
    }

    @Test
    void beginsAnewFromAnotherDatabaseOrAnEarlierStateOfIt() throws Exception {
        for (String change : List.of("lineage = gen_random_uuid()", "generation = 1")) {
            begin();
            try (Node node = new Node(directory)) {
                node.learn("light.txt", "The lighthouse of Arkona is painted yellow.");
                node.learn("other.txt", "Of the other database only.");
            }
            postgres.execute("DELETE FROM knowledge.document WHERE name = 'other.txt'");
            postgres.execute("UPDATE knowledge.document SET generation = 1");
            postgres.execute("UPDATE knowledge.state SET " + change);
            try (Node node = new Node(directory)) {
                assertTrue(node.consult(QUESTION).answer().contains("yellow"), change);
                assertEquals(1, node.passagesIndexed(), change);
            }
        }
    }

    @Test
    void rebuildsADamagedIndex() throws Exception {
        try (Node node = new Node(directory)) {
            node.learn("light.txt", "The lighthouse of Arkona is painted yellow.");
        }
        try (Stream<Path> files = Files.list(directory.resolve("index"))) {
            for (Path file : files.filter(f -> !f.endsWith("write.lock")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length / 2] ^= 0x55;
                Files.write(file, bytes);
            }
        }
        try (Node node = new Node(directory)) {
            assertTrue(node.consult(QUESTION).answer().contains("yellow"));
        }
    }

    @Test
    void readsNoDocumentForAQuestionHoweverLongItIs() throws Exception {
        String filler = "lorem ipsum dolor sit amet ".repeat(200_000);
        String fact = "The lighthouse of Arkona is painted yellow.";
        try (Node node = new Node(directory)) {
            node.learn("light.txt", fact);
            postgres.execute("UPDATE knowledge.document SET content = content || '" + filler + "'");
            postgres.execute("ALTER TABLE knowledge.document RENAME COLUMN content TO unread");
            Knowledge.Consulted found = node.consult(QUESTION);
            assertTrue(found.answered());
            assertEquals(fact, found.citations().get(0).text());
        }
    }

    @Test
    void answersOrRefusesEveryQuestionThatIsOpenWhenItCloses() throws Exception {
        try (Node node = new Node(directory)) {
            node.learn("light.txt", "The lighthouse of Arkona is painted yellow.");
            List<Future<Knowledge.Consulted>> asked = IntStream.range(0, 200)
                    .mapToObj(i -> node.bus.ask(new Knowledge.Consult(QUESTION + i)))
                    .toList();
            await(asked.get(0));
            node.closeRoom();
            for (Future<Knowledge.Consulted> question : asked) {
                await(question.otherwiseEmpty());
                assertTrue(question.succeeded() || kind(question) == Fault.Kind.UNAVAILABLE, question::toString);
            }
        }
    }

    @Test
    void leavesALongDocumentWhenItCloses() throws Exception {
        try (Node node = new Node(directory)) {
            String text = "The greenhouse door opens at seven in the morning. ".repeat(40_000);
            Future<Knowledge.Learned> learning =
                    node.bus.ask(new Knowledge.Learn("long.txt", "Title", text), Duration.ofMinutes(15));
            node.consult(QUESTION);
            assertTimeoutPreemptively(Duration.ofSeconds(10), node::closeRoom);
            await(learning.otherwiseEmpty());
            assertEquals(Fault.Kind.UNAVAILABLE, kind(learning));
        }
    }

    @Test
    void findsADocumentThatWasKeptButNotIndexedWhenItIsToldAgain() throws Exception {
        try (Node node = new Node(directory.resolve("here"));
                Node elsewhere = new Node(directory.resolve("elsewhere"))) {
            String fact = "The lighthouse of Arkona is painted yellow.";
            elsewhere.learn("light.txt", fact);
            assertFalse(node.consult(QUESTION).answered());
            node.ask(new Knowledge.Learn("light.txt", "Title", fact));
            assertTrue(node.consult(QUESTION).answer().contains("yellow"));
            node.awaitChanges(1);
            node.ask(new Knowledge.Learn("light.txt", "Title", fact));
            node.learn("other.txt", "Told after all that was told of the other one.");
            node.awaitChanges(2);
            assertEquals(List.of("light.txt", "other.txt"), node.changes);
        }
    }

    @Test
    void saysThatItsIndexIsBrokenAndThatTheDocumentChangedAllTheSame() throws Exception {
        Path index = directory.resolve("index");
        Path away = directory.resolve("away");
        try (Node node = new Node(directory)) {
            node.learn("light.txt", "The lighthouse of Arkona is painted yellow.");
            assertTrue(node.vital().up());
            Files.move(index, away);
            node.learn("light.txt", "The lighthouse of Arkona is painted green.");
            Future<?> consulted = node.bus.ask(new Knowledge.Consult(QUESTION));
            await(consulted.otherwiseEmpty());
            assertEquals(Fault.Kind.UNAVAILABLE, kind(consulted));
            Future<?> learned = node.bus.ask(
                    new Knowledge.Learn("light.txt", "Title", "The lighthouse of Arkona is painted blue."));
            await(learned.otherwiseEmpty());
            assertEquals(Fault.Kind.UNAVAILABLE, kind(learned));
            node.awaitChanges(3);
            assertFalse(node.vital().up());
            String cause = node.vital().checks().get("knowledge").encode();
            assertTrue(cause.contains("start the node again"), cause);
        }
        Files.move(away, index);
        try (Node node = new Node(directory)) {
            assertTrue(node.vital().up());
            assertTrue(node.consult(QUESTION).answer().contains("blue"));
        }
    }

    @Test
    void goesOnWithABrokenCatchUpWhereItStopped() throws Exception {
        try (Node elsewhere = new Node(directory.resolve("elsewhere"))) {
            for (String name : List.of("c.txt", "b.txt", "a.txt")) {
                elsewhere.learn(name, "The lighthouse of Arkona is painted yellow.");
            }
        }
        postgres.execute("ALTER TABLE knowledge.chunk DROP CONSTRAINT chunk_vector_check");
        postgres.execute("CREATE TABLE knowledge.aside AS SELECT * FROM knowledge.chunk");
        postgres.execute("UPDATE knowledge.chunk SET vector = '' WHERE document = 'a.txt'");
        assertThrows(ExecutionException.class, () -> new Node(directory.resolve("here")));
        postgres.execute(
                "UPDATE knowledge.chunk c SET vector = a.vector FROM knowledge.aside a WHERE a.document = c.document");
        postgres.execute("UPDATE knowledge.chunk SET vector = '' WHERE document = 'c.txt'");
        try (Node node = new Node(directory.resolve("here"))) {
            assertEquals(3, node.passagesIndexed());
        }
    }

    @Test
    void opensBeforeAllIsReadAndSaysSoUntilThen() throws Exception {
        try (Node elsewhere = new Node(directory.resolve("elsewhere"))) {
            elsewhere.learn("light.txt", "The lighthouse of Arkona is painted yellow.");
        }
        try (Connection connection = postgres.connect();
                Statement lock = connection.createStatement()) {
            connection.setAutoCommit(false);
            lock.execute("LOCK TABLE knowledge.chunk");
            try (Node node = new Node(directory.resolve("here"), false, Duration.ofMillis(1))) {
                String said = node.vital().checks().get("knowledge").encode();
                assertTrue(said.contains("DOWN") && said.contains("reading documents: 0 so far"), said);
                connection.rollback();
                while (!node.vital().up()) {
                    Thread.sleep(20);
                }
                assertTrue(node.consult(QUESTION).answer().contains("yellow"));
            }
        }
    }

    @Test
    void showsATenantsDocumentsToNobodyElse() throws Exception {
        String fact = "The lighthouse of Arkona is painted yellow.";
        try (Node node = new Node(directory)) {
            node.ask(new Knowledge.Learn("light.txt", "Light", fact, "team", "towers", List.of(0, 20)));
            assertTrue(node.ask(consult("team", "")).answered());
            assertTrue(node.ask(consult("team", "towers")).answered());
            assertFalse(node.ask(consult("team", "main")).answered());
            Knowledge.Hit hit = node.ask(new Knowledge.Search(QUESTION, "team", "", 5))
                    .hits()
                    .get(0);
            assertEquals(fact, hit.text());
            assertEquals(1, hit.page());
            for (String other : List.of("", "guests", "team2")) {
                assertFalse(node.ask(consult(other, "")).answered(), other);
                assertEquals(
                        List.of(),
                        node.ask(new Knowledge.Search(QUESTION, other, "", 5)).hits());
                assertEquals(
                        List.of(),
                        node.ask(new Knowledge.Rank(List.of(QUESTION), other, "", 5))
                                .rankings()
                                .get(0)
                                .documents());
                assertEquals(
                        List.of(),
                        node.ask(new Knowledge.ListDocuments("", 10, other, "")).documents());
                assertEquals(
                        List.of(),
                        node.ask(new Knowledge.ListCollections(other)).collections());
                assertAbsent(node, new Knowledge.Read("light.txt", other, ""));
                assertAbsent(node, new Knowledge.ReadChunks("light.txt", other, "towers", 0, 10));
                assertAbsent(node, new Knowledge.Forget("light.txt", other, "towers"));
            }
            assertEquals(
                    "light.txt",
                    node.ask(new Knowledge.Rank(List.of(QUESTION), "team", "", 5))
                            .rankings()
                            .get(0)
                            .documents()
                            .get(0)
                            .document());
            assertEquals(
                    List.of(new Knowledge.Collection("towers", false, 1, 1, fact.length())),
                    node.ask(new Knowledge.ListCollections("team")).collections());
            node.ask(new Knowledge.Forget("light.txt", "team", "towers"));
            assertFalse(node.ask(consult("team", "")).answered());
        }
    }

    @Test
    void prefersATenantsOwnDocumentOverASharedOneOfTheSameName() throws Exception {
        try (Node node = new Node(directory)) {
            node.learn("light.txt", "The lighthouse of Arkona is painted yellow.");
            node.ask(new Knowledge.Learn(
                    "light.txt", "Ours", "The lighthouse of Arkona is painted green.", "team", "", List.of()));
            assertEquals(
                    "Ours",
                    node.ask(new Knowledge.Read("light.txt", "team", "")).title());
            assertEquals(
                    "Title", node.ask(new Knowledge.Read("light.txt", "", "")).title());
            assertEquals(
                    "Title",
                    node.ask(new Knowledge.Read("light.txt", "team", "", true)).title());
            assertEquals(
                    "Title",
                    node.ask(new Knowledge.ReadChunks("light.txt", "team", "", 0, 10, true))
                            .title());
            node.ask(new Knowledge.Search("painted", "team", "", 5))
                    .hits()
                    .forEach(hit -> assertEquals(hit.title().equals("Title"), hit.shared()));
            assertFalse(
                    node
                            .ask(new Knowledge.Consult("What is green?", "team", "", Knowledge.Depth.QUICK))
                            .citations()
                            .stream()
                            .anyMatch(Knowledge.Citation::shared));
            assertEquals(
                    2,
                    node.ask(new Knowledge.ListDocuments("", 1, "team", ""))
                            .documents()
                            .size());
        }
        try (Node node = new Node(directory.resolve("fresh"))) {
            assertEquals(2, node.passagesIndexed());
            assertTrue(node.consult(QUESTION).answer().contains("yellow"));
        }
    }

    @Test
    void learnsManyDocumentsAtOnceAndEmbedsOnlyWhatIsNew() throws Exception {
        try (Node node = new Node(directory)) {
            List<Knowledge.Learn> many = IntStream.range(0, 40)
                    .mapToObj(i ->
                            new Knowledge.Learn("d" + i, "Number " + i, "Text of number " + i, "", "many", List.of()))
                    .toList();
            assertTrue(
                    node.ask(new Knowledge.LearnAll(many)).documents().stream().allMatch(Knowledge.Learned::changed));
            List<Knowledge.Learn> again = new ArrayList<>(many.subList(0, 39));
            again.add(new Knowledge.Learn("d39", "Number 39", "Another text", "", "many", List.of()));
            List<Knowledge.Learned> learned =
                    node.ask(new Knowledge.LearnAll(again)).documents();
            assertEquals(
                    List.of("d39"),
                    learned.stream()
                            .filter(Knowledge.Learned::changed)
                            .map(Knowledge.Learned::document)
                            .toList());
            assertTrue(learned.stream().allMatch(one -> one.chunks() == 1));
            assertEquals(40, node.passagesIndexed());
        }
    }

    private static Knowledge.Consult consult(String tenant, String collection) {
        return new Knowledge.Consult(QUESTION, tenant, collection, Knowledge.Depth.QUICK);
    }

    private static void assertAbsent(Node node, Request<?> request) throws Exception {
        Future<?> asked = node.bus.ask(request);
        await(asked.otherwiseEmpty());
        assertEquals(Fault.Kind.ABSENT, kind(asked));
    }

    @Test
    void doesNotBringBackASampleThatWasForgotten() throws Exception {
        try (Node node = new Node(directory, true)) {
            assertTrue(node.documents().contains("skynet/citations.md"));
            node.ask(new Knowledge.Forget("skynet/citations.md"));
        }
        try (Node node = new Node(directory, true)) {
            assertFalse(node.documents().contains("skynet/citations.md"));
            assertTrue(node.documents().contains("skynet/privacy.md"));
        }
        postgres.execute("UPDATE knowledge.sample SET sha256 = ''");
        try (Node node = new Node(directory, true)) {
            assertFalse(node.documents().contains("skynet/citations.md"));
        }
    }

    @Test
    void givesThePassagesOfOlderDataTheirWordsToTheLastCharacter() throws Exception {
        postgres.drop();
        flyway("2").migrate();
        postgres.execute("INSERT INTO knowledge.document (name, title, content, sha256, chars) VALUES"
                + " ('d', 'D', '😀 a😀\u0001b 😀😀 end', '', 17)");
        postgres.execute("INSERT INTO knowledge.chunk (document, chunk, start_at, end_at, vector) VALUES"
                + " ('d', 0, 0, 8, decode(repeat('00', 1536), 'hex')),"
                + " ('d', 1, 9, 17, decode(repeat('00', 1536), 'hex'))");
        Database.migrate(postgres.uri());
        String content = "😀 a😀\u0001b 😀😀 end";
        assertEquals(content.substring(0, 8), postgres.one("SELECT passage FROM knowledge.chunk WHERE chunk = 0"));
        assertEquals(content.substring(9, 17), postgres.one("SELECT passage FROM knowledge.chunk WHERE chunk = 1"));
    }

    private static Flyway flyway(String target) {
        PgUri uri = postgres.uri();
        return Flyway.configure()
                .dataSource(uri.jdbcUrl(), uri.user(), uri.password().orElse(""))
                .locations("classpath:skynet/migrations")
                .defaultSchema("skynet")
                .createSchemas(true)
                .target(target)
                .load();
    }

    private static Fault.Kind kind(Future<?> refused) {
        return ((Fault) refused.cause()).kind();
    }

    /** The room alone on its bus, from its start to its orderly end. */
    private static final class Node implements AutoCloseable {
        private final Vertx vertx = Vertx.vertx();
        private final Bus bus = new Bus(vertx, InstantSource.system());
        private final Vitals vitals = new Vitals();
        private final List<String> changes = new CopyOnWriteArrayList<>();
        private final Opening opening;
        private final String room;

        Node(Path directory) throws Exception {
            this(directory, false);
        }

        Node(Path directory, boolean samples) throws Exception {
            this(directory, samples, Duration.ofSeconds(50));
        }

        Node(Path directory, boolean samples, Duration patience) throws Exception {
            opening = Opening.begin(directory);
            Database database = Database.open(vertx, postgres.uri());
            await(bus.listen(Knowledge.Changed.class, changed -> changes.add(changed.document())));
            try {
                room = await(vertx.deployVerticle(new KnowledgeVerticle(
                        bus,
                        new KnowledgeStore(database),
                        opening,
                        samples,
                        Lending.OFF,
                        vitals,
                        Finding.OF_THE_JAR,
                        patience)));
            } catch (ExecutionException e) {
                close();
                throw e;
            }
        }

        Vitals.Report vital() throws Exception {
            return await(vitals.examine());
        }

        List<String> documents() throws Exception {
            return ask(new Knowledge.ListDocuments("", 1_000)).documents().stream()
                    .map(Knowledge.Shelf::document)
                    .toList();
        }

        void awaitChanges(int count) {
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
                while (changes.size() < count) {
                    Thread.sleep(5);
                }
            });
        }

        void closeRoom() throws Exception {
            await(vertx.undeploy(room));
        }

        void learn(String name, String text) throws Exception {
            assertTrue(ask(new Knowledge.Learn(name, "Title", text)).changed());
        }

        Knowledge.Consulted consult(String question) throws Exception {
            return ask(new Knowledge.Consult(question));
        }

        <R extends BusMessage> R ask(Request<R> request) throws Exception {
            return await(bus.ask(request));
        }

        int passagesIndexed() throws Exception {
            return opening.index().size();
        }

        @Override
        public void close() throws Exception {
            await(vertx.close());
            opening.close();
        }
    }
}
