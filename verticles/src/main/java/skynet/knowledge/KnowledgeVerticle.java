package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.kit.Room;
import skynet.kit.Vitals;

/** Takes documents in and answers from them. At start it rebuilds the index from the store and learns the collection. */
public final class KnowledgeVerticle extends Room {
    private static final int LIST_PAGE = 1_000;

    private final KnowledgeStore store;
    private final Path directory;
    private final boolean samples;
    private final Vitals vitals;
    private final AtomicInteger documents = new AtomicInteger();
    private volatile boolean ready;
    /** Tells this room's changes from those of the same room on another node. */
    private final String identity = UUID.randomUUID().toString();

    private KnowledgeWorker worker;
    private Future<?> learning = Future.succeededFuture();

    /** A room that keeps its model's native code and its index below a directory. */
    public KnowledgeVerticle(Bus bus, KnowledgeStore store, Path directory, boolean samples, Vitals vitals) {
        super(bus);
        this.store = store;
        this.directory = directory;
        this.samples = samples;
        this.vitals = vitals;
    }

    @Override
    public Future<?> start() {
        vitals.check("knowledge", this::vital);
        return KnowledgeWorker.open(vertx, directory)
                .onSuccess(opened -> worker = opened)
                .compose(opened -> rebuild(""))
                .compose(rebuilt -> samples ? learnCollection() : Future.succeededFuture())
                .onSuccess(learned -> ready = true)
                .compose(learned -> Future.all(List.of(
                        bus.serve(Knowledge.Consult.class, this::consult),
                        bus.serve(Knowledge.Learn.class, this::learn),
                        bus.serve(Knowledge.Forget.class, this::forget),
                        bus.serve(Knowledge.ListDocuments.class, this::list),
                        bus.serve(Knowledge.Read.class, this::read),
                        bus.listen(Knowledge.Changed.class, this::follow))));
    }

    @Override
    public Future<?> stop() {
        return worker == null ? Future.succeededFuture() : worker.close();
    }

    private Future<JsonObject> vital() {
        return ready
                ? Future.succeededFuture(new JsonObject().put("documents", documents.get()))
                : Future.failedFuture("reading documents: " + documents.get() + " so far");
    }

    private Future<Void> rebuild(String after) {
        return store.list(after, LIST_PAGE).compose(page -> {
            Future<Void> done = Future.succeededFuture();
            for (Knowledge.Shelf shelf : page) {
                done = done.compose(before -> reindex(shelf.document()));
            }
            return page.size() < LIST_PAGE
                    ? done
                    : done.compose(more -> rebuild(page.get(page.size() - 1).document()));
        });
    }

    private Future<Void> reindex(String name) {
        return store.read(name)
                .compose(document -> document.isEmpty()
                        ? Future.succeededFuture()
                        : index(document.get()).onSuccess(indexed -> documents.incrementAndGet()));
    }

    private Future<Void> index(Knowledge.Document document) {
        return store.chunks(document.document())
                .compose(chunks -> worker.index(document.document(), document.title(), document.text(), chunks));
    }

    private Future<Void> learnCollection() {
        return vertx.executeBlocking(Collection::read).compose(collection -> {
            Future<Void> done = Future.succeededFuture();
            for (Document document : collection) {
                Knowledge.Learn learn = new Knowledge.Learn(document.name(), document.title(), document.text());
                done = done.compose(before -> learnNow(learn)).mapEmpty();
            }
            return done;
        });
    }

    /** One document after the other: two versions of one document then cannot mix. */
    private Future<Knowledge.Learned> learn(Knowledge.Learn learn) {
        Future<Knowledge.Learned> turn = learning.transform(before -> learnNow(learn));
        learning = turn.otherwiseEmpty();
        return turn;
    }

    private Future<Knowledge.Learned> learnNow(Knowledge.Learn learn) {
        return store.holds(learn)
                .compose(held -> held
                        ? store.chunks(learn.document())
                                .map(chunks -> new Knowledge.Learned(learn.document(), chunks.size(), false))
                        : embedAndKeep(learn));
    }

    private Future<Knowledge.Learned> embedAndKeep(Knowledge.Learn learn) {
        return worker.embed(learn.text())
                .compose(chunks -> store.keep(learn, chunks)
                        .compose(kept -> worker.index(learn.document(), learn.title(), learn.text(), chunks))
                        .compose(indexed -> count())
                        .map(counted -> new Knowledge.Learned(learn.document(), chunks.size(), true)))
                .onSuccess(learned -> bus.publish(new Knowledge.Changed(learn.document(), identity)));
    }

