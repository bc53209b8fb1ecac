package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A model from a folder of this machine, on threads of its own kind: questions and documents do not wait for each other. */
final class FolderModel implements Model {
    private final Vertx vertx;
    private final Embedder embedder;

    private FolderModel(Vertx vertx, Embedder embedder) {
        this.vertx = vertx;
        this.embedder = embedder;
    }

    /** Reads the folder and tries the model; native code is unpacked under a directory. */
    static Future<Model> open(Vertx vertx, Path folder, Path nativeDirectory) {
        return vertx.executeBlocking(
                () -> {
                    Embedder embedder = new Embedder(ModelFolder.read(folder), nativeDirectory, 1);
                    try {
                        // As long as it may get: a model that reads less says so here and not in the middle of the
                        // work.
                        embedder.embed("word ".repeat(Embedder.TOKENS_MAX));
                    } catch (RuntimeException e) {
                        embedder.close();
                        throw new IOException(
                                "model: " + embedder.name() + " does not read " + Embedder.TOKENS_MAX + " tokens: "
                                        + e.getMessage(),
                                e);
                    }
                    return new FolderModel(vertx, embedder);
                },
                false);
    }

    @Override
    public String name() {
        return embedder.name();
    }

    @Override
    public Future<List<float[]>> vectors(List<String> texts, Duration patience) {
        return vertx.executeBlocking(
                        () -> {
                            List<float[]> vectors = new ArrayList<>(texts.size());
                            for (String text : texts) vectors.add(embedder.embed(text));
                            return vectors;
                        },
                        false)
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public Future<Void> close() {
        return vertx.executeBlocking(() -> {
            embedder.close();
            return null;
        });
    }
}
