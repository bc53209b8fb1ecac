package skynet.knowledge;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import skynet.bus.Fault;
import skynet.kit.NativeLibrary;

/**
 * The sentence model: text to a point on the unit sphere of {@value #DIMENSIONS} dimensions, near for near meanings.
 *
 * <p>all-MiniLM-L6-v2, quantised to 8 bits, mean of the token vectors, normalised. Text beyond
 * {@value #TOKENS_MAX} tokens is not seen. Texts are embedded one by one: in a batch the padding would change the
 * quantisation and so the vector. Safe for several threads; each call blocks for milliseconds, so call it from a
 * worker. Whoever opens it closes it; closing waits for the texts that are being embedded, and later ones are refused.
 */
final class Embedder implements AutoCloseable {

    static final int DIMENSIONS = 384;
    static final int TOKENS_MAX = 512;

    /** Names the vectors' origin: an index made by another model has to be rebuilt. */
    static final String MODEL = "all-minilm-l6-v2-q";

    /** The runtime builds its graph recursively; with a default stack some versions end the whole JVM. */
    private static final long STACK_BYTES = 16L << 20;

    private final WordPiece tokenizer;
    private final OrtEnvironment environment;
    private final OrtSession session;
    /** Embedding shares it, closing has it alone: the session's memory is never freed under a running text. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    private boolean closed;

    /** Loads the model; native code is unpacked under {@code nativeDirectory}. Takes about a second. */
    Embedder(Path nativeDirectory, int threads) throws IOException {
        if (threads < 1 || threads > 64) {
            throw new IllegalArgumentException("threads: " + threads + " (expected: 1 to 64)");
        }
        NativeLibrary.install(nativeDirectory);
        try (InputStream vocabulary = resource("/" + MODEL + "-tokenizer.json")) {
            tokenizer = WordPiece.read(vocabulary);
        }
        byte[] model;
        try (InputStream packed = resource("/" + MODEL + ".onnx")) {
            model = packed.readAllBytes();
        }
        CompletableFuture<OrtSession> opened = new CompletableFuture<>();
        Thread opener = new Thread(null, () -> open(model, threads, opened), "onnx-open", STACK_BYTES);
        opener.setDaemon(true);
        opener.start();
        try {
            session = opened.join();
        } catch (CompletionException e) {
            throw new IOException(
                    "model: " + MODEL + " not loaded: " + e.getCause().getMessage(), e.getCause());
        }
        environment = OrtEnvironment.getEnvironment();
    }

    WordPiece tokenizer() {
        return tokenizer;
    }

    /** How many tokens of a text the model reads, its marks included. */
    int tokens(String text) {
        return tokenizer.encode(text, TOKENS_MAX).length;
    }

    /** The meaning of a text as a unit vector. */
    float[] embed(String text) {
        int[] ids = tokenizer.encode(text, TOKENS_MAX);
        use.readLock().lock();
        try {
            requireOpen();
            return run(ids, (tokens, count) -> normalise(mean(tokens, count)));
        } finally {
            use.readLock().unlock();
        }
    }

    /** What each token of a text means where it stands, its marks left out: unit vectors. */
    float[][] words(String text) {
        int[] ids = tokenizer.encode(text, TOKENS_MAX);
        use.readLock().lock();
        try {
            requireOpen();
            return run(ids, (tokens, count) -> {
                float[][] words = new float[count - 2][DIMENSIONS];
                for (int word = 0; word < words.length; word++) {
                    for (int i = 0; i < DIMENSIONS; i++) words[word][i] = tokens.get((word + 1) * DIMENSIONS + i);
                    normalise(words[word]);
                }
                return words;
            });
        } finally {
            use.readLock().unlock();
        }
    }

    /** How near two unit vectors are: 1 the same, 0 unrelated. */
    static double similarity(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) sum += left[i] * right[i];
        return sum;
    }

    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (closed) return;
            closed = true;
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("model: " + MODEL + " not closed: " + e.getMessage(), e);
        } finally {
            use.writeLock().unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "model: " + MODEL + " is closed (expected: a running node)");
        }
    }

    private <T> T run(int[] ids, Reading<T> reading) {
        long[] shape = {1, ids.length};
        LongBuffer words = LongBuffer.allocate(ids.length);
        LongBuffer mask = LongBuffer.allocate(ids.length);
        for (int id : ids) {
            words.put(id);
            mask.put(1);
        }
        try (OnnxTensor inputIds = OnnxTensor.createTensor(environment, words.flip(), shape);
                OnnxTensor attention = OnnxTensor.createTensor(environment, mask.flip(), shape);
                OnnxTensor types = OnnxTensor.createTensor(environment, LongBuffer.allocate(ids.length), shape);
                OrtSession.Result result = session.run(
                        Map.of("input_ids", inputIds, "attention_mask", attention, "token_type_ids", types))) {
            return reading.of(((OnnxTensor) result.get(0)).getFloatBuffer(), ids.length);
        } catch (OrtException e) {
            throw new IllegalStateException("embedding of " + ids.length + " tokens: " + e.getMessage(), e);
        }
    }

    /** What is made of the vectors of a text's tokens. */
    private interface Reading<T> {
        T of(FloatBuffer tokens, int count);
    }

    private static void open(byte[] model, int threads, CompletableFuture<OrtSession> opened) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            opened.complete(OrtEnvironment.getEnvironment().createSession(model, options));
        } catch (Throwable e) {
            opened.completeExceptionally(e);
        }
    }

    private static InputStream resource(String name) {
        InputStream resource = Embedder.class.getResourceAsStream(name);
        if (resource == null)
            throw new IllegalStateException("resource: " + name + " absent (expected: in this build)");
        return resource;
    }

    private static float[] mean(FloatBuffer tokens, int count) {
        float[] sum = new float[DIMENSIONS];
        for (int token = 0; token < count; token++) {
            for (int i = 0; i < DIMENSIONS; i++) sum[i] += tokens.get(token * DIMENSIONS + i);
        }
        for (int i = 0; i < DIMENSIONS; i++) sum[i] /= count;
        return sum;
    }

    private static float[] normalise(float[] vector) {
        double squares = 0;
        for (float x : vector) squares += (double) x * x;
        float scale = (float) (1 / Math.sqrt(Math.max(squares, 1e-24)));
        for (int i = 0; i < vector.length; i++) vector[i] *= scale;
        return vector;
    }
}
