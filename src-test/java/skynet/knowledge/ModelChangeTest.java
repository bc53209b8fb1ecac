package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;
import static skynet.testkit.Wait.until;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.BusMessage;
import skynet.bus.Knowledge;
import skynet.bus.Request;
import skynet.kit.Database;
import skynet.kit.Lending;
import skynet.kit.Vitals;
import skynet.testkit.StandInModel;
import skynet.testkit.TestDatabase;

/** Another model takes over the finding of passages, while questions are asked all the time. */
class ModelChangeTest {
    private static final Rhythm QUICK = new Rhythm(
            Duration.ofMillis(50),
            Duration.ofMillis(150),
            Duration.ofMillis(600),
            Duration.ofMillis(1_500),
            Duration.ofMillis(200));

    private static final Rereading.Index NO_INDEX = new Rereading.Index() {
        @Override
        public Future<Void> catchUp() {
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> take(ModelStore.Read read) {
            return Future.succeededFuture();
        }

        @Override
        public Future<Boolean> isBehind(Mark documents) {
            return Future.succeededFuture(false);
        }

        @Override
        public boolean isAsked() {
            return false;
        }

        @Override
        public void tell(long chunksUnread) {}
    };

    private static final String QUESTION = "What colour is the lighthouse of Arkona?";
    private static final String OF_THE_JAR = Embedder.MODEL;

    @TempDir
    static Path home;

    @TempDir
    Path directory;

    private static TestDatabase postgres;

    private final List<Node> open = new ArrayList<>();
    private StandInModel wide;

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
        wide = StandInModel.start(1_536, 1);
    }

    @AfterEach
    void end() throws Exception {
        for (Node node : open) node.close();
        wide.close();
    }

    @Test
    void aModelOf1536DimensionsTakesOverWhileQuestionsAreAsked() throws Exception {
        Node before = node("a", 1, EmbeddingConfig.OF_THE_JAR);
        before.learnSome(60);
        assertEquals(OF_THE_JAR, before.finder().here());
        before.close();
        wide.slow(60);
        Node node = node("a", 1, at(wide));
        try (Asker asker = new Asker(node)) {
            node.learn("late.txt", "The lighthouse of Skarv is painted black and white.");
            node.ask(new Knowledge.Forget("some-7.txt"));
            until(() -> node.finder().here().startsWith("wide:1536"));
            assertTrue(asker.askedSoFar() > 5, "questions meanwhile: " + asker.askedSoFar());
            asker.askSome(10);
        }
        Knowledge.Finder finder = node.finder();
        assertEquals(finder.finds(), finder.wanted());
        assertEquals(61, finder.chunks());
        assertEquals(61, finder.read());
        assertEquals(61, node.passagesOf(1, 1_536));
        assertEquals("late.txt", node.first("lighthouse of Skarv"));
        assertFalse(node.names("some number 7").contains("some-7.txt"));
        assertEquals("1", postgres.one("SELECT count(DISTINCT model)::text FROM knowledge.meaning"));
        assertTrue(wide.largest() <= Model.TEXTS_MAX);
    }

    @Test
    void postgresqlSearchesTheVectorsOfAnotherModelWhereItCan() throws Exception {
        StandInVectors.install(postgres.uri());
        postgres.execute("CREATE TABLE public.skynet_passage_1 (left_over integer)");
        try {
            Node node = node("a", 1, at(wide));
            node.learnSome(10);
            until(() -> node.finder().here().startsWith("wide"));
            until(() -> postgres.one("SELECT count(*)::text FROM public.skynet_passage_1")
                    .equals("11"));
            node.learn("late.txt", "The lighthouse of Skarv is painted black and white.");
            assertEquals("12", postgres.one("SELECT count(*)::text FROM public.skynet_passage_1"));
            node.ask(new Knowledge.Forget("some-7.txt"));
            assertEquals("11", postgres.one("SELECT count(*)::text FROM public.skynet_passage_1"));
            assertEquals("late.txt", node.first("lighthouse of Skarv"));
            assertTrue(node.consult(QUESTION).answer().contains("yellow"));
            node.close();
            Node again = node("a", 1, EmbeddingConfig.OF_THE_JAR);
            until(() -> again.finder().here().equals(OF_THE_JAR));
            until(() -> postgres.one("SELECT coalesce(to_regclass('public.skynet_passage_1')::text, 'gone')")
                    .equals("gone"));
            assertTrue(again.consult(QUESTION).answer().contains("yellow"));
        } finally {
            for (Node node : open) node.close();
            StandInVectors.remove(postgres.uri());
        }
    }

