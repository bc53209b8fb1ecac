package skynet.cascade.model;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import skynet.kit.LocalModelConfig;
import skynet.kit.NativeLibrary;

/**
 * A language model at work, on one thread of its own: it is loaded there, and up to {@value #GENERATIONS_MAX} answers are
 * written side by side, one step of each in turn. Whoever begins it closes it.
 */
public final class Generator implements AutoCloseable {
    /** So many answers are written at once; each keeps what it has read in memory. */
    public static final int GENERATIONS_MAX = 4;

    /** Longest answer, when no other length is wished. */
    public static final int ANSWER_TOKENS_MAX = 1_024;

    private static final System.Logger LOG = System.getLogger("skynet.cascade");
    private static final long CLOSING_MILLIS = 5_000;
    private static final int THREADS_MAX = 8;
    private static final String LOADING = "is being loaded";

    private final LocalModelConfig config;
    private final String template;
    private final Thread thread;
    private final Queue<Generation> ready = new ArrayDeque<>();
    private final Set<Generation> open = new HashSet<>();
    private volatile Generation.Voice voice;
    private volatile String trouble = LOADING;
    private boolean closing;

    private Generator(LocalModelConfig config, String template) {
        this.config = config;
        this.template = template;
        this.thread = new Thread(null, this::run, "skynet-model", LanguageModel.STACK_BYTES);
        thread.setDaemon(true);
    }

    /**
     * Begins to load a model; until that is done, and when it fails, it has a {@link #refusal}.
     *
     * @param template the name of a {@link Layout}, or {@code auto}
     */
    public static Generator begin(LocalModelConfig config, String template) {
        Generator generator = new Generator(config, template);
        generator.thread.start();
        return generator;
    }

    /**
     * Opens a model, lets it read a token and closes it: what it is, in words. Throws IOException that says why it cannot be
     * used. To be called on a thread with a stack of {@link LanguageModel#STACK_BYTES}.
     */
    public static String examine(LocalModelConfig config, String template) throws IOException {
        Generation.Voice voice = open(config, template);
        try (LanguageModel model = voice.model()) {
            return words(voice, model);
        }
    }

    /** What people call the model; empty until it is loaded. */
    public String name() {
        Generation.Voice loaded = voice;
        return loaded == null ? "" : loaded.files().name();
    }

    /** How its makers would have it write. */
    public JsonObject generation() {
        Generation.Voice loaded = voice;
        return loaded == null ? new JsonObject() : loaded.files().generation();
    }

    /** Why it does not answer now; empty when it does. */
    public synchronized Optional<String> refusal() {
        if (voice == null) {
            return Optional.of(trouble);
        }
        return open.size() < GENERATIONS_MAX
                ? Optional.empty()
                : Optional.of("writes " + open.size() + " answers already");
    }

    /** How many answers it writes now. */
    public synchronized int answering() {
        return open.size();
    }

    /**
     * Begins an answer; empty when there is a {@link #refusal}.
     *
     * @param lines what was said, the question last
     * @param said how the answer begins already
     */
    public Optional<Generation> begin(List<Line> lines, String said, Sampling sampling, Generation.Listener listener) {
        return begin(new Generation(
                (model, tokensMax, stopped) ->
                        model.layout().prompt(model.files().tokenizer(), lines, said, tokensMax, stopped),
                sampling,
                listener,
                this));
    }

    /** Begins to go on from a text, which is laid out in no way. */
    Optional<Generation> begin(String text, Sampling sampling, Generation.Listener listener) {
        return begin(new Generation(
                (model, tokensMax, stopped) -> Optional.of(
                                model.files().tokenizer().encode(text))
                        .filter(tokens -> tokens.length <= tokensMax),
                sampling,
                listener,
                this));
    }

    private Optional<Generation> begin(Generation generation) {
        synchronized (this) {
            if (closing || voice == null || open.size() >= GENERATIONS_MAX) {
                return Optional.empty();
            }
            open.add(generation);
        }
        wake(generation);
        return Optional.of(generation);
    }

    /** It is over, and its place is free. */
    synchronized void left(Generation generation) {
        open.remove(generation);
        notifyAll();
    }

    /** Puts it into the queue, when it has something to do and is not there yet. */
    void wake(Generation generation) {
        synchronized (this) {
            if (open.contains(generation) && generation.isReady() && generation.enters()) {
                ready.add(generation);
                notifyAll();
            }
        }
    }

    /** Ends all that is written, and gives the model back. */
    @Override
    public void close() {
        List<Generation> left;
        synchronized (this) {
            closing = true;
            trouble = "is closed";
            left = List.copyOf(open);
            notifyAll();
        }
        left.forEach(Generation::stop);
        try {
            thread.join(CLOSING_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            Generation.Voice loaded = open(config, template);
            LOG.log(System.Logger.Level.INFO, "cascade.local-model: {0}", words(loaded, loaded.model()));
            voice = loaded;
            try {
                work(loaded);
            } catch (RuntimeException | Error e) {
                breakOff(e);
                throw e;
            } finally {
                voice = null;
                loaded.model().close();
            }
        } catch (IOException | RuntimeException | Error e) {
            trouble = words(e);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cascade.local-model: {0}: {1}; the node goes on without it",
                    config.place(),
                    trouble);
        }
    }

    /** Nothing is written any more: who waits for an answer is told why, each of them. */
    private void breakOff(Throwable failure) {
        List<Generation> left;
        synchronized (this) {
            voice = null;
            trouble = words(failure);
            left = List.copyOf(open);
            ready.clear();
        }
        for (Generation generation : left) {
            try {
                generation.breakOff(trouble);
            } catch (RuntimeException | Error e) {
                LOG.log(System.Logger.Level.WARNING, "cascade.local-model: an answer is left open: {0}", words(e));
            }
        }
    }

    /** What went wrong, on one line; an error of the machine is named, for its text alone says little. */
    static String words(Throwable failure) {
        String text =
                failure instanceof Error || failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return text.lines().findFirst().orElse("");
    }

    private void work(Generation.Voice loaded) {
        for (Generation next = next(); next != null; next = next()) {
            next.step(loaded);
            next.leaves();
            wake(next);
        }
    }

    /** The one whose turn it is; null at the end, when none is left. */
    private synchronized Generation next() {
        try {
            while (ready.isEmpty() && !(closing && open.isEmpty())) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        return ready.poll();
    }

    private static Generation.Voice open(LocalModelConfig config, String template) throws IOException {
        ModelFiles files = ModelFiles.read(config.place());
        NativeLibrary.install(config.natives());
        Layout layout;
        try {
            layout = Layout.of(template, files);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        Set<Integer> ends = new TreeSet<>(files.ends());
        ends.addAll(layout.ends(files.tokenizer()));
        int threads = Math.max(1, Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors() / 2));
        return new Generation.Voice(LanguageModel.open(files, threads), files, layout, ends);
    }

    private static String words(Generation.Voice voice, LanguageModel model) {
        return voice.files().name() + ", " + model.context() + " tokens, layout "
                + voice.layout().name().toLowerCase(Locale.ROOT);
    }
}
