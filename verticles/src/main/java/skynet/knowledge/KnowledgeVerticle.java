package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.kit.Lending;
import skynet.kit.Room;
import skynet.kit.Vitals;

/**
 * Takes documents in and answers from them. At start the index catches up with the store, and the samples are learned
 * that were never offered; the room serves when that is done. The other rooms do not wait for it longer than a while:
 * a large library is then read behind them, and the vital sign is down and says how far it is.
 */
public final class KnowledgeVerticle extends Room {
    private static final Logger LOG = System.getLogger(KnowledgeVerticle.class.getName());
    private static final int PAGE = 1_000;

    /** Most collections that are listed. */
    private static final int COLLECTIONS_MAX = 1_000;

    /** Before all documents of a generation. */
    private static final Shelfmark FIRST = new Shelfmark("", "", "");

    /** How long a start waits for the documents. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** After what time a catch-up that broke behind the start goes on. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** How long a start waits for the model of the settings. */
    private static final int MODEL_SECONDS = 30;

    /** What waits to be learned, in characters; their senders may have gone. */
    private static final long WAITING_CHARS_MAX = 64L << 20;

    private final KnowledgeStore store;
    private final Opening opening;
    private final boolean samples;
    private final Readers readers;
    private final Vitals vitals;
    private final AtomicInteger documents = new AtomicInteger();
    private final Finding finding;
    private final Duration patience;
    private volatile boolean ready;
    private volatile KnowledgeWorker worker;
    private Models models;
    private Rereading rereading;
    private Tally tally;
    private Future<Knowledge.Perception> perception;

    /** Chunks that a model is still to read before it finds, for whoever counts from another thread. */
    private final AtomicLong unread = new AtomicLong();

    /** Tells this room's changes from those of the same room on another node. */
    private final String identity = UUID.randomUUID().toString();

    /** Whether catching up waits for its turn; one turn follows all changes before it. */
    private boolean behind;

    /** What smaller vectors were found to cost, and with which documents. */
    private Knowledge.Measured measured = Measuring.state("measuring", 0);

    private Mark measuredAt = Mark.NONE;
    private boolean measuring;
    private boolean closing;
    private long waitingChars;
    private Future<?> learning = Future.succeededFuture();

    /** A room with a model and an index that may still be on their way; the room closes them. */
    public KnowledgeVerticle(Bus bus, KnowledgeStore store, Opening opening, boolean samples, Vitals vitals) {
        this(bus, store, opening, samples, Lending.OFF, vitals, Finding.OF_THE_JAR, PATIENCE);
    }

    /** The same, whose passages light nodes may read, with a word on the model by which passages are found. */
    public KnowledgeVerticle(
            Bus bus,
            KnowledgeStore store,
            Opening opening,
            boolean samples,
            Lending lending,
            Vitals vitals,
            Finding finding) {
        this(bus, store, opening, samples, lending, vitals, finding, PATIENCE);
    }

    KnowledgeVerticle(
            Bus bus,
            KnowledgeStore store,
            Opening opening,
            boolean samples,
            Lending lending,
            Vitals vitals,
            Finding finding,
            Duration patience) {
        super(bus);
        this.finding = finding;
        this.store = store;
        this.opening = opening;
        this.samples = samples;
        this.readers = new Readers(bus, lending);
        this.vitals = vitals;
        this.patience = patience;
    }

    @Override
    public Future<?> start() {
        vitals.check("knowledge", this::vital);
        models = new Models(
                vertx, store.models(), finding.config(), finding.node(), finding.rhythm(), finding.nanoClock());
        tally = new Tally(store.models(), finding.rhythm(), finding.nanoClock());
        rereading = new Rereading(
                vertx, store.models(), tally, models, new Shelves(), finding.rhythm(), identity, finding.nanoClock());
        return KnowledgeWorker.open(vertx, opening)
                .onSuccess(opened -> worker = opened)
                .compose(opened -> {
                    Promise<Void> started = Promise.promise();
                    vertx.setTimer(patience.toMillis(), late -> started.tryComplete());
                    models.open(opening.nativeDirectory())
                            .timeout(MODEL_SECONDS, TimeUnit.SECONDS)
                            .onComplete(known -> prepare(started));
                    return started.future();
                });
    }