    @Test
    void aTableThatAnotherNodeDroppedIsMadeAgainWhenItsModelComesBack() throws Exception {
        StandInVectors.install(postgres.uri());
        Vertx vertx = Vertx.vertx();
        try {
            postgres.execute(
                    "INSERT INTO knowledge.model (name, dimensions, probe) VALUES ('other', 2, '\\x0000000000000001')");
            VectorStore vectors = new VectorStore(Database.open(vertx, postgres.uri()));
            await(vectors.open());
            ModelState.Numbered other = new ModelState.Numbered(1, "other", 2);
            ModelState.Numbered jar = ModelState.Numbered.OF_THE_JAR;
            await(vectors.prepare(new ModelState(other, other, 1, 1, true, Mark.NONE)));
            assertTrue(vectors.has(1));
            postgres.execute("DROP TABLE public.skynet_passage_1");
            await(vectors.prepare(new ModelState(jar, jar, 2, 1, true, Mark.NONE)));
            assertFalse(vectors.has(1));
            await(vectors.prepare(new ModelState(jar, other, 3, 1, true, Mark.NONE)));
            assertTrue(vectors.has(1));
            assertEquals("0", postgres.one("SELECT count(*)::text FROM public.skynet_passage_1"));
        } finally {
            await(vertx.close());
            postgres.execute("DROP TABLE IF EXISTS public.skynet_passage_1");
            StandInVectors.remove(postgres.uri());
        }
    }

    @Test
    void whatIsMissingInATableOfVectorsIsFilledInPieceByPiece() throws Exception {
        StandInVectors.install(postgres.uri());
        Vertx vertx = Vertx.vertx();
        try {
            postgres.execute(
                    """
                    INSERT INTO knowledge.document (name, title, content, sha256, chars, chunks)
                    SELECT 'document-' || i, 'Title', 'text', '\\x00', 4, 10 FROM generate_series(1, 600) i;
                    INSERT INTO knowledge.chunk (document, chunk, start_at, end_at, passage, vector, model)
                    SELECT name, k, k, k + 1, 'Words.', '\\x00000000', 'none' FROM knowledge.document, generate_series(0, 9) k;
                    INSERT INTO knowledge.model (name, dimensions, probe) VALUES ('other', 2, '\\x0000000000000001');
                    INSERT INTO knowledge.meaning (tenant, collection, document, chunk, model, vector)
                    SELECT tenant, collection, document, chunk, 1, '\\x0000803f00000040' FROM knowledge.chunk
                    """);
            Database database = Database.open(vertx, postgres.uri());
            ModelState.Numbered other = new ModelState.Numbered(1, "other", 2);
            ModelState state = new ModelState(other, other, 1, 1, true, Mark.NONE);
            for (String lost : List.of("TRUE", "document IN ('document-3', 'document-599')", "FALSE")) {
                VectorStore vectors = new VectorStore(database);
                await(vectors.open());
                await(vectors.prepare(state));
                assertTrue(vectors.has(1));
                assertEquals("6000", postgres.one("SELECT count(*)::text FROM public.skynet_passage_1"));
                postgres.execute("DELETE FROM public.skynet_passage_1 WHERE " + lost);
            }
        } finally {
            await(vertx.close());
            postgres.execute("DROP TABLE IF EXISTS public.skynet_passage_1");
            StandInVectors.remove(postgres.uri());
        }
    }

