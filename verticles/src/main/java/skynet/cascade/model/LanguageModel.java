package skynet.cascade.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;

/**
 * The graph of a causal language model: tokens in, a score for each token that may be next out. What it has read it keeps in an
 * {@link Attention}, so that each token is read once. To be opened and used on one thread with a large stack, for the
 * runtime goes through graphs recursively.
 */
public final class LanguageModel implements AutoCloseable {
    /** What the thread that opens and uses a model needs. */
    public static final long STACK_BYTES = 16L << 20;

    /** No conversation is longer, in tokens, whatever the model could look back on. */
    static final int CONTEXT_MAX = 4_096;

    /** No conversation takes more memory, beside the model. */
    static final long ATTENTION_BYTES_MAX = 512L << 20;

    private static final int CONTEXT_OTHERWISE = 1_024;
    private static final int CONTEXT_MIN = 16;
    private static final String PAST = "past_key_values.";
    private static final String PRESENT = "present.";
    private static final Set<String> INPUTS =
            Set.of("input_ids", "attention_mask", "position_ids", "use_cache_branch", "num_logits_to_keep");
    private static final String EXPECTED = " (expected: a causal language model exported with past key values)";

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private final Set<String> inputs = new HashSet<>();
    private final int context;
    private final int vocabulary;

    /** One tensor of what is kept: its size for one token, and of what it is made. */
    private record Kept(long heads, long width, OnnxJavaType type) {
        long bytes() {
            return heads * width * type.size;
        }
    }

    private LanguageModel(ModelFiles files, OrtSession session) throws OrtException, IOException {
        this.session = session;
        examine(files);
        long bytes = kept.values().stream().mapToLong(Kept::bytes).sum();
        int looksBack = files.context() == 0 ? CONTEXT_OTHERWISE : Math.min(files.context(), CONTEXT_MAX);
        context = (int) Math.min(looksBack, ATTENTION_BYTES_MAX / Math.max(1, bytes));
        if (context < CONTEXT_MIN) {
            throw new IOException(
                    "model: looks back on " + context + " tokens (expected: " + CONTEXT_MIN + " or more)");
        }
        try (Attention attention = attention();
                OrtSession.RunOptions options = new OrtSession.RunOptions()) {
            vocabulary = scores(attention, 0, options).length;
        }
        if (vocabulary < files.tokenizer().size()) {
            throw new IOException("model: scores for " + vocabulary + " tokens, and a tokenizer with "
                    + files.tokenizer().size() + " (expected: files of one model)");
        }
    }