    /** What fails while the start still waits fails the start; later it is tried again, from where it stopped. */
    private void prepare(Promise<Void> started) {
        store.vectors()
                .open()
                .compose(opened -> catchUp())
                .compose(caughtUp -> samples ? learnCollection() : Future.succeededFuture())
                .compose(learned -> count())
                .compose(counted -> serve())
                .onSuccess(serving -> {
                    ready = true;
                    started.tryComplete();
                    rereading.begin();
                    // What another node changed after the catch-up and before this one listened.
                    learning = learning.transform(before -> catchUp()).otherwiseEmpty();
                })
                .onFailure(failure -> {
                    if (!started.tryFail(failure) && !closing) {
                        LOG.log(Level.WARNING, "documents: not all are read; the rest follows in " + PAUSE, failure);
                        vertx.setTimer(PAUSE.toMillis(), again -> prepare(started));
                    }
                });
    }

    private Future<?> serve() {
        return Future.all(List.of(
                bus.serve(Knowledge.Consult.class, this::consult),
                bus.serve(Knowledge.Search.class, this::search),
                bus.serve(Knowledge.Rank.class, this::rank),
                bus.serve(Knowledge.Embed.class, embed -> worker.vectors(embed.texts())),
                bus.serve(Knowledge.Learn.class, this::learn),
                bus.serve(Knowledge.LearnAll.class, this::learnAll),
                bus.serve(Knowledge.Import.class, this::take),
                bus.serve(Knowledge.Forget.class, this::forget),
                bus.serve(Knowledge.Measure.class, this::measure),
                bus.serve(Knowledge.LookAtFinder.class, this::finder),
                bus.serve(Knowledge.LookAtPerception.class, look -> perception()),
                bus.serve(Knowledge.ListDocuments.class, this::list),
                bus.serve(Knowledge.ListCollections.class, this::collections),
                bus.serve(Knowledge.Read.class, this::read),
                bus.serve(Knowledge.ReadChunks.class, this::readChunks),
                bus.listen(Knowledge.Changed.class, this::follow)));
    }

    @Override
    public Future<?> stop() {
        closing = true;
        if (worker == null) {
            return Future.succeededFuture();
        }
        return rereading.close().transform(closed -> models.close()).transform(closed -> worker.close());
    }

    private Future<JsonObject> vital() {
        Optional<String> trouble = Optional.ofNullable(worker).flatMap(KnowledgeWorker::trouble);
        if (trouble.isPresent()) {
            return Future.failedFuture(trouble.get());
        }
        return ready
                ? Future.succeededFuture(new JsonObject()
                        .put("documents", documents.get())
                        .put("vectors", store.vectors().isOpen() ? "pgvector" : "embedded")
                        .put("model", models.finding().name()))
                : Future.failedFuture("reading documents: " + documents.get() + " so far");
    }

    /** Brings into the index what changed in the store while it was not looking: nothing, after an orderly end. */
    private Future<Void> catchUp() {
        return store.models().state(finding.rhythm().following()).compose(state -> worker.follow(state.mark())
                .compose(reached -> reached.equals(state.mark())
                        ? Future.succeededFuture()
                        : reindex(reached.generation() + 1, FIRST)
                                .compose(indexed -> forgetGone())
                                .compose(forgotten -> worker.reached(state.mark())))
                .compose(followed -> store.vectors().prepare(state))
                .onSuccess(done -> models.adopt(state)));
    }

