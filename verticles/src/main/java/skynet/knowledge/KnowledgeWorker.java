package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import skynet.knowledge.KnowledgeStore.Embedded;

/**
 * The work of the room that blocks: the model and the index. Questions and documents have a thread each, so that a long
 * document does not keep a question waiting.
 */
final class KnowledgeWorker {
    private static final String SCOPE = "node";

    private final WorkerExecutor asking;
    private final WorkerExecutor learning;
    private final Embedder embedder;
    private final Chunker chunker;
    private final SearchIndex index;
    private final ExtractiveAnswer extractor;

    private KnowledgeWorker(Vertx vertx, Embedder embedder, SearchIndex index) {
        this.asking = vertx.createSharedWorkerExecutor("knowledge-asking", 1, 1, TimeUnit.MINUTES);
        this.learning = vertx.createSharedWorkerExecutor("knowledge-learning", 1, 30, TimeUnit.MINUTES);
        this.embedder = embedder;
        this.chunker = new Chunker(embedder.tokenizer());
        this.index = index;
        this.extractor = new ExtractiveAnswer(embedder);
    }

    /** Loads the model and opens an empty index below a directory. */
    static Future<KnowledgeWorker> open(Vertx vertx, Path directory) {
        return vertx.executeBlocking(() -> {
            Embedder embedder = new Embedder(directory.resolve("native"), 1);
            SearchIndex index = new SearchIndex(directory.resolve("index"));
            index.clear();
            return new KnowledgeWorker(vertx, embedder, index);
        });
    }

    /** Cuts a text into chunks and finds the vector of each. */
    Future<List<Embedded>> embed(String text) {
        return learning.executeBlocking(() -> {
            List<Embedded> embedded = new ArrayList<>();
            for (Chunk chunk : chunker.chunks(text)) {
                embedded.add(new Embedded(chunk, embedder.embed(chunk.of(text))));
            }
            return embedded;
        });
    }

    Future<Void> index(String document, String title, String text, List<Embedded> chunks) {
        return inOrder(() -> {
            List<SearchIndex.Entry> entries = chunks.stream()
                    .map(c -> new SearchIndex.Entry(c.chunk(), c.chunk().of(text), c.vector()))
                    .toList();
            index.replace(document, SCOPE, title, entries);
            index.commit();
            return null;
        });
    }

    Future<Void> forget(String document) {
        return inOrder(() -> {
            index.delete(document);
            index.commit();
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

    int size() throws IOException {
        return index.size();
    }

    Future<Void> close() {
        return inOrder(() -> {
            index.close();
            embedder.close();
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
