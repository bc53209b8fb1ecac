package skynet.knowledge;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import skynet.bus.Fault;
import skynet.kit.NativeLibrary;

/**
 * A sentence model: text to a point on a unit sphere, near for near meanings.
 *
 * <p>The one in the JAR is all-MiniLM-L6-v2, quantised to 8 bits, of {@value #DIMENSIONS} dimensions; another one may come
 * from a folder. The mean of the token vectors is taken and normalised. Text beyond
 * {@value #TOKENS_MAX} tokens is not seen. Texts are embedded one by one: in a batch the padding would change the
 * quantisation and so the vector. Safe for several threads; each call blocks for milliseconds, so call it from a
 * worker. Whoever opens it closes it; closing waits for the texts that are being embedded, and later ones are refused.
 */
final class Embedder implements AutoCloseable {

    static final int DIMENSIONS = 384;
    static final int TOKENS_MAX = 512;

    /** Names the vectors' origin: an index made by another model has to be rebuilt. */
    static final String MODEL = "all-minilm-l6-v2-q";

    /** Most dimensions of another model's vectors. */
    static final int DIMENSIONS_MAX = 4_096;

    private static final String IDS = "input_ids";
    private static final Set<String> INPUTS = Set.of(IDS, "attention_mask", "token_type_ids");

    /** The runtime builds its graph recursively; with a default stack some versions end the whole JVM. */
    private static final long STACK_BYTES = 16L << 20;

    private final String name;
    private final int dimensions;
    private final WordPiece tokenizer;
    private final OrtEnvironment environment;
    private final OrtSession session;
    /** Embedding shares it, closing has it alone: the session's memory is never freed under a running text. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    private boolean closed;

    /** Loads the model of the JAR; native code is unpacked under {@code nativeDirectory}. Takes about a second. */
    Embedder(Path nativeDirectory, int threads) throws IOException {
        this(MODEL, tokenizerOfTheJar(), nativeDirectory, threads, options -> {
            try (InputStream packed = resource("/" + MODEL + ".onnx")) {
                return OrtEnvironment.getEnvironment().createSession(packed.readAllBytes(), options);
            }
        });
    }

    /** Loads the model of a folder. */
    Embedder(ModelFolder folder, Path nativeDirectory, int threads) throws IOException {
        this(folder.name(), folder.tokenizer(), nativeDirectory, threads, options -> OrtEnvironment.getEnvironment()
                .createSession(folder.model().toString(), options));
    }

    private Embedder(String name, WordPiece tokenizer, Path nativeDirectory, int threads, Source source)
            throws IOException {
        if (threads < 1 || threads > 64) {
            throw new IllegalArgumentException("threads: " + threads + " (expected: 1 to 64)");
        }
        NativeLibrary.install(nativeDirectory);
        this.name = name;
        this.tokenizer = tokenizer;
        CompletableFuture<OrtSession> opened = new CompletableFuture<>();
        Thread opener = new Thread(null, () -> open(source, threads, opened), "onnx-open", STACK_BYTES);
        opener.setDaemon(true);
        opener.start();
        try {
            session = opened.join();
        } catch (CompletionException e) {
            throw new IOException(
                    "model: " + name + " not loaded: " + e.getCause().getMessage(), e.getCause());
        }
        environment = OrtEnvironment.getEnvironment();
        try {
            dimensions = width();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static WordPiece tokenizerOfTheJar() throws IOException {
        try (InputStream vocabulary = resource("/" + MODEL + "-tokenizer.json")) {
            return WordPiece.read(vocabulary);
        }
    }

    /** Dimensions of its vectors, as it declares them. */
    private int width() throws IOException {
        if (!INPUTS.containsAll(session.getInputNames())
                || !session.getInputNames().contains(IDS)) {
            throw new IOException(
                    "model: " + name + " takes " + session.getInputNames() + " (expected: " + INPUTS + ")");
        }
        try {
            NodeInfo output = session.getOutputInfo().values().iterator().next();
            long[] shape = output.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[0];
            long last = shape.length == 0 ? 0 : shape[shape.length - 1];
            if (shape.length != 3 || last < 2 || last > DIMENSIONS_MAX) {
                throw new IOException("model: " + name + " gives " + output.getName() + " of the shape "
                        + Arrays.toString(shape) + " (expected: texts, tokens and 2 to " + DIMENSIONS_MAX
                        + " numbers, like last_hidden_state)");
            }
            return (int) last;
        } catch (OrtException e) {
            throw new IOException("model: " + name + " tells nothing of what it gives: " + e.getMessage(), e);
        }
    }

    String name() {
        return name;
    }

    int dimensions() {
        return dimensions;
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
                float[][] words = new float[count - 2][dimensions];
                for (int word = 0; word < words.length; word++) {
                    for (int i = 0; i < dimensions; i++) words[word][i] = tokens.get((word + 1) * dimensions + i);
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
            throw new IllegalStateException("model: " + name + " not closed: " + e.getMessage(), e);
        } finally {
            use.writeLock().unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "model: " + name + " is closed (expected: a running node)");
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
                OrtSession.Result result = session.run(taken(inputIds, attention, types))) {
            return reading.of(((OnnxTensor) result.get(0)).getFloatBuffer(), ids.length);
        } catch (OrtException e) {
            throw new IllegalStateException("embedding of " + ids.length + " tokens: " + e.getMessage(), e);
        }
    }

    /** Some models do without the types or the mask. */
    private Map<String, OnnxTensor> taken(OnnxTensor ids, OnnxTensor mask, OnnxTensor types) {
        Map<String, OnnxTensor> taken =
                new HashMap<>(Map.of(IDS, ids, "attention_mask", mask, "token_type_ids", types));
        taken.keySet().retainAll(session.getInputNames());
        return taken;
    }

    /** Where a model comes from. */
    private interface Source {
        OrtSession open(OrtSession.SessionOptions options) throws IOException, OrtException;
    }

    /** What is made of the vectors of a text's tokens. */
    private interface Reading<T> {
        T of(FloatBuffer tokens, int count);
    }

    private static void open(Source source, int threads, CompletableFuture<OrtSession> opened) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            opened.complete(source.open(options));
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

    private float[] mean(FloatBuffer tokens, int count) {
        float[] sum = new float[dimensions];
        for (int token = 0; token < count; token++) {
            for (int i = 0; i < dimensions; i++) sum[i] += tokens.get(token * dimensions + i);
        }
        for (int i = 0; i < dimensions; i++) sum[i] /= count;
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