    /**
     * Opens a graph and lets it read one token. Throws IOException that says why it cannot be used.
     *
     * @param threads that compute
     */
    static LanguageModel open(ModelFiles files, int threads) throws IOException {
        OrtSession session = null;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            // No two steps have the same shapes.
            options.setMemoryPatternOptimization(false);
            session =
                    OrtEnvironment.getEnvironment().createSession(files.graph().toString(), options);
            return new LanguageModel(files, session);
        } catch (OrtException | IOException | RuntimeException e) {
            close(session);
            if (e instanceof IOException told) {
                throw told;
            }
            throw new IOException(files.graph().getFileName() + ": " + firstLine(e) + EXPECTED, e);
        }
    }

    /** How many tokens a conversation has at most, its answer included. */
    int context() {
        return context;
    }

    /** Nothing read yet. */
    Attention attention() throws OrtException {
        Attention attention = new Attention();
        Map<String, OnnxTensor> nothing = new LinkedHashMap<>();
        for (Map.Entry<String, Kept> one : kept.entrySet()) {
            Kept size = one.getValue();
            long[] shape = {1, size.heads(), 0, size.width()};
            nothing.put(
                    one.getKey(),
                    size.type() == OnnxJavaType.FLOAT
                            ? OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), shape)
                            : OnnxTensor.createTensor(environment, ByteBuffer.allocateDirect(0), shape, size.type()));
        }
        attention.become(nothing, 0);
        return attention;
    }

    /** Reads some tokens more. */
    void read(Attention attention, int[] tokens, int from, int to, OrtSession.RunOptions options) throws OrtException {
        scores(attention, tokens, from, to, options, false);
    }

    /** Reads one token more and gives a score for each that may follow. */
    float[] scores(Attention attention, int token, OrtSession.RunOptions options) throws OrtException {
        return scores(attention, new int[] {token}, 0, 1, options, true);
    }

    private float[] scores(
            Attention attention, int[] tokens, int from, int to, OrtSession.RunOptions options, boolean wanted)
            throws OrtException {
        int count = to - from;
        Map<String, OnnxTensor> own = new HashMap<>();
        try {
            for (String name : inputs) {
                own.put(name, input(name, attention.length(), tokens, from, count));
            }
            Map<String, OnnxTensor> given = new HashMap<>(attention.past());
            given.putAll(own);
            return run(attention, given, count, options, wanted);
        } finally {
            own.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor input(String name, int read, int[] tokens, int from, int count) throws OrtException {
        return switch (name) {
            case "input_ids" -> longs(count, at -> tokens[from + at]);
            case "attention_mask" -> longs(read + count, at -> 1);
            case "position_ids" -> longs(count, at -> read + at);
            case "use_cache_branch" -> OnnxTensor.createTensor(environment, new boolean[] {read > 0});
            case "num_logits_to_keep" -> OnnxTensor.createTensor(environment, 1L);
            default -> throw new IllegalStateException("input: " + name + " (expected: one of " + INPUTS + ")");
        };
    }

    /** The scores are copied whole when they are looked at, so that is not done for many tokens at once. */
    private float[] run(
            Attention attention,
            Map<String, OnnxTensor> given,
            int count,
            OrtSession.RunOptions options,
            boolean wanted)
            throws OrtException {
        OrtSession.Result result = session.run(given, options);
        Map<String, OnnxTensor> next = new LinkedHashMap<>();
        for (String name : kept.keySet()) {
            next.put(name, (OnnxTensor) result.get(present(name)).orElseThrow());
        }
        try (OnnxTensor logits = (OnnxTensor) result.get("logits").orElseThrow()) {
            attention.become(next, count);
            if (!wanted) {
                return new float[0];
            }
            FloatBuffer scores = logits.getFloatBuffer();
            float[] last = new float[(int) logits.getInfo().getShape()[2]];
            scores.position(scores.limit() - last.length);
            scores.get(last);
            return last;
        }
    }

    @Override
    public void close() {
        close(session);
    }

    private void examine(ModelFiles files) throws OrtException, IOException {
        Map<String, NodeInfo> outputs = session.getOutputInfo();
        for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
            String name = input.getKey();
            if (!name.startsWith(PAST)) {
                if (!INPUTS.contains(name)) {
                    throw new IOException(files.graph().getFileName() + ": asks for " + name + EXPECTED);
                }
                inputs.add(name);
            } else if (input.getValue().getInfo() instanceof TensorInfo tensor && outputs.containsKey(present(name))) {
                kept.put(name, kept(files, name, tensor));
            } else {
                throw new IOException(files.graph().getFileName() + ": no output " + present(name) + EXPECTED);
            }
        }
        if (!inputs.contains("input_ids") || kept.isEmpty() || !outputs.containsKey("logits")) {
            String lacking = !inputs.contains("input_ids")
                    ? "no input input_ids"
                    : kept.isEmpty() ? "no input " + PAST + "0.key" : "no output logits";
            throw new IOException(files.graph().getFileName() + ": " + lacking + EXPECTED);
        }
        if (outputs.size() != kept.size() + 1) {
            throw new IOException(files.graph().getFileName() + ": " + outputs.size() + " outputs" + EXPECTED);
        }
    }

    private static Kept kept(ModelFiles files, String name, TensorInfo tensor) throws IOException {
        long[] shape = tensor.getShape();
        if (shape.length != 4
                || !Set.of(OnnxJavaType.FLOAT, OnnxJavaType.FLOAT16).contains(tensor.type)) {
            throw new IOException(files.graph().getFileName() + ": " + name + " is " + tensor + EXPECTED);
        }
        var config = files.config();
        long all = config.getLong("num_attention_heads", config.getLong("n_head", 0L));
        long heads = shape[1] > 0 ? shape[1] : config.getLong("num_key_value_heads", all);
        long width = shape[3] > 0
                ? shape[3]
                : config.getLong(
                        "head_dim", all == 0 ? 0 : config.getLong("hidden_size", config.getLong("n_embd", 0L)) / all);
        if (heads < 1 || width < 1) {
            throw new IOException("config.json: " + heads + " heads of " + width
                    + " (expected: num_attention_heads and hidden_size)");
        }
        return new Kept(heads, width, tensor.type);
    }

    private static String present(String past) {
        return PRESENT + past.substring(PAST.length());
    }

    private OnnxTensor longs(int count, IntToLongFunction value) throws OrtException {
        LongBuffer buffer = LongBuffer.allocate(count);
        for (int at = 0; at < count; at++) {
            buffer.put(at, value.applyAsLong(at));
        }
        return OnnxTensor.createTensor(environment, buffer, new long[] {1, count});
    }

    private static void close(OrtSession session) {
        if (session != null) {
            try {
                session.close();
            } catch (OrtException e) {
                throw new IllegalStateException("model: not closed: " + e.getMessage(), e);
            }
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    }
}