    /** By generation, so that the mark moves along and a catch-up that was cut short goes on where it stopped. */
    private Future<Void> reindex(long generation, Shelfmark after) {
        return store.versions(generation, after, PAGE).compose(page -> {
            Future<Void> done = Future.succeededFuture();
            for (KnowledgeStore.Version version : page) {
                done = done.compose(before -> reindex(version));
            }
            if (page.size() < PAGE) {
                return done;
            }
            KnowledgeStore.Version last = page.get(PAGE - 1);
            return done.compose(more -> reindex(last.generation(), last.mark()));
        });
    }

    private Future<Void> reindex(KnowledgeStore.Version version) {
        return store.chunks(version.mark())
                .compose(chunks -> worker.indexNext(version, chunks))
                .onSuccess(indexed -> documents.incrementAndGet());
    }

    private Future<Void> forgetGone() {
        return worker.documents().compose(indexed -> {
            Future<Void> done = Future.succeededFuture();
            for (int from = 0; from < indexed.size(); from += PAGE) {
                List<Shelfmark> page = indexed.subList(from, Math.min(from + PAGE, indexed.size()));
                done = done.compose(before -> store.gone(page)).compose(this::forgetAll);
            }
            return done;
        });
    }

    private Future<Void> forgetAll(List<Shelfmark> gone) {
        Future<Void> done = Future.succeededFuture();
        for (Shelfmark mark : gone) {
            done = done.compose(before -> worker.forget(mark));
        }
        return done;
    }

    private Future<Void> learnCollection() {
        return vertx.executeBlocking(Collection::read).compose(collection -> {
            Future<Void> done = Future.succeededFuture();
            for (Document document : collection) {
                Knowledge.Learn learn = new Knowledge.Learn(document.name(), document.title(), document.text());
                done = done.compose(before -> offer(learn));
            }
            return done;
        });
    }

    /** A sample that was forgotten stays so; one that a release brings anew or otherwise is learned. */
    private Future<Void> offer(Knowledge.Learn sample) {
        return store.isDue(sample)
                .compose(due -> due
                        ? learnNow(List.of(sample)).compose(learned -> store.offered(sample))
                        : Future.succeededFuture());
    }

    private Future<Knowledge.Learned> learn(Knowledge.Learn learn) {
        return learnAll(new Knowledge.LearnAll(List.of(learn)))
                .map(all -> all.documents().get(0));
    }

    /** One word after the other: two versions of one document then cannot mix. */
    private Future<Knowledge.LearnedAll> learnAll(Knowledge.LearnAll all) {
        long chars = all.documents().stream()
                .mapToLong(learn -> learn.text().length())
                .sum();
        if (waitingChars > 0 && waitingChars + chars > WAITING_CHARS_MAX) {
            return Future.failedFuture(
                    new Fault(Fault.Kind.BUSY, "documents: others wait already (expected: try again shortly)"));
        }
        waitingChars += chars;
        Future<Knowledge.LearnedAll> turn = learning.transform(before -> learnNow(all.documents()));
        learning = turn.otherwiseEmpty();
        return turn.onComplete(done -> waitingChars -= chars);
    }

    private Future<Knowledge.Imported> take(Knowledge.Import file) {
        return worker.read(file).compose(document -> learn(new Knowledge.Learn(
                        document.name(),
                        document.title(),
                        document.text(),
                        file.tenant(),
                        file.collection(),
                        document.pages()))
                .map(learned -> new Knowledge.Imported(
                        learned.document(),
                        document.title(),
                        learned.chunks(),
                        learned.changed(),
                        document.text().length(),
                        document.pages().size())));
    }