    private Future<Knowledge.Forgotten> forget(Knowledge.Forget forget) {
        Future<Knowledge.Forgotten> turn = learning.transform(before -> forgetNow(forget.document()));
        learning = turn.otherwiseEmpty();
        return turn;
    }

    private Future<Knowledge.Forgotten> forgetNow(String document) {
        return store.forget(document)
                .compose(found -> found
                        ? worker.forget(document).compose(forgotten -> count())
                        : Future.failedFuture(Fault.absent("document: " + document + " is not known here")))
                .map(counted -> new Knowledge.Forgotten(document))
                .onSuccess(forgotten -> bus.publish(new Knowledge.Changed(document, identity)));
    }

    /** Another node changed a document: what it kept is taken into this node's index, without embedding it again. */
    private void follow(Knowledge.Changed changed) {
        if (changed.by().equals(identity)) {
            return;
        }
        learning = learning.transform(before -> store.read(changed.document()))
                .compose(document -> document.isEmpty() ? worker.forget(changed.document()) : index(document.get()))
                .compose(followed -> count())
                .onSuccess(counted -> bus.publish(new Knowledge.Followed(changed.document())))
                .onFailure(failure -> System.getLogger(KnowledgeVerticle.class.getName())
                        .log(System.Logger.Level.WARNING, "a change of another node was not followed", failure))
                .otherwiseEmpty();
    }

    private Future<Void> count() {
        return store.count().onSuccess(documents::set).mapEmpty();
    }

    private Future<Knowledge.Listed> list(Knowledge.ListDocuments list) {
        return store.list(list.after(), list.limit()).map(Knowledge.Listed::new);
    }

    private Future<Knowledge.Document> read(Knowledge.Read read) {
        return store.read(read.document())
                .map(found ->
                        found.orElseThrow(() -> Fault.absent("document: " + read.document() + " is not known here")));
    }

    private Future<Knowledge.Consulted> consult(Knowledge.Consult consult) {
        return worker.search(consult.question()).compose(found -> evidence(found.hits())
                .compose(evidence -> worker.answer(consult.question(), found, evidence.passages())
                        .map(answer -> consulted(answer, evidence))));
    }

    /** The hits' own texts, read from the store: what is cited is what is kept. */
    private Future<Evidence> evidence(List<Hit> hits) {
        List<String> names = hits.stream().map(Hit::document).distinct().toList();
        return store.passages(names).map(kept -> new Evidence(hits, kept));
    }

    private static Knowledge.Consulted consulted(Answer answer, Evidence evidence) {
        if (!answer.answered()) {
            return new Knowledge.Consulted(false, "", List.of(), "no passage is close enough to the question");
        }
        List<Knowledge.Citation> citations = answer.citations().stream()
                .map(c -> new Knowledge.Citation(
                        c.document(),
                        c.title(),
                        evidence.chunkAt(c.document(), c.start()),
                        c.start(),
                        c.end(),
                        c.text()))
                .toList();
        return new Knowledge.Consulted(true, answer.text(), citations, "found in the documents of this node");
    }

    /** The passages that were found, as they stand in the store. */
    private static final class Evidence {
        private final List<Passage> passages;
        private final Map<String, List<Chunk>> chunks = new HashMap<>();

        Evidence(List<Hit> hits, Map<String, KnowledgeStore.Kept> kept) {
            kept.forEach((name, document) -> chunks.put(name, document.chunks()));
            this.passages = hits.stream()
                    .flatMap(hit -> passage(hit, kept.get(hit.document())).stream())
                    .toList();
        }

        List<Passage> passages() {
            return passages;
        }

        int chunkAt(String document, int start) {
            return chunks.get(document).stream()
                    .filter(chunk -> chunk.start() <= start && start < chunk.end())
                    .mapToInt(Chunk::index)
                    .findFirst()
                    .orElse(0);
        }

        /** Empty when the document has changed since it was found. */
        private static Optional<Passage> passage(Hit hit, KnowledgeStore.Kept kept) {
            if (kept == null || hit.chunk() >= kept.chunks().size()) {
                return Optional.empty();
            }
            Chunk chunk = kept.chunks().get(hit.chunk());
            return Optional.of(new Passage(hit.document(), kept.title(), chunk.start(), chunk.of(kept.text())));
        }
    }
}