    @Test
    void theOldVectorsGoWhenTheNextModelHasReadAll() throws Exception {
        node("a", 1, at(wide)).learnSome(5);
        Node first = open.get(0);
        until(() -> first.finder().here().startsWith("wide"));
        first.close();
        try (StandInModel narrow = StandInModel.start(64, 2)) {
            Node second = node("a", 1, at(narrow));
            until(() -> second.finder().here().endsWith(":64"));
            until(() -> postgres.one("SELECT count(*)::text FROM knowledge.meaning WHERE model = 1")
                    .equals("0"));
            until(() -> second.passagesOf(1, 1_536) == 0);
            assertEquals(6, second.passagesOf(2, 64));
            assertEquals(2, second.finder().change());
            second.close();
        }
        Node third = node("a", 1, EmbeddingConfig.OF_THE_JAR);
        until(() -> third.finder().here().equals(OF_THE_JAR));
        until(() -> postgres.one("SELECT count(*)::text FROM knowledge.meaning").equals("0"));
        assertTrue(third.consult(QUESTION).answered());
    }

    @Test
    void whoeverComesNextGoesOnWhereADeadNodeStopped() throws Exception {
        node("a", 1, EmbeddingConfig.OF_THE_JAR).learnSome(80);
        open.get(0).close();
        wide.slow(40);
        Node killed = node("a", 1, at(wide));
        until(() -> killed.finder().read() >= 20);
        killed.drop();
        long read = Long.parseLong(postgres.one("SELECT count(*)::text FROM knowledge.meaning"));
        assertTrue(read >= 20 && read < 81, "read: " + read);
        int asked = wide.texts();
        Node next = node("b", 1, at(wide));
        until(() -> next.finder().here().startsWith("wide"));
        assertTrue(wide.texts() - asked <= 81 - read + 32, "read again: " + (wide.texts() - asked) + " after " + read);
        assertEquals("some-33.txt", next.first("some number 33"));
    }

    @Test
    void twoMembersShareTheChangeAndBothFollow() throws Exception {
        node("a", 1, EmbeddingConfig.OF_THE_JAR).learnSome(40);
        open.get(0).close();
        wide.slow(20);
        Node one = node("a", 1, at(wide));
        Node two = node("b", 2, at(wide));
        try (Asker first = new Asker(one);
                Asker second = new Asker(two)) {
            until(() -> one.finder().here().startsWith("wide"));
            until(() -> two.finder().here().startsWith("wide"));
            first.askSome(3);
            second.askSome(3);
        }
        assertEquals(41, one.passagesOf(1, 1_536));
        until(() -> two.passagesOf(1, 1_536) == 41);
        assertEquals(1, two.finder().change());
        two.learn("two.txt", "The harbour of Skarv has eleven berths.");
        one.learn("one.txt", "The mill of Torsby grinds rye.");
        until(() -> postgres.one("SELECT count(*)::text FROM knowledge.meaning").equals("43"));
        assertEquals("two.txt", two.first("harbour of Skarv"));
    }

    @Test
    void aMemberWhoseModelFailsLeavesTheChangeToOneWhoseModelAnswers() throws Exception {
        node("a", 1, EmbeddingConfig.OF_THE_JAR).learnSome(60);
        open.get(0).close();
        wide.slow(100);
        try (StandInModel same = StandInModel.start(1_536, 1)) {
            Node broken = node("a", 1, at(wide));
            until(() -> broken.finder().read() >= 16);
            wide.gone(true);
            Node able = node("b", 2, at(same));
            until(() -> able.finder().here().startsWith("wide"));
            assertTrue(
                    broken.finder().trouble().contains("answers 503"),
                    broken.finder().trouble());
            assertEquals(61, able.passagesOf(1, 1_536));
        }
    }

