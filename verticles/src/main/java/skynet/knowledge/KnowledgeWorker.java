package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.Work;
import skynet.knowledge.KnowledgeStore.Embedded;
import skynet.knowledge.KnowledgeStore.Written;

/**
 * The work of the room that blocks: the model and the index. Questions and documents have a thread each, so that a long
 * document does not keep a question waiting; that is also why no call asks Vert.x for order, which it keeps across all
 * threads of a context, while one thread keeps it by itself. Closing waits for the step that each thread is at and refuses the rest.
 */
final class KnowledgeWorker {
    private static final Logger LOG = System.getLogger(KnowledgeWorker.class.getName());

    private static final String BROKEN =
            "index: cannot be written any more (expected: room on its disk; make some and start the node again)";

    /** What the cache compares with each question. */
    private static final int FEW_TEXTS = 2;

    private static final int BULKY_MAX = 16;

    private final WorkerExecutor asking;
    /** Many texts at once, for programs: nobody who asks one question waits behind them. */
    private final WorkerExecutor bulk;

    private final WorkerExecutor learning;
    private final WorkerExecutor reading;
    private final WorkerExecutor measuring;
    private final Opening opening;
    private final Embedder embedder;
    private final Chunker chunker;
    private final SearchIndex index;
    private final Crew crew = new Crew("knowledge-learning-crew");
    /** Questions do not wait behind the passages of a document. */
    private final Crew askingCrew = new Crew("knowledge-asking-crew");

    private final Crew bulkCrew = new Crew("knowledge-bulk-crew");

    /** Works of many texts that are under way or wait; more are refused. */
    private final AtomicInteger bulky = new AtomicInteger();

    /** Questions that wait for an answer. */
    private final AtomicInteger asked = new AtomicInteger();

    private final ExtractiveAnswer extractor;
    private final DeepAnswer deep;
    private final SecondReading second;

    /** Questions that are being read word by word, or wait for it. */
    private final AtomicInteger deeply = new AtomicInteger();

    /** Why the index broke is logged once, not with every question after it. */
    private final AtomicBoolean broke = new AtomicBoolean();

    private volatile boolean closing;

    private KnowledgeWorker(Vertx vertx, Opening opening) throws IOException {
        this.asking = vertx.createSharedWorkerExecutor("knowledge-asking", 1, 1, TimeUnit.MINUTES);
        this.bulk = vertx.createSharedWorkerExecutor("knowledge-bulk", 1, 5, TimeUnit.MINUTES);
        this.learning = vertx.createSharedWorkerExecutor("knowledge-learning", 1, 30, TimeUnit.MINUTES);
        this.reading = vertx.createSharedWorkerExecutor("knowledge-reading", 1, 2, TimeUnit.MINUTES);
        this.measuring = vertx.createSharedWorkerExecutor("knowledge-measuring", 1, 10, TimeUnit.MINUTES);
        this.opening = opening;
        this.embedder = opening.embedder();
        this.chunker = new Chunker(embedder.tokenizer());
        this.index = opening.index();
        this.extractor = new ExtractiveAnswer(embedder, askingCrew);
        this.deep = new DeepAnswer(embedder, askingCrew, extractor);
        this.second = new SecondReading(deep);
    }

    /** Waits for what was begun. */
    static Future<KnowledgeWorker> open(Vertx vertx, Opening opening) {
        return vertx.executeBlocking(() -> new KnowledgeWorker(vertx, opening));
    }

    /** What makes the index useless until the next start, if anything does. */
    Optional<String> trouble() {
        return index.isWritable() ? Optional.empty() : Optional.of(BROKEN);
    }

    /** How far the index has followed a database; it begins empty when it followed another one, or a later state. */
    Future<Mark> follow(Mark database) {
        return inOrder(() -> {
            if (!index.mark().leadsTo(database)) {
                index.clear();
                index.mark(new Mark(database.lineage(), 0));
            }
            return index.mark();
        });
    }

    /** Whether a change of this generation is in the index. */
    Future<Boolean> hasFollowed(long generation) {
        return inOrder(() -> index.mark().generation() >= generation);
    }

    /** How far the index has followed. */
    Future<Mark> mark() {
        return on(asking, index::mark);
    }

    Future<List<Shelfmark>> documents() {
        return inOrder(index::documents);
    }

    /** Says that the index has followed that far, and puts it on disk. */
    Future<Void> reached(Mark mark) {
        return inOrder(() -> {
            index.mark(mark);
            index.commit();
            return null;
        });
    }

    /** Takes the text out of a file. */
    Future<Document> read(Knowledge.Import file) {
        return on(reading, () -> {
            byte[] bytes;
            try {
                bytes = Base64.getDecoder().decode(file.content());
            } catch (IllegalArgumentException e) {
                throw Fault.invalid("file: not Base64");
            }
            try (DocumentReader reader = new DocumentReader()) {
                return reader.read(file.document(), file.mediaType(), bytes);
            }
        });
    }

