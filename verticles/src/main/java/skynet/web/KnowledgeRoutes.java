package skynet.web;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.Principal;
import skynet.bus.Role;

/**
 * The doors of the documents: collections, list, read, learn, forget, search. Everybody reads what is shared and what is
 * their tenant's. Operators write what is shared unless they say otherwise; users write what is their tenant's.
 */
final class KnowledgeRoutes {
    /** A long document takes minutes to embed. No other ask waits longer. */
    static final Duration LEARNING = Duration.ofMinutes(15);

    /** UTF-8 takes at most three bytes for a UTF-16 character; the rest is for the title and the JSON around them. */
    static final int DOCUMENT_BYTES_MAX = 3 * Knowledge.DOCUMENT_CHARS_MAX + JsonBody.BYTES_MAX;

    /** Many questions of the usual length. */
    private static final int QUESTIONS_BYTES_MAX = 4 << 20;

    private static final String KNOWLEDGE = "/api/knowledge";
    private static final String DOCUMENTS = KNOWLEDGE + "/documents";
    private static final String CHUNKS = KNOWLEDGE + "/chunks";

    /** Whoever may this reads why something does not work, with its addresses and paths. */
    private static final String OPERATORS = "swarm:admin";

    /** What all others read of it. */
    private static final String SOME_TROUBLE = "model: passages are not found as they should be (operators read why)";

    private final Bus bus;
    private final Uploads uploads;

    KnowledgeRoutes(Bus bus) {
        this.bus = bus;
        this.uploads = new Uploads(bus);
    }

    void mount(Router router) {
        router.get(KNOWLEDGE + "/collections").handler(this::collections);
        router.get(KNOWLEDGE + "/compression").handler(this::compression);
        router.get(KNOWLEDGE + "/model").handler(this::model);
        router.get("/api/perception/capabilities").handler(this::perception);
        router.post(KNOWLEDGE + "/search").handler(this::search);
        router.post(KNOWLEDGE + "/rank").handler(this::rank);
        uploads.mount(router, KNOWLEDGE);
        router.get(DOCUMENTS).handler(this::list);
        router.get(DOCUMENTS + "/*").handler(this::read);
        router.put(DOCUMENTS + "/*").handler(this::learn);
        router.delete(DOCUMENTS + "/*").handler(this::forget);
        router.get(CHUNKS + "/*").handler(this::chunks);
    }

    /** In whose name something is written; {@code shared} is what was asked for, or empty. */
    static String owner(Principal caller, String shared) {
        boolean mayShare = caller.role().compareTo(Role.OPERATOR) >= 0;
        boolean asked = flag("shared", shared);
        boolean wanted = shared.isEmpty() ? mayShare : asked;
        if (wanted && !mayShare) {
            throw new Fault(
                    Fault.Kind.DENIED, "shared: only operators write what all may read (expected: shared=false)");
        }
        return wanted ? Knowledge.SHARED : caller.tenant();
    }

    /** Whether a parameter is true; one that is missing is not. */
    private static boolean flag(String name, String text) {
        if (!text.isEmpty() && !text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(name + ": neither true nor false");
        }
        return text.equals("true");
    }

