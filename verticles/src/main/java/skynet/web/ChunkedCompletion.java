package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * An answer that is told piece by piece: {@code chat.completion.chunk} as server-sent events, and {@code [DONE]} at the end
 * whatever happens. The head is written when the level is known that answers, or when somebody has waited for a while, so
 * that a question which nobody can answer is refused with a status like any other.
 */
final class ChunkedCompletion extends CompletionOutlet {
    private static final byte[] TEXT_END = JsonText.ascii8("},\"logprobs\":null,\"finish_reason\":null}]");
    private static final byte[] USAGE_END = JsonText.ascii8(",\"usage\":null}\n\n");
    private static final byte[] END = JsonText.ascii8("}\n\n");

    /** Room for the ends of a chunk. */
    private static final int SPARE_BYTES = 96;

    private final List<JsonObject> stepsBefore = new ArrayList<>();
    private final byte[] textBegin;
    private boolean open;

    ChunkedCompletion(RoutingContext request, Completion asked, String id, LongConsumer halt) {
        super(request, asked, id, halt);
        String begin = chunk().encode();
        this.textBegin = JsonText.ascii8("data: " + begin.substring(0, begin.length() - 1)
                + ",\"choices\":[{\"index\":0,\"delta\":{\"content\":");
    }

    @Override
    protected boolean isToldAtOnce() {
        return true;
    }

    @Override
    protected boolean hasBegun() {
        return open;
    }

    @Override
    protected Future<Void> step(JsonObject step) {
        String outcome = step.getString("outcome");
        if (!open && !outcome.equals("hit") && !outcome.equals("step")) {
            stepsBefore.add(step);
            return Future.succeededFuture();
        }
        open();
        return write(chunk(new JsonObject(), null).put("skynet", new JsonObject().put("step", step)));
    }

    @Override
    protected Future<Void> words(String more) {
        open();
        JsonText chunk = new JsonText(textBegin.length + 2 * more.length() + SPARE_BYTES);
        chunk.ascii(textBegin).text(more).ascii(TEXT_END).ascii(asked.usageAtTheEnd() ? USAGE_END : END);
        return isGone()
                ? Future.failedFuture("the other side has gone")
                : request.response().write(chunk.buffer());
    }

    @Override
    protected Future<Void> finish(String ending) {
        open();
        JsonArray calls = calls();
        for (int at = 0; at < calls.size(); at++) {
            JsonObject call = new JsonObject().put("index", at).mergeIn(calls.getJsonObject(at));
            write(chunk(new JsonObject().put("tool_calls", new JsonArray().add(call)), null));
        }
        write(chunk(new JsonObject(), openAi(ending)).put("skynet", skynet(ending)));
        if (asked.usageAtTheEnd()) {
            write(chunk().put("choices", new JsonArray()).put("usage", usage()));
        }
        return isGone()
                ? Future.failedFuture("the other side has gone")
                : request.response().write("data: [DONE]\n\n");
    }

    @Override
    public void beat() {
        if (!isGone()) {
            open();
            request.response().write(":\n\n");
        }
    }

    @Override
    public void end() {
        if (!isGone()) {
            request.response().end();
        }
    }

    private void open() {
        if (open || isGone()) {
            return;
        }
        open = true;
        if (!level().isEmpty()) {
            request.response().putHeader("X-Skynet-Level", level());
        }
        request.response()
                .putHeader("Content-Type", EventStream.MEDIA_TYPE)
                .putHeader("X-Accel-Buffering", "no")
                .setChunked(true);
        write(chunk(new JsonObject().put("role", "assistant").put("content", "").put("refusal", null), null));
        stepsBefore.forEach(
                step -> write(chunk(new JsonObject(), null).put("skynet", new JsonObject().put("step", step))));
        stepsBefore.clear();
    }

    private JsonObject chunk() {
        return new JsonObject()
                .put("id", id)
                .put("object", "chat.completion.chunk")
                .put("created", createdSeconds)
                .put("model", asked.model().id())
                .put("system_fingerprint", null);
    }

    private JsonObject chunk(JsonObject delta, String finish) {
        JsonObject choice = new JsonObject()
                .put("index", 0)
                .put("delta", delta)
                .put("logprobs", null)
                .put("finish_reason", finish);
        JsonObject chunk = chunk().put("choices", new JsonArray().add(choice));
        return asked.usageAtTheEnd() ? chunk.put("usage", null) : chunk;
    }

    private Future<Void> write(JsonObject chunk) {
        return isGone()
                ? Future.failedFuture("the other side has gone")
                : request.response().write("data: " + chunk.encode() + "\n\n");
    }

    private boolean isGone() {
        return request.response().closed() || request.response().ended();
    }
}