    /** Cuts documents into chunks and finds the vector of each; all processors share the work. */
    Future<List<Written>> embed(List<Knowledge.Learn> learns) {
        return inOrder(() -> {
            List<Callable<Embedded>> work = new ArrayList<>();
            List<Integer> counts = new ArrayList<>();
            for (Knowledge.Learn learn : learns) {
                List<Chunk> chunks = chunker.chunks(learn.text());
                chunks.forEach(chunk -> work.add(() -> embed(learn, chunk)));
                counts.add(chunks.size());
            }
            List<Embedded> embedded = crew.all(work);
            List<Written> written = new ArrayList<>();
            int at = 0;
            for (int i = 0; i < learns.size(); i++) {
                written.add(new Written(learns.get(i), List.copyOf(embedded.subList(at, at + counts.get(i)))));
                at += counts.get(i);
            }
            return written;
        });
    }

    private Embedded embed(Knowledge.Learn learn, Chunk chunk) {
        requireOpen();
        String passage = chunk.of(learn.text());
        float[] vector = embedder.embed(inContext(learn.document(), learn.title(), passage));
        return new Embedded(chunk, passage, vector, Paging.of(learn.pages(), chunk));
    }

    /** What the model reads of a passage: below its document's title, unless that is in it or says nothing. */
    static String inContext(String document, String title, String passage) {
        return title.equals(document) || passage.contains(title) ? passage : title + "\n" + passage;
    }

    /** Makes documents' chunks known; they are on disk some documents later, and found again from the mark until then. */
    Future<Void> index(List<Written> documents) {
        return inOrder(() -> {
            for (Written document : documents) {
                replace(document.mark(), document.learn().title(), document.chunks());
            }
            return null;
        });
    }

    /** Makes a document's chunks known when those of all generations before its own are. */
    Future<Void> indexNext(KnowledgeStore.Version version, List<Embedded> chunks) {
        return inOrder(() -> {
            index.mark(index.mark().upTo(version.generation() - 1));
            replace(version.mark(), version.title(), chunks);
            return null;
        });
    }

    /** Puts a document's chunks in place of those it had; of its generation nothing is said. */
    Future<Void> replace(KnowledgeStore.Version version, List<Embedded> chunks) {
        return inOrder(() -> {
            replace(version.mark(), version.title(), chunks);
            return null;
        });
    }

    Future<Void> forget(Shelfmark mark) {
        return inOrder(() -> {
            index.delete(mark);
            return null;
        });
    }

    /** Says that a change of this generation is in the index. */
    Future<Void> followed(long generation) {
        return inOrder(() -> {
            index.mark(index.mark().after(generation));
            return null;
        });
    }

    /** The best passages for a question by the model of the JAR, and what the question means. */
    Future<Found> search(String question, Scope scope, int limit) {
        return forSomebody(() -> {
            Sought sought = Sought.by(embedder.embed(question));
            return new Found(sought, index.search(question, sought, scope, limit));
        });
    }

    /** A question's own vector. */
    Future<float[]> vector(String question) {
        return forSomebody(() -> embedder.embed(question));
    }

    /** The best passages for a question whose meaning is known. */
    Future<Found> search(String question, Sought sought, Scope scope, int limit) {
        return forSomebody(() -> new Found(sought, index.search(question, sought, scope, limit)));
    }

    /** The best passages when another search has told which are near. */
    Future<Found> search(String question, Sought sought, Scope scope, List<Near> near, int limit) {
        return forSomebody(() -> new Found(sought, index.search(question, sought, scope, near, limit)));
    }

    /** The questions' own vectors; all processors share the work. */
    Future<List<float[]>> vectorsOf(List<String> questions) {
        return inBulk(() -> bulkCrew.all(questions.stream()
                .map(question -> (Callable<float[]>) () -> {
                    requireOpen();
                    return embedder.embed(question);
                })
                .toList()));
    }

