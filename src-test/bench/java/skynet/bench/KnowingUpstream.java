package skynet.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Stands in for a model behind OpenAI's chat completions that knows what a table of labelled questions says it knows.
 *
 * <p>A prompt is answered rightly when it is easy, or when the model is a strong one; a question to documents when what was
 * expected stands in the messages beside the question itself, and with "I do not know" when it does not. Asked as the pipeline
 * of level 5 asks, it plans a search for the question and finds nothing to mend. A token is four characters.
 */
final class KnowingUpstream {
    static final String UNKNOWN = "I do not know that; nothing that I was given tells it.";

    private static final int TOKEN_CHARS = 4;
    private static final int EASY_TOKENS = 80;
    private static final int HARD_TOKENS = 400;
    private static final int QUOTE_TOKENS = 40;

    private final boolean strong;
    private final List<Labelled> questions;
    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong tokensIn = new AtomicLong();
    private final AtomicLong tokensOut = new AtomicLong();
    private HttpServer server;

    private KnowingUpstream(boolean strong, List<Labelled> questions) {
        this.strong = strong;
        // Of two questions in one prompt the longer one is meant, for it may hold the other.
        this.questions = questions.stream()
                .sorted(Comparator.comparingInt(one -> -one.text().length()))
                .toList();
    }

    static KnowingUpstream start(Vertx vertx, boolean strong, List<Labelled> questions) throws Exception {
        KnowingUpstream upstream = new KnowingUpstream(strong, questions);
        upstream.server = Load.await(
                vertx.createHttpServer().requestHandler(upstream::serve).listen(0, "127.0.0.1"));
        return upstream;
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/v1";
    }

    /** Requests up to now. */
    long asked() {
        return asked.get();
    }

    /** Tokens read up to now. */
    long tokensIn() {
        return tokensIn.get();
    }

    /** Tokens written up to now. */
    long tokensOut() {
        return tokensOut.get();
    }

    private void serve(HttpServerRequest request) {
        if (!request.path().endsWith("/chat/completions")) {
            request.response().end(new JsonObject().put("data", new JsonArray()).encode());
            return;
        }
        request.body().onSuccess(body -> {
            JsonObject json = body.toJsonObject();
            String prompt = json.getJsonArray("messages").stream()
                    .map(message -> String.valueOf(((JsonObject) message).getValue("content")))
                    .collect(Collectors.joining("\n"));
            String answer = answer(prompt);
            int read = tokens(prompt);
            int written = tokens(answer);
            asked.incrementAndGet();
            tokensIn.addAndGet(read);
            tokensOut.addAndGet(written);
            JsonObject usage = new JsonObject()
                    .put("prompt_tokens", read)
                    .put("completion_tokens", written)
                    .put("total_tokens", read + written);
            if (json.getBoolean("stream", false)) {
                request.response()
                        .putHeader("content-type", "text/event-stream; charset=utf-8")
                        .end(event(choice("delta", answer, null))
                                + event(choice("delta", "", "stop"))
                                + event(chunk(new JsonArray()).put("usage", usage))
                                + "data: [DONE]\n\n");
            } else {
                request.response()
                        .putHeader("content-type", "application/json")
                        .end(choice("message", answer, "stop")
                                .put("usage", usage)
                                .encode());
            }
        });
    }

    /** What it answers to all that the messages say. */
    private String answer(String prompt) {
        Optional<Labelled> found =
                questions.stream().filter(one -> prompt.contains(one.text())).findFirst();
        if (found.isEmpty()) {
            return UNKNOWN;
        }
        Labelled question = found.get();
        if (prompt.startsWith("You plan")) {
            return "SEARCH: " + question.text().lines().findFirst().orElse("");
        }
        if (prompt.startsWith("You are a strict reviewer")) {
            return "OK";
        }
        return switch (question.kind()) {
            case EASY -> filled(question.words().get(0), EASY_TOKENS);
            case HARD -> filled(strong ? question.words().get(0) : "[wrong]", HARD_TOKENS);
            case TOLD, UNTOLD -> quoted(question, prompt.replace(question.text(), ""));
        };
    }

    private static String quoted(Labelled question, String given) {
        return question.words().stream()
                .filter(given::contains)
                .findFirst()
                .map(words -> filled(words, QUOTE_TOKENS))
                .orElse(UNKNOWN);
    }

    private static String filled(String words, int tokens) {
        return words + " and so on".repeat((tokens * TOKEN_CHARS - words.length()) / " and so on".length());
    }

    private static int tokens(String text) {
        return (text.length() + TOKEN_CHARS - 1) / TOKEN_CHARS;
    }

    private static String event(JsonObject chunk) {
        return "data: " + chunk.encode() + "\n\n";
    }

    private static JsonObject choice(String name, String text, String finish) {
        return chunk(new JsonArray()
                .add(new JsonObject()
                        .put("index", 0)
                        .put(name, new JsonObject().put("role", "assistant").put("content", text))
                        .put("finish_reason", finish)));
    }

    private static JsonObject chunk(JsonArray choices) {
        return new JsonObject()
                .put("id", "chatcmpl-1")
                .put("object", "chat.completion.chunk")
                .put("created", 1)
                .put("model", "knowing")
                .put("choices", choices);
    }
}