    private Future<Knowledge.LearnedAll> learnNow(List<Knowledge.Learn> asked) {
        Map<Shelfmark, Knowledge.Learn> learns = new LinkedHashMap<>();
        asked.forEach(learn -> learns.put(Shelfmark.of(learn), learn));
        return store.holds(List.copyOf(learns.values())).compose(held -> {
            List<Knowledge.Learn> fresh = learns.values().stream()
                    .filter(learn -> !held.containsKey(Shelfmark.of(learn)))
                    .toList();
            Map<Shelfmark, Integer> chunks = new HashMap<>();
            held.forEach((mark, known) -> chunks.put(mark, known.chunks()));
            return makeSureOf(learns, held)
                    .compose(sure -> fresh.isEmpty() ? Future.succeededFuture() : embedAndKeep(fresh, chunks))
                    .map(done -> new Knowledge.LearnedAll(asked.stream()
                            .map(Shelfmark::of)
                            .map(mark -> new Knowledge.Learned(
                                    mark.document(), chunks.getOrDefault(mark, 0), !held.containsKey(mark)))
                            .toList()));
        });
    }

    /** What is kept may not be found yet: the first time may have ended in between, with an error or none. */
    private Future<Void> makeSureOf(Map<Shelfmark, Knowledge.Learn> learns, Map<Shelfmark, KnowledgeStore.Held> held) {
        Future<Void> done = Future.succeededFuture();
        for (Map.Entry<Shelfmark, KnowledgeStore.Held> known : held.entrySet()) {
            Knowledge.Learn learn = learns.get(known.getKey());
            long generation = known.getValue().generation();
            done = done.compose(before -> worker.hasFollowed(generation))
                    .compose(followed -> followed ? Future.succeededFuture() : index(learn, generation));
        }
        return done;
    }

    private Future<Void> index(Knowledge.Learn learn, long generation) {
        Shelfmark mark = Shelfmark.of(learn);
        return told(
                List.of(mark),
                store.chunks(mark)
                        .compose(chunks -> index(List.of(new KnowledgeStore.Written(learn, chunks)), generation)));
    }

    private Future<Void> embedAndKeep(List<Knowledge.Learn> fresh, Map<Shelfmark, Integer> chunks) {
        List<Shelfmark> marks = fresh.stream().map(Shelfmark::of).toList();
        return worker.embed(fresh).compose(models::also).compose(written -> {
            written.forEach(
                    document -> chunks.put(document.mark(), document.chunks().size()));
            return told(marks, store.keep(written).compose(generation -> index(written, generation)));
        });
    }

    private Future<Void> index(List<KnowledgeStore.Written> documents, long generation) {
        return worker.index(documents)
                .compose(indexed -> worker.followed(generation))
                .compose(marked -> count());
    }

    /** Tells of a change when it is done, half done or unknown; only of what was not there there is nothing to tell. */
    private <T> Future<T> told(List<Shelfmark> marks, Future<T> change) {
        return change.onComplete(done -> {
            if (!(done.cause() instanceof Fault fault && fault.kind() == Fault.Kind.ABSENT)) {
                marks.forEach(mark -> bus.publish(
                        new Knowledge.Changed(mark.document(), identity, mark.tenant(), mark.collection())));
            }
        });
    }

    private Future<Knowledge.Forgotten> forget(Knowledge.Forget forget) {
        Shelfmark mark = new Shelfmark(forget.tenant(), forget.collection(), forget.document());
        Future<Knowledge.Forgotten> turn = learning.transform(before -> forgetNow(mark));
        learning = turn.otherwiseEmpty();
        return turn;
    }

    private Future<Knowledge.Forgotten> forgetNow(Shelfmark mark) {
        return told(
                List.of(mark),
                store.forget(mark)
                        .map(found -> found.orElseThrow(() -> unknown(mark.document())))
                        .compose(generation -> worker.forget(mark).compose(gone -> worker.followed(generation)))
                        .compose(forgotten -> count())
                        .map(counted -> new Knowledge.Forgotten(mark.document())));
    }

    /** Another node changed a document: what it kept comes into this node's index, without being embedded again. */
    private void follow(Knowledge.Changed changed) {
        if (changed.by().equals(identity) || behind) {
            return;
        }
        behind = true;
        learning = learning.transform(before -> {
                    behind = false;
                    return catchUp();
                })
                .compose(caughtUp -> count())
                .onSuccess(counted -> bus.publish(new Knowledge.Followed(changed.document())))
                .onFailure(failure -> {
                    LOG.log(Level.WARNING, "a change of another node was not followed; again in " + PAUSE, failure);
                    if (!closing) {
                        vertx.setTimer(PAUSE.toMillis(), again -> follow(changed));
                    }
                })
                .otherwiseEmpty();
    }