    /** The best documents for each question; all processors share the work. */
    Future<List<List<Retrieval.Ranked>>> rank(List<String> questions, List<Sought> sought, Scope scope, int limit) {
        List<Callable<List<Retrieval.Ranked>>> work = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            String question = questions.get(i);
            Sought meant = sought.get(i);
            work.add(() -> {
                requireOpen();
                return index.rank(question, meant, scope, limit);
            });
        }
        return inBulk(() -> bulkCrew.all(work));
    }

    /** What smaller vectors cost, measured on these passages. */
    Future<Knowledge.Measured> measure(List<String> passages) {
        return on(measuring, () -> new Measuring(embedder, index).measure(passages, this::requireOpen));
    }

    /** The meanings of texts, whatever they are for. */
    Future<Knowledge.Embedded> vectors(List<String> texts) {
        Callable<Knowledge.Embedded> work = () -> {
            List<Knowledge.Vector> vectors = new ArrayList<>();
            int tokens = 0;
            for (String text : texts) {
                requireOpen();
                vectors.add(new Knowledge.Vector(boxed(embedder.embed(text))));
                tokens += embedder.tokens(text);
            }
            return new Knowledge.Embedded(vectors, Embedder.MODEL, tokens);
        };
        return texts.size() <= FEW_TEXTS ? on(asking, work) : inBulk(work);
    }

    Future<Answer> answer(String question, Knowledge.Depth depth, Found found, List<Passage> passages) {
        float[] vector = found.sought().plain();
        return switch (depth) {
            case QUICK -> forSomebody(() -> extractor.answer(question, vector, passages));
            case DEEP -> deeply(() -> deep.answer(question, vector, passages));
        };
    }

    private <T> Future<T> deeply(Callable<T> work) {
        deeply.incrementAndGet();
        return forSomebody(work).onComplete(done -> deeply.decrementAndGet());
    }

    /** Whether another question is being read word by word. */
    boolean isReading() {
        return deeply.get() > 0;
    }

    /** The answer that a light node's word comes to; fails as {@link SecondReading#of} does when that is none. */
    Future<Answer> confirm(String question, Found found, List<Passage> passages, Work.Done done) {
        return forSomebody(() -> second.of(question, found.sought().plain(), passages, done));
    }

    /** What this node finds where a light node found nothing. */
    Future<SecondReading.Own> own(String question, Found found, List<Passage> passages) {
        return deeply(() -> second.own(question, found.sought().plain(), passages));
    }

    /** Gives back the model and the index when both threads have come to the end of what they are at. */
    Future<Void> close() {
        closing = true;
        return Future.join(
                        asking.executeBlocking(() -> null, false),
                        bulk.executeBlocking(() -> null, false),
                        learning.executeBlocking(() -> null, false),
                        measuring.executeBlocking(() -> null, false))
                .compose(idle -> learning.executeBlocking(() -> {
                    crew.close();
                    askingCrew.close();
                    bulkCrew.close();
                    opening.close();
                    return null;
                }));
    }

    private static List<Float> boxed(float[] vector) {
        List<Float> values = new ArrayList<>(vector.length);
        for (float value : vector) {
            values.add(value);
        }
        return values;
    }

    private void replace(Shelfmark mark, String title, List<Embedded> chunks) throws IOException {
        List<SearchIndex.Entry> entries = chunks.stream()
                .map(c -> new SearchIndex.Entry(c.chunk(), c.passage(), c.vector(), c.others()))
                .toList();
        index.replace(mark, title, entries);
    }

    /** Whether somebody waits for an answer. */
    boolean isAsked() {
        return asked.get() > 0;
    }

    private <T> Future<T> forSomebody(Callable<T> work) {
        asked.incrementAndGet();
        return on(asking, work).onComplete(done -> asked.decrementAndGet());
    }

    private <T> Future<T> inOrder(Callable<T> work) {
        return on(learning, work);
    }

    /** Its threads are gone when it has closed, and what asks them then is refused like what they had not come to. */
    private <T> Future<T> inBulk(Callable<T> work) {
        if (bulky.incrementAndGet() > BULKY_MAX) {
            bulky.decrementAndGet();
            return Future.failedFuture(
                    new Fault(Fault.Kind.BUSY, "texts: others wait already (expected: try again shortly)"));
        }
        return on(bulk, work).onComplete(done -> bulky.decrementAndGet());
    }

    private <T> Future<T> on(WorkerExecutor thread, Callable<T> work) {
        return closing ? Future.failedFuture(stopping()) : thread.executeBlocking(() -> guarded(work), false);
    }

    private <T> T guarded(Callable<T> work) throws Exception {
        requireOpen();
        try {
            return work.call();
        } catch (IOException | RuntimeException e) {
            if (index.isWritable()) {
                throw e;
            }
            if (broke.compareAndSet(false, true)) {
                LOG.log(Level.ERROR, BROKEN, e);
            }
            throw new Fault(Fault.Kind.UNAVAILABLE, BROKEN);
        }
    }

    private void requireOpen() {
        if (closing) {
            throw stopping();
        }
    }

    private static Fault stopping() {
        return new Fault(Fault.Kind.UNAVAILABLE, "knowledge: the node is stopping (expected: one that runs)");
    }

    /** Passages found, and what the question means that they were found for. */
    static final class Found {
        private final Sought sought;
        private final List<Hit> hits;

        Found(Sought sought, List<Hit> hits) {
            this.sought = sought;
            this.hits = hits;
        }

        Sought sought() {
            return sought;
        }

        List<Hit> hits() {
            return hits;
        }
    }
}
