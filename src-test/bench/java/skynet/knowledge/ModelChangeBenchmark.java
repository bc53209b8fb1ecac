package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import skynet.bus.Bus;
import skynet.bus.BusMessage;
import skynet.bus.Knowledge;
import skynet.bus.Request;
import skynet.kit.Database;
import skynet.kit.Lending;
import skynet.kit.PgUri;
import skynet.kit.Vitals;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;

/**
 * How fast another model reads everything, and what the questions notice of it. The model is that of the JAR, from a folder:
 * as expensive as a small one is. The collection of the node and so many short documents; a question at a time, before the
 * change, during it and after it. On one machine, PostgreSQL included.
 *
 * <p>{@code java -cp <test class path> skynet.knowledge.ModelChangeBenchmark [documents]}
 */
public final class ModelChangeBenchmark {
    private static final int ASKED = 300;
    private static final List<String> QUESTIONS = List.of(
            "What does NOD7 do?",
            "How is a node started?",
            "What is note 17 about?",
            "Which port does gRPC use?",
            "How are backups made?");

    private ModelChangeBenchmark() {}

    /** The questions' times in a phase. */
    public record Figures(int count, double p50Millis, double p99Millis) {}

    /** Chunks a second, and the questions before, during and after. */
    public record Report(long chunks, double chunksPerSecond, Figures before, Figures during, Figures after) {}

    public static void main(String[] arguments) throws Exception {
        int documents = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2_000;
        Path home = Files.createTempDirectory("model-change");
        Report report = run(home, documents, ASKED);
        System.out.printf(Locale.ROOT, "%d chunks, %.0f a second%n", report.chunks(), report.chunksPerSecond());
        print("before", report.before());
        print("during", report.during());
        print("after", report.after());
    }

    private static void print(String phase, Figures figures) {
        System.out.printf(
                Locale.ROOT,
                "%s: %d questions, p50 %.1f ms, p99 %.1f ms%n",
                phase,
                figures.count(),
                figures.p50Millis(),
                figures.p99Millis());
    }

    /** Everything in a directory of its own. */
    public static Report run(Path home, int documents, int asked) throws Exception {
        Path folder = Files.createDirectories(home.resolve("copy"));
        copy("/" + Embedder.MODEL + ".onnx", folder.resolve(ModelFolder.MODEL));
        copy("/" + Embedder.MODEL + "-tokenizer.json", folder.resolve(ModelFolder.TOKENIZER));
        try (DataDirectory data = DataDirectory.open(home.resolve("data"));
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data, step -> {})) {
            Database.migrate(postgres.uri());
            Figures before;
            try (Room room = new Room(postgres.uri(), home.resolve("knowledge"), EmbeddingConfig.OF_THE_JAR)) {
                room.learn(documents);
                room.times(asked / 4 + 1, () -> false);
                before = room.times(asked, () -> false);
            }
            EmbeddingConfig config = new EmbeddingConfig(
                    Optional.of(folder.toString()), Optional.empty(), Optional.empty(), Optional.empty(), 0);
            try (Room room = new Room(postgres.uri(), home.resolve("knowledge"), config)) {
                long begun = System.nanoTime();
                AtomicBoolean done = new AtomicBoolean();
                Thread watch = new Thread(() -> room.awaitChange(done), "watch");
                watch.start();
                Figures during = room.times(Integer.MAX_VALUE, done::get);
                double seconds = (System.nanoTime() - begun) / 1e9;
                watch.join();
                long chunks = room.ask(new Knowledge.LookAtFinder()).chunks();
                return new Report(chunks, chunks / seconds, before, during, room.times(asked, () -> false));
            }
        }
    }

    private static void copy(String resource, Path to) throws Exception {
        try (var in = Embedder.class.getResourceAsStream(resource)) {
            Files.copy(in, to);
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(600, TimeUnit.SECONDS);
    }

    /** The room alone on its bus. */
    private static final class Room implements AutoCloseable {
        private final Vertx vertx = Vertx.vertx();
        private final Bus bus = new Bus(vertx, InstantSource.system());
        private final Opening opening;

        Room(PgUri uri, Path directory, EmbeddingConfig config) throws Exception {
            opening = Opening.begin(directory);
            await(vertx.deployVerticle(new KnowledgeVerticle(
                    bus,
                    new KnowledgeStore(Database.open(vertx, uri)),
                    opening,
                    true,
                    Lending.OFF,
                    new Vitals(),
                    new Finding(config, 1, System::nanoTime))));
        }

        void learn(int documents) throws Exception {
            List<Knowledge.Learn> batch = new ArrayList<>();
            for (int i = 0; i < documents; i++) {
                batch.add(new Knowledge.Learn(
                        "note-" + i,
                        "Note " + i,
                        "Note " + i + " is about the harbour of town " + i % 97 + ". Its " + i % 11
                                + " berths were built in " + (1800 + i % 200)
                                + " and the lighthouse is painted anew every "
                                + (2 + i % 7) + " years. Boats of more than " + i % 40 + " tons wait outside."));
                if (batch.size() == 100 || i == documents - 1) {
                    await(bus.ask(new Knowledge.LearnAll(batch), java.time.Duration.ofMinutes(5)));
                    batch.clear();
                }
            }
        }

        void awaitChange(AtomicBoolean done) {
            try {
                while (!ask(new Knowledge.LookAtFinder()).here().startsWith("copy")) {
                    Thread.sleep(250);
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                done.set(true);
            }
        }

        /** One question after the other, with a pause like a reader's. */
        Figures times(int count, java.util.function.BooleanSupplier over) throws Exception {
            List<Double> millis = new ArrayList<>();
            for (int i = 0; i < count && !over.getAsBoolean(); i++) {
                long begun = System.nanoTime();
                ask(new Knowledge.Consult(QUESTIONS.get(i % QUESTIONS.size())));
                millis.add((System.nanoTime() - begun) / 1e6);
                Thread.sleep(20);
            }
            Collections.sort(millis);
            return new Figures(millis.size(), at(millis, 0.5), at(millis, 0.99));
        }

        private static double at(List<Double> sorted, double share) {
            return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share));
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
