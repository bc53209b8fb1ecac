package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import skynet.bus.Fault;
import skynet.knowledge.KnowledgeStore.Embedded;
import skynet.knowledge.KnowledgeStore.Written;

/**
 * The models by which this node finds passages: that of the JAR, which is always there, and the one that its settings name. A
 * question is sought by the model that finds, if this node has it and it answers, and by that of the JAR otherwise: every
 * chunk has a vector of that one. Lives on the room's event loop.
 */
final class Models {
    private static final Logger LOG = System.getLogger(Models.class.getName());

    /** What a model is told apart by. */
    private static final String PROBE =
            "The lighthouse keeper wrote down the weather every evening, and nobody ever read it.";

    /** How long a question waits for its vector. */
    private static final Duration QUESTION_MAX = Duration.ofSeconds(2);

    /** How long some chunks wait for theirs. */
    static final Duration TEXTS_MAX = Duration.ofSeconds(15);

    /** How often a text that is not taken is halved. */
    private static final int SHORTER_TIMES = 5;

    /** How long documents that come wait for theirs, all together: what is not read then is read afterwards. */
    private static final Duration ALSO_MAX = Duration.ofSeconds(5);

    private static final Duration OPENING_MAX = Duration.ofSeconds(60);

    private final Vertx vertx;
    private final ModelStore store;
    private final EmbeddingConfig config;
    private final int node;
    private final Rhythm rhythm;
    private final LongSupplier nanoClock;
    private Optional<Model> model = Optional.empty();
    private Optional<ModelState.Numbered> here = Optional.empty();
    private ModelState state = ModelState.NONE;
    private ModelState.Numbered finding = ModelState.Numbered.OF_THE_JAR;
    private String trouble = "";
    private boolean resting;
    private boolean closed;

    Models(Vertx vertx, ModelStore store, EmbeddingConfig config, int node, Rhythm rhythm, LongSupplier nanoClock) {
        this.vertx = vertx;
        this.store = store;
        this.config = config;
        this.node = node;
        this.rhythm = rhythm;
        this.nanoClock = nanoClock;
    }

