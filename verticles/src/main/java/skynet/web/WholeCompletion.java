package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.function.LongConsumer;

/** An answer that is told as a whole: {@code chat.completion}. */
final class WholeCompletion extends CompletionOutlet {
    private final StringBuilder text = new StringBuilder();

    WholeCompletion(RoutingContext request, Completion asked, String id, LongConsumer halt) {
        super(request, asked, id, halt);
    }

    @Override
    protected Future<Void> step(JsonObject step) {
        return Future.succeededFuture();
    }

    @Override
    protected Future<Void> words(String more) {
        text.append(more);
        return Future.succeededFuture();
    }

    @Override
    protected boolean isToldAtOnce() {
        return false;
    }

    @Override
    protected boolean hasBegun() {
        return text.length() > 0;
    }

    @Override
    protected Future<Void> finish(String ending) {
        JsonObject skynet = skynet(ending);
        JsonArray calls = calls();
        JsonObject message = new JsonObject()
                .put("role", "assistant")
                .put("content", text.length() == 0 && !calls.isEmpty() ? null : text.toString())
                .put("refusal", null);
        if (!calls.isEmpty()) {
            message.put("tool_calls", calls);
        }
        JsonObject choice = new JsonObject()
                .put("index", 0)
                .put("message", message)
                .put("logprobs", null)
                .put("finish_reason", openAi(ending));
        if (!skynet.getString("level").isEmpty() && !request.response().closed()) {
            request.response().putHeader("X-Skynet-Level", skynet.getString("level"));
        }
        Exchange.json(
                request,
                200,
                new JsonObject()
                        .put("id", id)
                        .put("object", "chat.completion")
                        .put("created", createdSeconds)
                        .put("model", asked.model().id())
                        .put("choices", new JsonArray().add(choice))
                        .put("usage", usage())
                        .put("system_fingerprint", null)
                        .put("skynet", skynet));
        return Future.succeededFuture();
    }

    @Override
    public void beat() {
        // A whole answer has no way to say that it is thought about.
    }

    @Override
    public void end() {
        // It has ended with its body.
    }
}
