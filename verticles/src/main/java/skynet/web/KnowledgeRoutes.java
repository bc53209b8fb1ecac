package skynet.web;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Set;
import skynet.bus.Bus;
import skynet.bus.Knowledge;

/** The doors of the documents: list, read, learn, forget. */
final class KnowledgeRoutes {
    /** A long document takes minutes to embed. No other ask waits longer. */
    static final Duration LEARNING = Duration.ofMinutes(15);

    /** UTF-8 takes at most three bytes for a UTF-16 character; the rest is for the title and the JSON around them. */
    static final int DOCUMENT_BYTES_MAX = 3 * Knowledge.DOCUMENT_CHARS_MAX + JsonBody.BYTES_MAX;

    private static final String DOCUMENTS = "/api/knowledge/documents";

    private final Bus bus;

    KnowledgeRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.get(DOCUMENTS).handler(this::list);
        router.get(DOCUMENTS + "/*").handler(this::read);
        router.put(DOCUMENTS + "/*").handler(this::learn);
        router.delete(DOCUMENTS + "/*").handler(this::forget);
    }

    private void list(RoutingContext request) {
        Exchange.query(request, Set.of("after", "limit"), query -> bus.ask(
                        new Knowledge.ListDocuments(query.text("after"), query.number("limit", 100)))
                .map(listed -> {
                    JsonArray documents = new JsonArray();
                    listed.documents()
                            .forEach(shelf -> documents.add(new JsonObject()
                                    .put("document", shelf.document())
                                    .put("title", shelf.title())
                                    .put("chunks", shelf.chunks())
                                    .put("characters", shelf.chars())));
                    return new JsonObject().put("documents", documents);
                }));
    }

    private void read(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> bus.ask(new Knowledge.Read(nameOf(request)))
                .map(document -> new JsonObject()
                        .put("document", document.document())
                        .put("title", document.title())
                        .put("text", document.text())));
    }

    private void learn(RoutingContext request) {
        Exchange.body(request, DOCUMENT_BYTES_MAX, Set.of("title", "text"), body -> bus.ask(
                        new Knowledge.Learn(nameOf(request), body.text("title"), body.text("text")), LEARNING)
                .map(learned -> new JsonObject()
                        .put("document", learned.document())
                        .put("chunks", learned.chunks())
                        .put("changed", learned.changed())));
    }

    private void forget(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> bus.ask(new Knowledge.Forget(nameOf(request)))
                .map(forgotten -> new JsonObject().put("document", forgotten.document())));
    }

    /** The name may hold slashes: it is the rest of the path. The route of all names also takes the path without any. */
    private static String nameOf(RoutingContext request) {
        String path = request.request().path();
        if (path.length() <= DOCUMENTS.length() + 1) {
            throw new IllegalArgumentException("document: missing (expected: its name at the end of the path)");
        }
        String name = path.substring(DOCUMENTS.length() + 1);
        return QueryStringDecoder.decodeComponent(name.replace("+", "%2B"));
    }
}