    private Future<Void> count() {
        return store.count().onSuccess(documents::set).mapEmpty();
    }

    /** Tells what was measured last; measures anew, behind the answer, when the documents are others than then. */
    private Future<Knowledge.Measured> measure(Knowledge.Measure measure) {
        return worker.mark().map(mark -> {
            if (!mark.equals(measuredAt) && !measuring) {
                measuring = true;
                store.somePassages(Measuring.PASSAGES_MAX)
                        .compose(worker::measure)
                        .onSuccess(done -> {
                            measured = done;
                            measuredAt = mark;
                        })
                        .onFailure(failure -> LOG.log(Level.WARNING, "compression: not measured", failure))
                        .onComplete(done -> measuring = false);
            }
            return measured;
        });
    }

    private Future<Knowledge.Listed> list(Knowledge.ListDocuments list) {
        return store.list(list.after(), list.limit(), new Scope(list.tenant(), list.collection()))
                .map(Knowledge.Listed::new);
    }

    private Future<Knowledge.Collections> collections(Knowledge.ListCollections list) {
        return store.collections(list.tenant(), COLLECTIONS_MAX).map(Knowledge.Collections::new);
    }

    private Future<Knowledge.Document> read(Knowledge.Read read) {
        return store.read(read.document(), new Scope(read.shared() ? "" : read.tenant(), read.collection()))
                .map(found -> found.orElseThrow(() -> unknown(read.document())));
    }

    private Future<Knowledge.Chunks> readChunks(Knowledge.ReadChunks read) {
        Scope scope = new Scope(read.shared() ? "" : read.tenant(), read.collection());
        return store.chunks(read.document(), scope, read.from(), read.limit())
                .map(found -> found.orElseThrow(() -> unknown(read.document())));
    }

    private static Fault unknown(String document) {
        return Fault.absent("document: " + document + " is not known here");
    }

    /** What is cited is what is kept: the words of the hits are read from the store, and no more than those. */
    private Future<Knowledge.Consulted> consult(Knowledge.Consult consult) {
        Scope scope = new Scope(consult.tenant(), consult.collection());
        int passages =
                switch (consult.depth()) {
                    case QUICK -> ExtractiveAnswer.PASSAGES_MAX;
                    case DEEP -> DeepAnswer.PASSAGES_MAX;
                };
        return find(consult.question(), scope, passages).compose(found -> store.passages(found.hits(), found.sought())
                .compose(read -> readers.answer(worker, consult.question(), consult.depth(), found, read)));
    }

    /** By PostgreSQL where it can and does, by the embedded index elsewhere. */
    private Future<KnowledgeWorker.Found> find(String question, Scope scope, int limit) {
        if (models.isOfTheJar() && !store.vectors().isOpen()) {
            return worker.search(question, scope, limit);
        }
        return worker.vector(question)
                .compose(plain -> models.sought(question, plain))
                .compose(sought -> find(question, sought, scope, limit));
    }

    private Future<KnowledgeWorker.Found> find(String question, Sought sought, Scope scope, int limit) {
        if (!store.vectors().has(sought.model())) {
            return worker.search(question, sought, scope, limit);
        }
        return store.vectors()
                .nearest(sought, scope, Retrieval.depth(limit))
                .compose(near -> worker.search(question, sought, scope, near, limit))
                .recover(failure -> worker.search(question, sought, scope, limit));
    }

    private Future<Knowledge.Found> search(Knowledge.Search search) {
        return find(search.question(), new Scope(search.tenant(), search.collection()), search.k())
                .compose(found ->
                        store.passages(found.hits(), found.sought()).map(passages -> found(found.hits(), passages)));
    }

