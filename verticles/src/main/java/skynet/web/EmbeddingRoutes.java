package skynet.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import skynet.bus.Bus;
import skynet.bus.Knowledge;

/** The door of vectors for clients of OpenAI's interface, made by the embedded sentence model. */
final class EmbeddingRoutes {
    /** Texts of one request. */
    static final int INPUTS_MAX = 256;

    /** Longest text; what the model does not read of it is left out, as the contract tells. */
    static final int INPUT_CHARS_MAX = 100_000;

    private static final int BYTES_MAX = 4 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Bus bus;

    EmbeddingRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.post("/v1/embeddings").handler(this::embed);
    }

    private void embed(RoutingContext request) {
        if (Exchange.refusesType(request, "application/json", "Send JSON")) {
            return;
        }
        try {
            Caller.payer(request).ask(Caller.of(request));
        } catch (Refusal refusal) {
            Problem.answer(request, refusal);
            return;
        }
        JsonBody.receive(request.request(), BYTES_MAX)
                .map(Asked::of)
                .compose(
                        asked -> vectors(asked.texts(), 0, new ArrayList<>(), 0).map(made -> made.json(asked)))
                .onSuccess(json -> Exchange.json(request, 200, json))
                .onFailure(failure -> Problem.answer(request, failure));
    }

    /** As many at once as the model takes, one batch after the other. */
    private Future<Made> vectors(List<String> texts, int from, List<Knowledge.Vector> made, int tokens) {
        if (from >= texts.size()) {
            return Future.succeededFuture(new Made(made, tokens));
        }
        int to = Math.min(texts.size(), from + Knowledge.TEXTS_MAX);
        return bus.ask(new Knowledge.Embed(texts.subList(from, to)), PATIENCE).compose(embedded -> {
            made.addAll(embedded.vectors());
            return vectors(texts, to, made, tokens + embedded.tokens());
        });
    }

    /**
     * What is asked.
     *
     * @param packed whether vectors are wanted as Base64 of little-endian floats
     */
    private record Asked(List<String> texts, boolean packed) {
        static Asked of(Buffer body) {
            JsonNode json = Completion.object(body);
            if (!Completion.text(json, "model").equals(Models.EMBEDDING)) {
                throw Models.none(Models.EMBEDDING);
            }
            JsonNode dimensions = json.path("dimensions");
            if (!dimensions.isMissingNode()
                    && !dimensions.isNull()
                    && !(dimensions.isInt() && dimensions.intValue() == Models.DIMENSIONS)) {
                throw new IllegalArgumentException("dimensions: not so (expected: " + Models.DIMENSIONS + ", or none)");
            }
            String format = json.path("encoding_format").isNull()
                    ? "float"
                    : json.path("encoding_format").asText("float");
            if (!format.equals("float") && !format.equals("base64")) {
                throw new IllegalArgumentException("encoding_format: unknown (expected: float or base64)");
            }
            return new Asked(texts(json.get("input")), format.equals("base64"));
        }

        private static List<String> texts(JsonNode input) {
            if (input != null && input.isTextual()) {
                return List.of(text("input", input));
            }
            if (input == null || !input.isArray() || input.isEmpty()) {
                throw new IllegalArgumentException("input: missing or empty (expected: text, or a list of texts)");
            }
            if (input.size() > INPUTS_MAX) {
                throw new IllegalArgumentException(
                        "input: " + input.size() + " texts (expected: at most " + INPUTS_MAX + ")");
            }
            List<String> texts = new ArrayList<>(input.size());
            for (int at = 0; at < input.size(); at++) {
                texts.add(text("input[" + at + "]", input.get(at)));
            }
            return texts;
        }

        private static String text(String name, JsonNode value) {
            if (value.isNumber() || value.isArray()) {
                throw new IllegalArgumentException(
                        name + ": token ids (expected: text; this model has a vocabulary of its own)");
            }
            if (!value.isTextual() || value.textValue().isBlank()) {
                throw new IllegalArgumentException(name + ": no text, or blank (expected: text)");
            }
            if (value.textValue().length() > INPUT_CHARS_MAX) {
                throw new IllegalArgumentException(name + ": "
                        + value.textValue().length() + " characters (expected: at most " + INPUT_CHARS_MAX + ")");
            }
            return Completion.wellFormed(name, value.textValue());
        }
    }

    /** The vectors, and what was read for them. */
    private record Made(List<Knowledge.Vector> vectors, int tokens) {
        JsonObject json(Asked asked) {
            JsonArray data = new JsonArray();
            for (int at = 0; at < vectors.size(); at++) {
                List<Float> values = vectors.get(at).values();
                data.add(new JsonObject()
                        .put("object", "embedding")
                        .put("index", at)
                        .put("embedding", asked.packed() ? packed(values) : new JsonArray(new ArrayList<>(values))));
            }
            return new JsonObject()
                    .put("object", "list")
                    .put("data", data)
                    .put("model", Models.EMBEDDING)
                    .put("usage", new JsonObject().put("prompt_tokens", tokens).put("total_tokens", tokens));
        }

        private static String packed(List<Float> values) {
            ByteBuffer bytes = ByteBuffer.allocate(values.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            values.forEach(bytes::putFloat);
            return Base64.getEncoder().encodeToString(bytes.array());
        }
    }
}