    private void collections(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> bus.ask(
                        new Knowledge.ListCollections(Caller.of(request).tenant()))
                .map(listed -> {
                    JsonArray collections = new JsonArray();
                    listed.collections()
                            .forEach(one -> collections.add(new JsonObject()
                                    .put("collection", one.collection())
                                    .put("shared", one.shared())
                                    .put("documents", one.documents())
                                    .put("chunks", one.chunks())
                                    .put("characters", one.chars())));
                    return new JsonObject().put("collections", collections);
                }));
    }

    private void compression(RoutingContext request) {
        Exchange.query(
                request, Set.of(), query -> bus.ask(new Knowledge.Measure()).map(measured -> {
                    JsonArray forms = new JsonArray();
                    measured.forms()
                            .forEach(form -> forms.add(new JsonObject()
                                    .put("form", form.name())
                                    .put("dimensions", form.dimensions())
                                    .put("bytes", form.bytes())
                                    .put("recall", form.recall())
                                    .put("from", form.from())));
                    return new JsonObject()
                            .put("state", measured.state())
                            .put("vectors", measured.vectors())
                            .put("neighbours", measured.neighbours())
                            .put("forms", forms)
                            .put(
                                    "index",
                                    new JsonObject()
                                            .put("queries", measured.indexQueries())
                                            .put("recall", measured.indexRecall()));
                }));
    }

    private void model(RoutingContext request) {
        boolean whole = Caller.of(request).may(OPERATORS);
        Exchange.query(request, Set.of(), query -> bus.ask(new Knowledge.LookAtFinder())
                .map(finder -> new JsonObject()
                        .put("finds", finder.finds())
                        .put("dimensions", finder.dimensions())
                        .put("wanted", finder.wanted())
                        .put("state", finder.finds().equals(finder.wanted()) ? "settled" : "changing")
                        .put("change", finder.change())
                        .put("changedBy", finder.changedBy())
                        .put("chunks", finder.chunks())
                        .put("read", finder.read())
                        .put("here", finder.here())
                        .put("setting", finder.setting())
                        .put("trouble", whole || finder.trouble().isEmpty() ? finder.trouble() : SOME_TROUBLE)));
    }

    private void perception(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> bus.ask(new Knowledge.LookAtPerception())
                .map(perception -> new JsonObject()
                        .put("pictures", new JsonArray(perception.formats()))
                        .put("facts", new JsonArray(perception.facts()))
                        .put(
                                "text",
                                new JsonObject()
                                        .put("available", perception.recognises())
                                        .put("languages", new JsonArray(perception.languages()))
                                        .put("reason", perception.reason()))));
    }

    private void search(RoutingContext request) {
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("question", "collection", "k"), body -> search(request, body)
                .map(found -> {
                    JsonArray hits = new JsonArray();
                    found.hits()
                            .forEach(hit -> hits.add(new JsonObject()
                                    .put("document", hit.document())
                                    .put("collection", hit.collection())
                                    .put("title", hit.title())
                                    .put("chunk", hit.chunk())
                                    .put("start", hit.start())
                                    .put("end", hit.end())
                                    .put("page", hit.page())
                                    .put("shared", hit.shared())
                                    .put("score", hit.score())
                                    .put("text", hit.text())));
                    return new JsonObject().put("hits", hits);
                }));
    }

    /** A question like those to chat. */
    private Future<Knowledge.Found> search(RoutingContext request, JsonBody body) {
        Knowledge.Search search = new Knowledge.Search(
                body.text("question"),
                Caller.of(request).tenant(),
                body.textOrEmpty("collection"),
                body.number("k", 10));
        Caller.payer(request).ask(Caller.of(request));
        return bus.ask(search);
    }

    private void rank(RoutingContext request) {
        Exchange.body(request, QUESTIONS_BYTES_MAX, Set.of("questions", "collection", "k"), body -> rank(request, body)
                .map(ranked -> {
                    JsonArray rankings = new JsonArray();
                    for (Knowledge.Ranking ranking : ranked.rankings()) {
                        JsonArray documents = new JsonArray();
                        ranking.documents()
                                .forEach(one -> documents.add(new JsonObject()
                                        .put("document", one.document())
                                        .put("collection", one.collection())
                                        .put("score", one.score())));
                        rankings.add(documents);
                    }
                    return new JsonObject().put("rankings", rankings);
                }));
    }

    /** Each question pays for itself. */
    private Future<Knowledge.Ranked> rank(RoutingContext request, JsonBody body) {
        Knowledge.Rank rank = new Knowledge.Rank(
                body.texts("questions", Knowledge.QUESTIONS_MAX),
                Caller.of(request).tenant(),
                body.textOrEmpty("collection"),
                body.number("k", 100));
        Caller.payer(request).ask(Caller.of(request), rank.questions().size());
        return bus.ask(rank, LEARNING);
    }

    private void list(RoutingContext request) {
        Exchange.query(request, Set.of("after", "limit", "collection"), query -> bus.ask(new Knowledge.ListDocuments(
                        query.text("after"),
                        query.number("limit", 100),
                        Caller.of(request).tenant(),
                        query.text("collection")))
                .map(listed -> {
                    JsonArray documents = new JsonArray();
                    listed.documents()
                            .forEach(shelf -> documents.add(new JsonObject()
                                    .put("document", shelf.document())
                                    .put("collection", shelf.collection())
                                    .put("shared", shelf.shared())
                                    .put("title", shelf.title())
                                    .put("chunks", shelf.chunks())
                                    .put("pages", shelf.pages())
                                    .put("characters", shelf.chars())));
                    return new JsonObject().put("documents", documents);
                }));
    }

    private void read(RoutingContext request) {
        Exchange.query(request, Set.of("collection", "shared"), query -> bus.ask(new Knowledge.Read(
                        nameOf(request, DOCUMENTS),
                        Caller.of(request).tenant(),
                        query.text("collection"),
                        flag("shared", query.text("shared"))))
                .map(document -> new JsonObject()
                        .put("document", document.document())
                        .put("collection", document.collection())
                        .put("shared", document.shared())
                        .put("title", document.title())
                        .put("text", document.text())
                        .put("pages", new JsonArray(document.pages()))));
    }

    private void chunks(RoutingContext request) {
        Exchange.query(
                request, Set.of("collection", "from", "limit", "shared"), query -> bus.ask(new Knowledge.ReadChunks(
                                nameOf(request, CHUNKS),
                                Caller.of(request).tenant(),
                                query.text("collection"),
                                query.number("from", 0),
                                query.number("limit", 50),
                                flag("shared", query.text("shared"))))
                        .map(read -> {
                            JsonArray chunks = new JsonArray();
                            read.chunks()
                                    .forEach(chunk -> chunks.add(new JsonObject()
                                            .put("chunk", chunk.chunk())
                                            .put("start", chunk.start())
                                            .put("end", chunk.end())
                                            .put("page", chunk.page())
                                            .put("text", chunk.text())));
                            return new JsonObject()
                                    .put("document", read.document())
                                    .put("collection", read.collection())
                                    .put("shared", read.shared())
                                    .put("title", read.title())
                                    .put("all", read.all())
                                    .put("chunks", chunks);
                        }));
    }

    private void learn(RoutingContext request) {
        Set<String> fields = Set.of("title", "text", "collection", "shared");
        Exchange.body(request, DOCUMENT_BYTES_MAX, fields, body -> bus.ask(
                        new Knowledge.Learn(
                                nameOf(request, DOCUMENTS),
                                body.text("title"),
                                body.text("text"),
                                owner(Caller.of(request), body.has("shared") ? "" + body.flag("shared") : ""),
                                body.textOrEmpty("collection"),
                                List.of()),
                        LEARNING)
                .map(learned -> new JsonObject()
                        .put("document", learned.document())
                        .put("chunks", learned.chunks())
                        .put("changed", learned.changed())));
    }

    private void forget(RoutingContext request) {
        Exchange.query(request, Set.of("collection", "shared"), query -> {
            String tenant = owner(Caller.of(request), query.text("shared"));
            return bus.ask(new Knowledge.Forget(nameOf(request, DOCUMENTS), tenant, query.text("collection")))
                    .map(forgotten -> new JsonObject().put("document", forgotten.document()));
        });
    }

    /** The name may hold slashes: it is the rest of the path. The route of all names also takes the path without any. */
    private static String nameOf(RoutingContext request, String before) {
        String path = request.request().path();
        if (path.length() <= before.length() + 1) {
            throw new IllegalArgumentException("document: missing (expected: its name at the end of the path)");
        }
        String name = path.substring(before.length() + 1);
        return QueryStringDecoder.decodeComponent(name.replace("+", "%2B"));
    }
}