    @Test
    void chunksThatTheModelDoesNotTakeAreShortenedOrMarkedAndTheChangeGoesOn() throws Exception {
        node("a", 1, EmbeddingConfig.OF_THE_JAR).learnSome(20);
        open.get(0).learn("long.txt", "The ferry to Hiddensee leaves at noon. ".repeat(12));
        open.get(0).learn("zebra.txt", "Zebras of Skarv have eleven stripes.");
        open.get(0).close();
        wide.refuse("Z", 200);
        Node node = node("a", 1, at(wide));
        until(() -> node.finder().here().startsWith("wide"));
        Knowledge.Finder finder = node.finder();
        assertEquals(finder.chunks(), finder.read());
        assertTrue(finder.trouble().contains("model: 1 chunks could not be read"), finder.trouble());
        assertEquals(finder.chunks() - 1, node.passagesOf(1, 1_536));
        assertEquals("long.txt", node.first("ferry to Hiddensee"));
        assertEquals("zebra.txt", node.first("eleven stripes of zebras"));
    }

    @Test
    void aLargeDocumentDoesNotWaitForASlowModel() throws Exception {
        Node node = node("a", 1, at(wide));
        node.learnSome(1);
        until(() -> node.finder().here().startsWith("wide"));
        wide.slow(1_500);
        StringBuilder large = new StringBuilder();
        for (int i = 0; i < 3_000; i++) large.append("This is sentence " + i + " of a large document. ");
        node.learn("large.txt", large.toString());
        assertEquals(
                "t",
                postgres.one(
                        "SELECT (SELECT count(*) FROM knowledge.meaning) < (SELECT count(*) FROM knowledge.chunk)"));
        wide.slow(0);
        until(() -> node.finder().read() == node.finder().chunks());
        assertEquals("", node.finder().trouble());
    }

    @Test
    void whatAnotherMemberLearnsIsFoundWhileThisOneReads() throws Exception {
        Node other = node("b", 2, EmbeddingConfig.OF_THE_JAR);
        other.learnSome(120);
        wide.slow(600);
        Node reader = node("a", 1, at(wide));
        until(() -> reader.finder().read() > 0);
        other.learn("late.txt", "The lighthouse of Skarv is painted black and white.");
        until(() -> reader.first("lighthouse of Skarv").equals("late.txt"));
        assertTrue(reader.finder().read() < 100, reader.finder().toString());
        wide.slow(0);
        until(() -> reader.finder().here().startsWith("wide"));
        assertEquals("late.txt", reader.first("lighthouse of Skarv"));
    }

    @Test
    void aSwitchThatFailsIsTriedAgain() throws Exception {
        node("a", 1, EmbeddingConfig.OF_THE_JAR).learnSome(3);
        open.get(0).close();
        postgres.execute(
                """
                CREATE SEQUENCE knowledge.tries;
                CREATE FUNCTION knowledge.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('knowledge.tries') <= 2 THEN
                        RAISE EXCEPTION 'not now';
                    END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER refuse BEFORE UPDATE OF finds ON knowledge.embedding
                   FOR EACH ROW WHEN (OLD.finds <> NEW.finds) EXECUTE FUNCTION knowledge.refuse()
                """);
        Node node = node("a", 1, at(wide));
        until(() -> node.finder().here().startsWith("wide"));
        assertEquals("3", postgres.one("SELECT last_value::text FROM knowledge.tries"));
        assertEquals(4, node.passagesOf(1, 1_536));
    }