    /** Opens the model of the settings and says which it is; when that fails the node goes on without, and tries again. */
    Future<Void> open(Path nativeDirectory) {
        return opened(nativeDirectory)
                .compose(this::introduce)
                .onSuccess(numbered -> {
                    here = Optional.of(numbered);
                    trouble = "";
                })
                .onFailure(failure -> {
                    complain(failure);
                    if (!closed) {
                        vertx.setTimer(rhythm.again().toMillis(), again -> open(nativeDirectory));
                    }
                })
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private Future<Optional<Model>> opened(Path nativeDirectory) {
        if (closed) {
            return Future.failedFuture("model: not opened, the node is stopping");
        }
        if (config.isOfTheJar() || model.isPresent()) {
            return Future.succeededFuture(model);
        }
        Future<Model> opening = config.folder().isPresent()
                ? FolderModel.open(vertx, config.path(), nativeDirectory)
                : Future.succeededFuture(new EmbeddingClient(vertx, config));
        return opening.map(opened -> {
            model = Optional.of(opened);
            return model;
        });
    }

    private Future<ModelState.Numbered> introduce(Optional<Model> opened) {
        Future<ModelState.Numbered> numbered = opened.map(other -> other.vectors(List.of(PROBE), OPENING_MAX)
                        .compose(probe -> store.enter(other.name(), probe.get(0))))
                .orElse(Future.succeededFuture(ModelState.Numbered.OF_THE_JAR));
        return numbered.compose(known -> store.set(node, known.number()).map(changes -> {
            if (changes) {
                LOG.log(Level.INFO, "model: passages are to be found by " + known.name());
            }
            return known;
        }));
    }

    private void complain(Throwable failure) {
        String why = String.valueOf(failure.getMessage());
        if (!why.equals(trouble) && !closed) {
            LOG.log(Level.WARNING, why + "; passages are found by " + ModelState.Numbered.OF_THE_JAR.name());
        }
        trouble = why;
    }

    /** Takes note of how things are. */
    void know(ModelState now) {
        state = now;
    }

    /** As they were when it was last looked. */
    ModelState state() {
        return state;
    }

    /** Finds by what the database says from now on: the index has followed it that far. */
    void adopt(ModelState now) {
        state = now;
        if (!finding.equals(now.finds())) {
            LOG.log(Level.INFO, "model: passages are found by " + now.finds().name());
        }
        finding = now.finds();
    }

    /** By what passages are found. */
    ModelState.Numbered finding() {
        return finding;
    }

    /** Whether the model of the JAR finds. */
    boolean isOfTheJar() {
        return finding.isOfTheJar();
    }

    /** What the settings of this node name, if it could be opened. */
    Optional<ModelState.Numbered> here() {
        return here;
    }

    /** What keeps this node from finding as it should; empty when nothing does. */
    String trouble(ModelStore.Progress progress) {
        String other = progress.unreadable() == 0
                ? ""
                : "model: " + progress.unreadable() + " chunks could not be read and are found by their words alone";
        return Stream.of(trouble(), other).filter(text -> !text.isEmpty()).collect(Collectors.joining("; "));
    }

    private String trouble() {
        boolean lacks = !finding.isOfTheJar() && !finding.equals(here.orElse(ModelState.Numbered.OF_THE_JAR));
        return !trouble.isEmpty() || !lacks
                ? trouble
                : "model: " + finding.name()
                        + " finds in this cluster and is not in this node's settings; it finds by "
                        + ModelState.Numbered.OF_THE_JAR.name();
    }

    /** The other model of this node when it finds or will, which is when it has to read what comes. */
    Optional<ModelState.Numbered> reading() {
        return here.filter(numbered -> !numbered.isOfTheJar() && state.knows(numbered.number()));
    }

    /** What a question means to the model that finds, given what it means to that of the JAR. Fails never. */
    Future<Sought> sought(String question, float[] plain) {
        return sought(List.of(question), List.of(plain)).map(all -> all.get(0));
    }

    Future<List<Sought>> sought(List<String> questions, List<float[]> plain) {
        ModelState.Numbered by = finding;
        List<Sought> byTheJar = plain.stream().map(Sought::by).toList();
        if (by.isOfTheJar() || resting || !by.equals(here.orElse(null))) {
            return Future.succeededFuture(byTheJar);
        }
        return vectors(by, questions, QUESTION_MAX)
                .map(vectors -> {
                    List<Sought> all = new ArrayList<>();
                    for (int i = 0; i < vectors.size(); i++) {
                        all.add(Sought.by(plain.get(i), by.number(), vectors.get(i)));
                    }
                    return all;
                })
                .onFailure(failure -> {
                    if (!isNotTaken(failure)) {
                        rest();
                    }
                })
                .otherwise(byTheJar);
    }

    /** The next questions do not wait for a model that just failed. */
    private void rest() {
        if (!resting) {
            resting = true;
            vertx.setTimer(rhythm.again().toMillis(), rested -> resting = false);
        }
    }

    /** What this node's other model makes of texts; as many as it takes at once, one part after the other. */
    Future<List<float[]>> vectors(ModelState.Numbered by, List<String> texts, Duration patience) {
        List<float[]> vectors = new ArrayList<>();
        Future<?> done = Future.succeededFuture();
        for (int from = 0; from < texts.size(); from += Model.TEXTS_MAX) {
            List<String> part = texts.subList(from, Math.min(from + Model.TEXTS_MAX, texts.size()));
            done = done.compose(before -> model.orElseThrow().vectors(part, patience))
                    .onSuccess(vectors::addAll);
        }
        return done.map(all -> {
                    List<float[]> fitting = fitting(by, vectors);
                    trouble = "";
                    return fitting;
                })
                .onFailure(this::complain);
    }

    /** The same, text by text where they are not taken together; {@link ModelStore#UNREADABLE} for one that is never taken. */
    Future<List<float[]>> eachVector(ModelState.Numbered by, List<String> texts) {
        return vectors(by, texts, TEXTS_MAX).recover(failure -> {
            if (!isNotTaken(failure)) {
                return Future.failedFuture(failure);
            }
            int half = texts.size() / 2;
            return half == 0
                    ? shortened(by, texts.get(0), SHORTER_TIMES)
                    : eachVector(by, texts.subList(0, half))
                            .compose(first -> eachVector(by, texts.subList(half, texts.size()))
                                    .map(second -> Stream.concat(first.stream(), second.stream())
                                            .toList()));
        });
    }

    /** Half of a text, and half of that; a model that then takes no text at all is out of order, and nothing is marked. */
    private Future<List<float[]>> shortened(ModelState.Numbered by, String text, int times) {
        if (times == 0 || text.length() < 2) {
            return vectors(by, List.of(PROBE), TEXTS_MAX).map(well -> List.of(ModelStore.UNREADABLE));
        }
        String half = text.substring(0, text.length() / 2);
        return vectors(by, List.of(half), TEXTS_MAX)
                .recover(
                        failure -> isNotTaken(failure) ? shortened(by, half, times - 1) : Future.failedFuture(failure));
    }

    private static boolean isNotTaken(Throwable failure) {
        return failure instanceof Fault fault && fault.kind() == Fault.Kind.UNREADABLE;
    }

    /** Documents with what the other model makes of them too, where it finds or will; without when it cannot now. */
    Future<List<Written>> also(List<Written> documents) {
        Optional<ModelState.Numbered> by = reading();
        if (by.isEmpty() || resting) {
            return Future.succeededFuture(documents);
        }
        List<String> texts = documents.stream()
                .flatMap(document -> document.chunks().stream()
                        .map(chunk -> KnowledgeWorker.inContext(
                                document.learn().document(), document.learn().title(), chunk.passage())))
                .toList();
        return inTime(by.get(), texts, new ArrayList<>(), nanoClock.getAsLong() + ALSO_MAX.toNanos())
                .map(vectors -> with(documents, by.get().number(), vectors))
                .onFailure(this::complain)
                .onFailure(failure -> {
                    if (!isNotTaken(failure)) {
                        rest();
                    }
                })
                .otherwise(documents);
    }

    /** The vectors of the first texts, as many as come until then. Fails when there are none. */
    private Future<List<float[]>> inTime(
            ModelState.Numbered by, List<String> texts, List<float[]> vectors, long untilNanos) {
        Duration left = Duration.ofNanos(untilNanos - nanoClock.getAsLong());
        int from = vectors.size();
        if (from == texts.size() || from > 0 && left.toMillis() < 1) {
            return Future.succeededFuture(vectors);
        }
        List<String> part = texts.subList(from, Math.min(from + Model.TEXTS_MAX, texts.size()));
        Future<List<float[]>> read = model.orElseThrow().vectors(part, left).map(more -> fitting(by, more));
        return read.transform(done -> {
            if (done.failed()) {
                // Cut short behind others: it may be slow, and says nothing about the next question.
                return from > 0 ? Future.succeededFuture(vectors) : Future.failedFuture(done.cause());
            }
            vectors.addAll(done.result());
            return inTime(by, texts, vectors, untilNanos);
        });
    }

    private static List<float[]> fitting(ModelState.Numbered by, List<float[]> vectors) {
        if (vectors.stream().anyMatch(vector -> vector.length != by.dimensions())) {
            throw new IllegalStateException("model: " + by.name() + " has another number of dimensions now");
        }
        return vectors;
    }

    private static List<Written> with(List<Written> documents, int number, List<float[]> vectors) {
        List<Written> all = new ArrayList<>();
        int at = 0;
        for (Written document : documents) {
            List<Embedded> chunks = new ArrayList<>();
            for (Embedded chunk : document.chunks()) {
                chunks.add(at < vectors.size() ? chunk.with(number, vectors.get(at)) : chunk);
                at++;
            }
            all.add(new Written(document.learn(), List.copyOf(chunks)));
        }
        return all;
    }

    Future<Void> close() {
        closed = true;
        return model.map(Model::close).orElse(Future.succeededFuture());
    }
}
