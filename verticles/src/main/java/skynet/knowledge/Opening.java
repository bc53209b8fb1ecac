package skynet.knowledge;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The room's model and index on their way: begun as early as the data directory is ours, so that they load while the
 * database starts. Whoever began it closes it; closing twice does nothing.
 */
public final class Opening implements AutoCloseable {
    private final CompletableFuture<Embedder> embedder;
    private final CompletableFuture<SearchIndex> index;
    private final Path nativeDirectory;

    private Opening(Path nativeDirectory, CompletableFuture<Embedder> embedder, CompletableFuture<SearchIndex> index) {
        this.nativeDirectory = nativeDirectory;
        this.embedder = embedder;
        this.index = index;
    }

    /** Begins to load the model, whose native code is unpacked below a directory, and the index found there. */
    public static Opening begin(Path directory) {
        Path nativeDirectory = directory.resolve("native");
        return new Opening(
                nativeDirectory,
                begin("knowledge-model", () -> new Embedder(nativeDirectory, 1)),
                begin("knowledge-index", () -> new SearchIndex(directory.resolve("index"))));
    }

    /** Where native code is unpacked. */
    Path nativeDirectory() {
        return nativeDirectory;
    }

    /** The model; waits for it. */
    Embedder embedder() throws IOException {
        return opened(embedder);
    }

    /** The index; waits for it. */
    SearchIndex index() throws IOException {
        return opened(index);
    }

    @Override
    public synchronized void close() throws IOException {
        // One that could not be opened has nothing to give back; why it failed was told to whoever asked for it.
        try {
            if (!failed(index)) opened(index).close();
        } finally {
            if (!failed(embedder)) opened(embedder).close();
        }
    }

    private static boolean failed(CompletableFuture<?> opening) {
        return opening.handle((opened, failure) -> failure != null).join();
    }

    private static <T> T opened(CompletableFuture<T> opening) throws IOException {
        try {
            return opening.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }

    /** On a thread of its own: the common pool has a single one on a small machine, and others use it. */
    private static <T> CompletableFuture<T> begin(String name, Callable<T> open) {
        CompletableFuture<T> opening = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        opening.complete(open.call());
                    } catch (Throwable e) {
                        opening.completeExceptionally(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return opening;
    }
}