    @Test
    void aChangeGoesOnWhenNobodyCanCount() throws Exception {
        postgres.execute(
                """
                INSERT INTO knowledge.model (name, dimensions, probe) VALUES ('other', 2, '\\x0000000000000001');
                UPDATE knowledge.embedding SET finds = 1, wanted = 0, change = 2
                """);
        Vertx vertx = Vertx.vertx();
        try {
            Database gone = Database.open(vertx, postgres.uri());
            await(gone.close());
            Tally tally = new Tally(new ModelStore(gone, new VectorStore(gone)), QUICK, System::nanoTime);
            Database database = Database.open(vertx, postgres.uri());
            ModelStore store = new ModelStore(database, new VectorStore(database));
            Models models = new Models(vertx, store, EmbeddingConfig.OF_THE_JAR, 1, QUICK, System::nanoTime);
            Rereading rereading =
                    new Rereading(vertx, store, tally, models, NO_INDEX, QUICK, "reader", System::nanoTime);
            vertx.runOnContext(now -> rereading.begin());
            until(() ->
                    postgres.one("SELECT finds::text FROM knowledge.embedding").equals("0"));
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void whatIsUnreadIsFoundPieceByPieceAndASwitchWaitsForIt() throws Exception {
        postgres.execute(
                """
                INSERT INTO knowledge.document (name, title, content, sha256, chars, chunks, generation)
                SELECT 'document-' || i, 'Title', 'text', '\\x00', 4, CASE WHEN i = 7 THEN 6000 ELSE 3 END, i
                  FROM generate_series(1, 2500) i;
                INSERT INTO knowledge.chunk (document, chunk, start_at, end_at, passage, vector)
                SELECT name, k, k, k + 1, 'Words.', '\\x00000000' FROM knowledge.document, generate_series(0, chunks - 1) k;
                INSERT INTO knowledge.model (name, dimensions, probe) VALUES ('other', 2, '\\x0000000000000001');
                UPDATE knowledge.embedding SET wanted = 1, change = 1;
                UPDATE knowledge.state SET generation = 2500;
                INSERT INTO knowledge.meaning (tenant, collection, document, chunk, model, vector)
                SELECT tenant, collection, document, chunk, 1,
                       CASE chunk WHEN 1 THEN '\\x0000000000000000' ELSE '\\x0000000000000001' END::bytea
                  FROM knowledge.chunk
                 WHERE NOT (document = 'document-7' AND chunk > 5990 OR document = 'document-2400' AND chunk = 2)
                """);
        Vertx vertx = Vertx.vertx();
        try {
            Database database = Database.open(vertx, postgres.uri());
            ModelStore store = new ModelStore(database, new VectorStore(database));
            assertEquals(new ModelStore.Progress(13_497, 13_487, 2_500), await(store.progress()));
            List<String> found = new ArrayList<>();
            ModelStore.Place place = ModelStore.Place.FIRST;
            int pieces = 0;
            for (boolean more = true; more; pieces++) {
                ModelStore.Ahead ahead = await(store.ahead(1, place, 4));
                ahead.chunks().forEach(one -> found.add(one.mark().document() + ' ' + one.chunk()));
                more = !ahead.chunks().isEmpty() || ahead.end().isPresent();
                place = ahead.chunks().isEmpty()
                        ? ahead.end().orElse(place)
                        : ahead.chunks().get(ahead.chunks().size() - 1).place();
            }
            assertEquals(10, found.size(), found.toString());
            assertEquals("document-7 5991", found.get(0));
            assertEquals("document-7 5999", found.get(8));
            assertEquals("document-2400 2", found.get(9));
            assertTrue(pieces > 6 && pieces < 12, "pieces: " + pieces);
            assertFalse(await(store.switchTo(1, 1, 2_399)));
            assertFalse(await(store.switchTo(1, 2, 2_500)), "another change of mind");
            assertTrue(await(store.switchTo(1, 1, 2_400)));
        } finally {
            await(vertx.close());
        }
    }

    @Test
    void aMemberWithTheOldSettingTurnsNothingBack() throws Exception {
        Node old = node("b", 2, EmbeddingConfig.OF_THE_JAR);
        Node changed = node("a", 1, at(wide));
        changed.learnSome(3);
        until(() -> changed.finder().here().startsWith("wide"));
        until(() -> old.finder().trouble().contains("not in this node's settings"));
        old.learn("old.txt", "The weather house of Oslo is red.");
        assertEquals("old.txt", old.first("weather house of Oslo"));
        until(() -> postgres.one("SELECT count(*)::text FROM knowledge.meaning").equals("5"));
        old.close();
        Node again = node("b", 2, EmbeddingConfig.OF_THE_JAR);
        Node fresh = node("c", 3, EmbeddingConfig.OF_THE_JAR);
        try (StandInModel other = StandInModel.start(32, 3)) {
            Node stranger = node("d", 4, at(other));
            for (Node each : List.of(again, fresh, stranger)) {
                assertTrue(
                        each.finder().finds().startsWith("wide:1536"),
                        each.finder().toString());
                assertEquals(1, each.finder().change());
                assertTrue(each.consult(QUESTION).answer().contains("yellow"));
            }
        }
    }

    @Test
    void aModelThatIsGoneLeavesTheAnswersToTheOneInTheJarAndSaysSo() throws Exception {
        Node node = node("a", 1, at(wide));
        node.learnSome(4);
        until(() -> node.finder().here().startsWith("wide"));
        wide.gone(true);
        assertTrue(node.consult(QUESTION).answer().contains("yellow"));
        assertTrue(
                node.finder().trouble().contains("answers 503"), node.finder().trouble());
        node.learn("meanwhile.txt", "The ferry to Hiddensee leaves at noon.");
        assertEquals("meanwhile.txt", node.first("ferry to Hiddensee"));
        wide.gone(false);
        until(() -> postgres.one("SELECT count(*)::text FROM knowledge.meaning").equals("6"));
        until(() -> node.finder().trouble().isEmpty());
        assertEquals("meanwhile.txt", node.first("ferry to Hiddensee"));
    }

    @Test
    void aModelThatIsNotThereAtTheStartIsTriedAgain() throws Exception {
        wide.gone(true);
        Node node = node("a", 1, at(wide));
        node.learnSome(2);
        assertTrue(node.consult(QUESTION).answered());
        assertTrue(
                node.finder().trouble().contains("wide at http://127.0.0.1"),
                node.finder().trouble());
        assertEquals("", node.finder().setting());
        wide.gone(false);
        until(() -> node.finder().here().startsWith("wide"));
        assertEquals("", node.finder().trouble());
    }

    @Test
    void anotherModelUnderTheSameNameIsAnotherModel() throws Exception {
        node("a", 1, at(wide)).learnSome(2);
        until(() -> open.get(0).finder().here().startsWith("wide"));
        open.get(0).close();
        try (StandInModel other = StandInModel.start(1_536, 9)) {
            Node node = node("a", 1, at(other));
            until(() -> node.finder().here().equals("wide:1536~2"));
            assertEquals(2, node.finder().change());
        }
    }

    @Test
    void aModelFromAFolderTakesOver() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("copy"));
        copy("/" + Embedder.MODEL + ".onnx", folder.resolve("model.onnx"));
        copy("/" + Embedder.MODEL + "-tokenizer.json", folder.resolve("tokenizer.json"));
        Node node = node(
                "a",
                1,
                new EmbeddingConfig(
                        Optional.of(folder.toString()), Optional.empty(), Optional.empty(), Optional.empty(), 0));
        node.learnSome(6);
        until(() -> node.finder().here().startsWith("copy:"));
        assertTrue(
                node.finder().here().matches("copy:[0-9a-f]{12}:384"),
                node.finder().here());
        assertEquals("", node.finder().trouble());
        assertTrue(node.consult(QUESTION).answer().contains("yellow"));
        assertEquals(7, node.passagesOf(1, 384));
    }