    private Future<Knowledge.Ranked> rank(Knowledge.Rank rank) {
        Scope scope = new Scope(rank.tenant(), rank.collection());
        return worker.vectorsOf(rank.questions())
                .compose(plain -> models.sought(rank.questions(), plain))
                .compose(sought -> worker.rank(rank.questions(), sought, scope, rank.k()))
                .map(rankings -> new Knowledge.Ranked(
                        rankings.stream().map(KnowledgeVerticle::ranking).toList()));
    }

    /** Looked at once: it starts a program, and what is installed changes seldom. */
    private Future<Knowledge.Perception> perception() {
        if (perception == null || perception.failed()) {
            perception = vertx.executeBlocking(Picture::perception, false);
        }
        return perception;
    }

    /** By which model passages are found, and how far another one is that is to. */
    private Future<Knowledge.Finder> finder(Knowledge.LookAtFinder look) {
        return store.models().state(finding.rhythm().following()).compose(state -> tally.at(state)
                .map(progress -> {
                    models.know(state);
                    return new Knowledge.Finder(
                            state.finds().name(),
                            state.finds().dimensions(),
                            state.wanted().name(),
                            state.change(),
                            state.changedBy(),
                            progress.chunks(),
                            progress.read(),
                            models.finding().name(),
                            models.here().map(ModelState.Numbered::name).orElse(""),
                            models.trouble(progress));
                }));
    }

    /** Chunks that a model is still to read before it finds; 0 when none is to. */
    public long unread() {
        return unread.get();
    }

    /** The index as the reading of another model needs it. */
    private final class Shelves implements Rereading.Index {

        @Override
        public Future<Void> catchUp() {
            Future<Void> turn = learning.transform(before -> KnowledgeVerticle.this.catchUp());
            learning = turn.otherwiseEmpty();
            return turn;
        }

        @Override
        public Future<Void> take(ModelStore.Read read) {
            Future<Void> turn = learning.transform(before -> takeIn(read));
            learning = turn.otherwiseEmpty();
            return turn;
        }

        private Future<Void> takeIn(ModelStore.Read read) {
            Future<Void> done = Future.succeededFuture();
            for (KnowledgeStore.Version version : read.documents()) {
                done = done.compose(before -> store.chunks(version.mark()))
                        .compose(chunks -> worker.replace(version, chunks));
            }
            return done.compose(taken -> worker.followed(read.generation()));
        }

        @Override
        public Future<Boolean> isBehind(Mark documents) {
            return worker.mark().map(mark -> !mark.equals(documents));
        }

        @Override
        public boolean isAsked() {
            return worker.isAsked();
        }

        @Override
        public void tell(long chunksUnread) {
            unread.set(chunksUnread);
        }
    }

    private static Knowledge.Ranking ranking(List<Retrieval.Ranked> ranked) {
        return new Knowledge.Ranking(ranked.stream()
                .map(one ->
                        new Knowledge.Rated(one.mark().document(), one.mark().collection(), one.score()))
                .toList());
    }

    private static Knowledge.Found found(List<Hit> hits, List<Passage> passages) {
        return new Knowledge.Found(passages.stream()
                .map(p -> new Knowledge.Hit(
                        p.document(),
                        p.title(),
                        p.chunk(),
                        p.start(),
                        p.end(),
                        p.text(),
                        of(p, hits, Hit::score).orElse(0),
                        p.paging().first(),
                        p.mark().collection(),
                        p.mark().isShared(),
                        of(p, hits, Hit::meaning).orElse(-1)))
                .toList());
    }

    private static OptionalDouble of(Passage passage, List<Hit> hits, ToDoubleFunction<Hit> figure) {
        return hits.stream()
                .filter(hit -> hit.chunk() == passage.chunk() && hit.mark().equals(passage.mark()))
                .mapToDouble(figure)
                .findFirst();
    }
}
