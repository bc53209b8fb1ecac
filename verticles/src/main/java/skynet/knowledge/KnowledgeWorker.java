package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import skynet.knowledge.KnowledgeStore.Embedded;

/**
 * The work of the room that blocks: the model and the index. Questions and documents have a thread each, so that a long
 * document does not keep a question waiting.
 */
final class KnowledgeWorker {
    private final WorkerExecutor asking;
    private final WorkerExecutor learning;
    private final Opening opening;
    private final Embedder embedder;
    private final Chunker chunker;
    private final SearchIndex index;
    private final ExtractiveAnswer extractor;

    private KnowledgeWorker(Vertx vertx, Opening opening) throws IOException {
        this.asking = vertx.createSharedWorkerExecutor("knowledge-asking", 1, 1, TimeUnit.MINUTES);
        this.learning = vertx.createSharedWorkerExecutor("knowledge-learning", 1, 30, TimeUnit.MINUTES);
        this.opening = opening;
        this.embedder = opening.embedder();
        this.chunker = new Chunker(embedder.tokenizer());
        this.index = opening.index();
        this.extractor = new ExtractiveAnswer(embedder);
    }

    /** Waits for what was begun. */
    static Future<KnowledgeWorker> open(Vertx vertx, Opening opening) {
        return vertx.executeBlocking(() -> new KnowledgeWorker(vertx, opening));
    }

    /** How far the index has followed a database; it begins empty when it followed another one, or a later state. */
    Future<Mark> follow(Mark database) {
        return learning.executeBlocking(() -> {
            if (!index.mark().leadsTo(database)) {
                index.clear();
                index.mark(new Mark(database.lineage(), 0));
            }
            return index.mark();
        });
    }

    Future<Set<String>> documents() {
        return learning.executeBlocking(index::documents);
    }

    /** Says that the index has followed that far, and puts it on disk. */
    Future<Void> reached(Mark mark) {
        return inOrder(() -> {
            index.mark(mark);
            index.commit();
            return null;
        });
    }

    /** Cuts a text into chunks and finds the vector of each. */
    Future<List<Embedded>> embed(String text) {
        return learning.executeBlocking(() -> {
            List<Embedded> embedded = new ArrayList<>();
            for (Chunk chunk : chunker.chunks(text)) {
                String passage = chunk.of(text);
                embedded.add(new Embedded(chunk, passage, embedder.embed(passage)));
            }
            return embedded;
        });
    }

    /** Makes a document's chunks known; they are on disk some documents later, and found again from the mark until then. */
    Future<Void> index(String document, String title, List<Embedded> chunks) {
        return inOrder(() -> {
            List<SearchIndex.Entry> entries = chunks.stream()
                    .map(c -> new SearchIndex.Entry(c.chunk(), c.passage(), c.vector()))
                    .toList();
            index.replace(document, title, entries);
            return null;
        });
    }

    Future<Void> forget(String document) {
        return inOrder(() -> {
            index.delete(document);
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

    /** The best passages for a question, and the question's own vector. */
    Future<Found> search(String question) {
        return asking.executeBlocking(() -> {
            float[] vector = embedder.embed(question);
            return new Found(vector, index.search(question, vector, ExtractiveAnswer.PASSAGES_MAX));
        });
    }

    Future<Answer> answer(String question, Found found, List<Passage> passages) {
        return asking.executeBlocking(() -> extractor.answer(question, found.vector(), passages));
    }

    Future<Void> close() {
        return inOrder(() -> {
            opening.close();
            return null;
        });
    }

    private Future<Void> inOrder(Callable<Void> work) {
        return learning.executeBlocking(work);
    }

    /** Passages found, and the vector of the question they were found for. */
    static final class Found {
        private final float[] vector;
        private final List<Hit> hits;

        Found(float[] vector, List<Hit> hits) {
            this.vector = vector;
            this.hits = hits;
        }

        float[] vector() {
            return vector;
        }

        List<Hit> hits() {
            return hits;
        }
    }
}