    @Test
    void aFolderWithoutAModelIsNamedAndTheNodeGoesOn() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("empty"));
        Node node = node(
                "a",
                1,
                new EmbeddingConfig(
                        Optional.of(folder.toString()), Optional.empty(), Optional.empty(), Optional.empty(), 0));
        node.learnSome(1);
        assertTrue(
                node.finder().trouble().contains("has no model.onnx"),
                node.finder().trouble());
        Files.writeString(folder.resolve("model.onnx"), "no model");
        Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {\"type\": \"BPE\", \"vocab\": {}}}");
        until(() -> node.finder().trouble().contains("tokenizer: BPE (expected: WordPiece"));
        Files.delete(folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\n");
        until(() -> node.finder().trouble().contains("not loaded"));
        assertTrue(node.consult(QUESTION).answered());
        assertEquals(0, node.finder().change());
    }

    private EmbeddingConfig at(StandInModel model) {
        return new EmbeddingConfig(
                Optional.empty(), Optional.of(model.baseUrl()), Optional.empty(), Optional.of("wide"), 0);
    }

    private static void copy(String resource, Path to) throws Exception {
        try (var in = Embedder.class.getResourceAsStream(resource)) {
            Files.copy(in, to);
        }
    }

    private Node node(String name, int number, EmbeddingConfig config) throws Exception {
        Node node = new Node(directory.resolve(name), number, config);
        open.add(node);
        return node;
    }

    /** Asks one question after the other until it is closed; one without its answer fails the test. */
    private static final class Asker implements AutoCloseable {
        private final AtomicBoolean stop = new AtomicBoolean();
        private final List<String> wrong = new ArrayList<>();
        private final CompletableFuture<Void> asking;
        private volatile int asked;

        Asker(Node node) {
            asking = CompletableFuture.runAsync(() -> {
                while (!stop.get()) {
                    try {
                        Knowledge.Consulted answer = node.consult(QUESTION);
                        String first = node.first("some number 21");
                        if (!answer.answer().contains("yellow") || !first.equals("some-21.txt")) {
                            wrong.add(answer.answer() + " " + first);
                        }
                    } catch (Exception e) {
                        wrong.add(e.toString());
                    }
                    asked++;
                }
            });
        }

        int askedSoFar() {
            return asked;
        }

        void askSome(int more) throws Exception {
            int until = asked + more;
            until(() -> asked >= until);
        }

        @Override
        public void close() throws Exception {
            stop.set(true);
            asking.get(30, TimeUnit.SECONDS);
            assertEquals(List.of(), wrong);
        }
    }

    /** The room alone on its bus. */
    private static final class Node implements AutoCloseable {
        private final Vertx vertx = Vertx.vertx();
        private final Bus bus = new Bus(vertx, InstantSource.system());
        private final Opening opening;
        private final Database database;
        private boolean closed;

        Node(Path directory, int number, EmbeddingConfig config) throws Exception {
            opening = Opening.begin(directory);
            database = Database.open(vertx, postgres.uri());
            await(vertx.deployVerticle(new KnowledgeVerticle(
                    bus,
                    new KnowledgeStore(database),
                    opening,
                    false,
                    Lending.OFF,
                    new Vitals(),
                    new Finding(config, number, QUICK, System::nanoTime))));
        }

        void learnSome(int count) throws Exception {
            learn("light.txt", "The lighthouse of Arkona is painted yellow.");
            for (int i = 0; i < count; i++) learn("some-" + i + ".txt", "This is some number " + i + " of all.");
        }

        void learn(String name, String text) throws Exception {
            ask(new Knowledge.Learn(name, name, text));
        }

        Knowledge.Consulted consult(String question) throws Exception {
            return ask(new Knowledge.Consult(question));
        }

        List<String> names(String question) throws Exception {
            return ask(new Knowledge.Search(question, "", "", 5)).hits().stream()
                    .map(Knowledge.Hit::document)
                    .toList();
        }

        String first(String question) throws Exception {
            return names(question).get(0);
        }

        Knowledge.Finder finder() throws Exception {
            return ask(new Knowledge.LookAtFinder());
        }

        int passagesOf(int model, int dimensions) throws Exception {
            return opening.index().size(model, dimensions);
        }

        <R extends BusMessage> R ask(Request<R> request) throws Exception {
            return await(bus.ask(request));
        }

        /** Ends as if it were killed: without a word to the database. */
        void drop() throws Exception {
            await(database.close());
            close();
        }

        @Override
        public void close() throws Exception {
            if (closed) return;
            closed = true;
            await(vertx.close());
            opening.close();
        }
    }
}
