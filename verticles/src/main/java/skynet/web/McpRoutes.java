package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import skynet.bus.Bus;
import skynet.bus.Principal;

/**
 * The Streamable HTTP transport of the Model Context Protocol, without sessions and streams: each POST is answered by JSON, or
 * by 202 where nothing is said. There is nothing to GET. The front door has checked Origin.
 */
final class McpRoutes {
    /** Messages that may come together, in the version that knows this. */
    static final int BATCH_MAX = 16;

    private static final String PATH = "/mcp";

    private final Mcp mcp;

    McpRoutes(Bus bus) {
        this.mcp = new Mcp(bus);
    }

    void mount(Router router) {
        router.post(PATH).handler(this::hear);
    }

    private void hear(RoutingContext request) {
        if (Exchange.refusesType(request, "application/json", "Send JSON")) {
            return;
        }
        String accept = request.request().getHeader("Accept");
        String version = request.request().getHeader("MCP-Protocol-Version");
        if (!takesJson(accept)) {
            Problem.answer(
                    request,
                    new Refusal(
                            406,
                            "accept",
                            "Accept: without application/json",
                            "Send Accept: application/json, text/event-stream."));
            return;
        }
        if (version != null && !Mcp.VERSIONS.contains(version)) {
            refuse(
                    request,
                    Mcp.INVALID_REQUEST,
                    "MCP-Protocol-Version: unknown (expected: one of " + Mcp.VERSIONS + ")");
            return;
        }
        String spoken = version == null ? Mcp.UNSAID : version;
        Principal by = Caller.of(request);
        JsonBody.receive(request.request(), JsonBody.BYTES_MAX)
                .onSuccess(body -> answer(request, body, spoken, by))
                .onFailure(failure -> Problem.answer(request, failure));
    }

    private void answer(RoutingContext request, Buffer body, String version, Principal by) {
        Object said;
        try {
            said = Json.decodeValue(JsonBody.utf8(body));
        } catch (DecodeException | Refusal e) {
            refuse(request, Mcp.PARSE_ERROR, "body: not JSON in UTF-8");
            return;
        }
        if (said instanceof JsonArray batch) {
            if (!version.equals(Mcp.BATCHING) || batch.isEmpty() || batch.size() > BATCH_MAX) {
                refuse(
                        request,
                        Mcp.INVALID_REQUEST,
                        "batch: " + batch.size() + " messages (expected: one message; 1 to " + BATCH_MAX
                                + " together only in version " + Mcp.BATCHING + ")");
                return;
            }
            List<Future<Optional<JsonObject>>> answers = new ArrayList<>();
            batch.forEach(message -> answers.add(mcp.hear(message, by, Caller.payer(request))));
            Future.all(answers)
                    .onSuccess(all -> together(request, all.list()))
                    .onFailure(failure -> Problem.answer(request, failure));
            return;
        }
        mcp.hear(said, by, Caller.payer(request))
                .onSuccess(answer -> answer.ifPresentOrElse(
                        json -> Exchange.json(request, Mcp.isNoMessage(json) ? 400 : 200, json),
                        () -> accepted(request)))
                .onFailure(failure -> Problem.answer(request, failure));
    }

    private static void together(RoutingContext request, List<Optional<JsonObject>> answers) {
        JsonArray all = new JsonArray();
        answers.forEach(answer -> answer.ifPresent(all::add));
        if (all.isEmpty()) {
            accepted(request);
        } else {
            request.response().putHeader("Content-Type", "application/json").end(all.toBuffer());
        }
    }

    private static void accepted(RoutingContext request) {
        request.response().setStatusCode(202).end();
    }

    private static void refuse(RoutingContext request, int code, String message) {
        Exchange.json(request, 400, Mcp.errorOf(null, code, message));
    }

    private static boolean takesJson(String accept) {
        if (accept == null) {
            return true;
        }
        String all = accept.toLowerCase(Locale.ROOT);
        return all.contains("application/json") || all.contains("*/*") || all.contains("application/*");
    }
}
