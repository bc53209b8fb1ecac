package skynet.cascade.model;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import skynet.kit.StopWords;

/**
 * One answer that a model writes, step by step on the thread of its {@link Generator}: each step reads some of the prompt or
 * writes one token. It stands still while it is held, or while as many texts wait to be heard as may.
 */
public final class Generation {
    /** So many texts wait to be heard at most. */
    static final int UNHEARD_MAX = 16;

    /** Tokens of a prompt that are read in one step, after which another answer has its turn. */
    static final int STEP_TOKENS = 64;

    private final Prompting prompting;
    private final Sampling sampling;
    private final Listener listener;
    private final Generator generator;
    private final AtomicInteger unheard = new AtomicInteger();
    private final AtomicBoolean queued = new AtomicBoolean();
    private final Characters characters = new Characters();
    private volatile boolean held;
    private volatile boolean stopped;
    private OrtSession.RunOptions options;
    private Attention attention;
    private int[] prompt;
    private Sampler sampler;
    private StopWords stops;
    private int last;
    private int limit;
    private int written;

    /** Who hears it, on the generator's thread. */
    public interface Listener {
        /** The next text, never empty; who has passed it on says so with {@link Generation#heard}. */
        void text(Generation by, String piece, int tokensIn, int tokensOut);

        /** All is said: {@code stop}, or {@code length} when no more may be. */
        void end(String reason, int tokensIn, int tokensOut);

        /** The prompt is too long for the model. */
        void tooLong(int tokensMax);

        /** It cannot go on. */
        void fails(String why);
    }

    /** Makes the prompt for a model; empty when it has more tokens than it may, or was stopped. */
    interface Prompting {
        Optional<int[]> tokens(Voice voice, int tokensMax, BooleanSupplier stopped);
    }

    /** A model with what belongs to it. */
    record Voice(LanguageModel model, ModelFiles files, Layout layout, Set<Integer> ends) {}

    Generation(Prompting prompting, Sampling sampling, Listener listener, Generator generator) {
        this.prompting = prompting;
        this.sampling = sampling;
        this.listener = listener;
        this.generator = generator;
    }

    /** Stands still after the step that it is at. */
    public void hold() {
        held = true;
    }

    /** Goes on. */
    public void goOn() {
        held = false;
        generator.wake(this);
    }

    /** A text was heard. */
    public void heard() {
        if (unheard.getAndDecrement() == UNHEARD_MAX) {
            generator.wake(this);
        }
    }

    /** Ends, also in the middle of a step; nothing more is told. */
    public void stop() {
        synchronized (this) {
            stopped = true;
            if (options != null) {
                try {
                    options.setTerminate(true);
                } catch (OrtException e) {
                    throw new IllegalStateException("generation: not stopped: " + e.getMessage(), e);
                }
            }
        }
        generator.wake(this);
    }

    /** Whether it has something to do: who was stopped has to give back what it holds. */
    boolean isReady() {
        return stopped || !held && unheard.get() < UNHEARD_MAX;
    }

    /** Whether it is put into the queue now, in which it is once at most. */
    boolean enters() {
        return queued.compareAndSet(false, true);
    }

    /** Out of the queue again. */
    void leaves() {
        queued.set(false);
    }

    /** One step. */
    void step(Voice voice) {
        if (stopped) {
            close();
            return;
        }
        try {
            if (prompt == null) {
                begin(voice);
            } else if (attention.length() < prompt.length - 1) {
                int from = attention.length();
                voice.model().read(attention, prompt, from, Math.min(from + STEP_TOKENS, prompt.length - 1), options);
            } else {
                write(voice, sampler.next(voice.model().scores(attention, last, options)));
            }
        } catch (OrtException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            close();
            if (!stopped) {
                listener.fails(Generator.words(e));
            }
        }
    }

    /** Breaks off, for nobody goes on with it. */
    void breakOff(String why) {
        close();
        if (!stopped) {
            listener.fails(why);
        }
    }

    private void begin(Voice voice) throws OrtException {
        int context = voice.model().context();
        int wished = sampling.tokensMax() == 0 ? Generator.ANSWER_TOKENS_MAX : sampling.tokensMax();
        int room = context - Math.min(wished, context / 4);
        Optional<int[]> laid = prompting.tokens(voice, room, () -> stopped);
        if (stopped) {
            close();
            return;
        }
        if (laid.isEmpty() || laid.get().length == 0) {
            close();
            listener.tooLong(room);
            return;
        }
        prompt = laid.get();
        last = prompt[prompt.length - 1];
        limit = Math.min(wished, context - prompt.length);
        sampler = new Sampler(sampling, prompt);
        List<String> words = new ArrayList<>(sampling.stops());
        words.addAll(voice.layout().stops());
        stops = new StopWords(words);
        attention = voice.model().attention();
        synchronized (this) {
            options = new OrtSession.RunOptions();
        }
    }

    private void write(Voice voice, int token) {
        if (voice.ends().contains(token)) {
            finish("stop");
            return;
        }
        last = token;
        written++;
        say(stops.take(characters.take(voice.files().tokenizer().bytes(token))));
        if (stops.isMet()) {
            finish("stop");
        } else if (written >= limit) {
            finish("length");
        }
    }

    private void finish(String reason) {
        if (!stops.isMet()) {
            say(stops.take(characters.rest()));
            say(stops.rest());
        }
        close();
        if (!stopped) {
            listener.end(reason, prompt.length, written);
        }
    }

    private void say(String text) {
        if (!text.isEmpty() && !stopped) {
            unheard.incrementAndGet();
            listener.text(this, text, prompt.length, written);
        }
    }

    private void close() {
        if (attention != null) {
            attention.close();
        }
        synchronized (this) {
            if (options != null) {
                options.close();
                options = null;
            }
        }
        generator.left(this);
    }
}
