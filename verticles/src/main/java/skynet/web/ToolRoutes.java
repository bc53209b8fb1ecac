package skynet.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.bus.Tools;
import skynet.kit.Tolls;

/** The doors of the tools: which there are, and one use. Whoever uses one here decides alone, so nothing foreign was read. */
final class ToolRoutes {
    private static final Set<String> READING = Set.of("knowledge_search", "web_search");

    /** A tool answers within ten seconds; the rest is for the way. */
    static final Duration PATIENCE = Duration.ofSeconds(12);

    /** Arguments in JSON, of which each character may be an escape of six bytes. */
    private static final int BYTES_MAX = 6 * Tools.ARGUMENTS_CHARS_MAX;

    private final Bus bus;

    ToolRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.get("/api/tools").handler(this::list);
        router.post("/api/tools/:name").handler(this::use);
    }

    private void list(RoutingContext request) {
        Exchange.query(
                request, Set.of(), query -> bus.ask(new Tools.ListTools()).map(listed -> {
                    JsonArray tools = new JsonArray();
                    listed.tools()
                            .forEach(tool -> tools.add(new JsonObject()
                                    .put("name", tool.name())
                                    .put("title", tool.title())
                                    .put("description", tool.description())
                                    .put("parameters", new JsonObject(tool.schema()))
                                    .put("outward", tool.outward())
                                    .put("note", tool.note())));
                    return new JsonObject().put("tools", tools);
                }));
    }

    private void use(RoutingContext request) {
        if (Exchange.refusesType(request, "application/json", "Send JSON")) {
            return;
        }
        String name = request.pathParam("name");
        try {
            requireUse(name, Caller.of(request), Caller.payer(request));
        } catch (Refusal | Fault refused) {
            Problem.answer(request, refused);
            return;
        }
        Exchange.answer(
                request,
                JsonBody.receive(request.request(), BYTES_MAX)
                        .compose(body -> bus.ask(
                                new Tools.Use(
                                        name,
                                        JsonBody.utf8(body),
                                        Caller.of(request).tenant(),
                                        false),
                                PATIENCE))
                        .map(used -> json(name, used)));
    }

    /** A use counts as a question; what looks into documents also needs the right to read them. */
    static void requireUse(String name, Principal by, Tolls.Payer payer) {
        if (READING.contains(name)) {
            Guard.require(by, "knowledge:read");
        }
        payer.ask(by);
    }

    static JsonObject json(String name, Tools.Used used) {
        JsonArray citations = new JsonArray();
        used.passages().forEach(passage -> citations.add(AnswerJson.json(passage)));
        return new JsonObject()
                .put("tool", name)
                .put("content", new JsonObject(used.content()))
                .put("source", used.source().name().toLowerCase(Locale.ROOT))
                .put("untrusted", used.source().isForeign())
                .put("citations", citations)
                .put("ms", used.millis());
    }
}
