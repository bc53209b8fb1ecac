package skynet.testkit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands in for an upstream: OpenAI's chat completions, Anthropic's messages and Ollama's chat, streaming, as their contracts
 * have it. It counts: an answer is {@code w1 w2 w3 …}, one word each few milliseconds, and goes on where an answer of its own
 * broke off. Asked with tools it calls the first one. What is wrong with it can be chosen.
 */
public final class StandInUpstream {
    /** What can be wrong. */
    public enum Trouble {
        NONE,
        /** Closes the connection without a word. */
        DOWN,
        /** Takes the request and says nothing. */
        MUTE,
        /** Says nothing more at a word. */
        SILENT,
        /** Closes the connection at a word. */
        CUT,
        /** Ends its response at a word, as if all were said. */
        SHORT,
        /** Tells of an error of its own in the place of a word, and ends. */
        REPORTS,
        /** Bytes instead of a word. */
        NONSENSE,
        /** A page instead of a stream. */
        PAGE,
        UNAUTHORIZED,
        BUSY,
        QUOTA,
        INVALID,
        ERROR,
        REDIRECT
    }

    private final Vertx vertx;
    private final Queue<JsonObject> asked = new ConcurrentLinkedQueue<>();
    private final Queue<String> keys = new ConcurrentLinkedQueue<>();
    private final Queue<Given> given = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> gathered = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger spoken = new AtomicInteger();
    private final AtomicLong closedAt = new AtomicLong();
    private volatile HttpServer server;
    private volatile Trouble trouble = Trouble.NONE;
    private volatile int at;
    private volatile int words = 5;
    private volatile int wordMillis = 2;
    private volatile String word = "";
    private volatile int together;
    private volatile int last = Integer.MAX_VALUE;
    private final AtomicInteger times = new AtomicInteger();

    /** One answer: the words of its own that it went on from, and those that it gave, which grow while it speaks. */
    public static final class Given {
        private final int begun;
        private final AtomicInteger words = new AtomicInteger();
        private volatile boolean whole;

        private Given(int begun) {
            this.begun = begun;
        }

        /** Words that stood before. */
        public int begun() {
            return begun;
        }

        /** Words given. */
        public int words() {
            return words.get();
        }

        /** Whether it came to its end. */
        public boolean isWhole() {
            return whole;
        }
    }

    private StandInUpstream(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Starts one on a free port. */
    public static StandInUpstream start(Vertx vertx) throws Exception {
        return start(vertx, 0);
    }

    /** Starts one on a port. */
    public static StandInUpstream start(Vertx vertx, int port) throws Exception {
        StandInUpstream upstream = new StandInUpstream(vertx);
        upstream.server = vertx.createHttpServer()
                .requestHandler(upstream::serve)
                .listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        return upstream;
    }

    /**
     * A process of its own: the port, and how many words, one each so many milliseconds; then, if it is to die, at which word it
     * does, and how many answers are begun at the same time before that.
     */
    public static void main(String[] numbers) throws Exception {
        StandInUpstream upstream = start(Vertx.vertx(), Integer.parseInt(numbers[0]));
        upstream.says(Integer.parseInt(numbers[1]), Integer.parseInt(numbers[2]));
        if (numbers.length > 3) {
            upstream.last = Integer.parseInt(numbers[3]);
            upstream.together = Integer.parseInt(numbers[4]);
        }
        System.out.println(upstream.url(""));
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.actualPort() + path;
    }

    public int port() {
        return server.actualPort();
    }

    /** From now on each answer has so many words. */
    public StandInUpstream says(int count, int millis) {
        words = count;
        wordMillis = millis;
        return this;
    }

    /** From now on each word is followed by so much more. */
    public StandInUpstream padded(String by) {
        word = by;
        return this;
    }

    /** From now on something is wrong, at a word where that matters, for so many requests. */
    public StandInUpstream suffers(Trouble what, int word, int requests) {
        at = word;
        times.set(requests);
        trouble = what;
        return this;
    }

    /** The same for good. */
    public StandInUpstream suffers(Trouble what, int word) {
        return suffers(what, word, Integer.MAX_VALUE);
    }

    /** Nothing listens any more, and what was open is closed. */
    public Future<Void> kill() {
        return server.close();
    }

    public static String words(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            text.append('w').append(i).append(' ');
        }
        return text.toString();
    }

    /** The bodies of the requests up to now. */
    public List<JsonObject> asked() {
        return new ArrayList<>(asked);
    }

    /** What was shown as a key, request by request. */
    public List<String> keys() {
        return new ArrayList<>(keys);
    }

    /** Its answers up to now, in the order in which they were begun. */
    public List<Given> given() {
        return new ArrayList<>(given);
    }

    /** Answers that are being given. */
    public int open() {
        return open.get();
    }

    /** Words given up to now. */
    public int spoken() {
        return spoken.get();
    }

    /** When an answer was last broken off from the other side, in nanoseconds. */
    public long closedAt() {
        return closedAt.get();
    }

    private void serve(HttpServerRequest request) {
        if (request.path().endsWith("/models") || request.path().endsWith("/tags")) {
            request.response().end(new JsonObject().put("data", new JsonArray()).encode());
            return;
        }
        request.body().onSuccess(body -> {
            JsonObject json = body.toJsonObject();
            asked.add(json);
            keys.add(Optional.ofNullable(request.getHeader("authorization"))
                    .or(() -> Optional.ofNullable(request.getHeader("x-api-key")))
                    .orElse(""));
            boolean well = times.getAndUpdate(left -> left == Integer.MAX_VALUE ? left : Math.max(0, left - 1)) == 0;
            answer(request, json, well ? Trouble.NONE : trouble);
        });
    }

    private void answer(HttpServerRequest request, JsonObject asked, Trouble now) {
        HttpServerResponse response = request.response();
        switch (now) {
            case DOWN -> request.connection().close();
            case MUTE -> {}
            case PAGE -> response.putHeader("content-type", "text/html").end("<html>hello");
            case UNAUTHORIZED -> refuse(response, 401, "invalid_api_key");
            case BUSY -> refuse(response.putHeader("retry-after", "1"), 429, "rate_limit_exceeded");
            case QUOTA -> refuse(response, 429, "insufficient_quota");
            case INVALID -> refuse(response, 400, "context_length_exceeded");
            case ERROR -> refuse(response, 503, "overloaded_error");
            case REDIRECT ->
                response.setStatusCode(307)
                        .putHeader("location", url("/elsewhere"))
                        .end();
            default -> {
                if (request.path().endsWith("/chat/completions")) {
                    speak(request, new OpenAi(asked), now);
                } else if (request.path().endsWith("/messages")) {
                    speak(request, new Anthropic(asked), now);
                } else if (request.path().equals("/api/chat")) {
                    speak(request, new Ollama(asked), now);
                } else {
                    refuse(response, 404, "not_found");
                }
            }
        }
    }

    private static void refuse(HttpServerResponse response, int status, String code) {
        response.setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(new JsonObject()
                        .put(
                                "error",
                                new JsonObject().put("message", "no: sk-secret").put("code", code))
                        .encode());
    }

    private void speak(HttpServerRequest request, Format format, Trouble now) {
        HttpServerResponse response = request.response().setChunked(true);
        response.putHeader("content-type", format.type());
        open.incrementAndGet();
        boolean[] over = new boolean[1];
        response.closeHandler(gone -> {
            if (!over[0]) {
                over[0] = true;
                open.decrementAndGet();
                closedAt.set(System.nanoTime());
            }
        });
        Optional<String> call = format.call();
        int first = format.begun() + 1;
        Given one = new Given(format.begun());
        given.add(one);
        response.write(format.opening());
        if (call.isPresent()) {
            over[0] = true;
            open.decrementAndGet();
            response.end(Buffer.buffer(call.get()));
            return;
        }
        gather(() -> next(request, format, now, first, over, one));
    }

    /** Begins when so many others are there, too. */
    private void gather(Runnable speech) {
        if (together <= 1) {
            speech.run();
            return;
        }
        gathered.add(speech);
        if (gathered.size() == together) {
            gathered.forEach(Runnable::run);
        }
    }

    private void next(HttpServerRequest request, Format format, Trouble now, int number, boolean[] over, Given one) {
        HttpServerResponse response = request.response();
        if (over[0]) {
            return;
        }
        if (number > words || (now == Trouble.SHORT && number >= at)) {
            over[0] = true;
            open.decrementAndGet();
            one.whole = now != Trouble.SHORT;
            response.end(now == Trouble.SHORT ? "" : format.closing(words - format.begun()));
            return;
        }
        if (number == at && now == Trouble.CUT) {
            request.connection().close();
            return;
        }
        if (number == at && now == Trouble.SILENT) {
            return;
        }
        if (number == at && now == Trouble.NONSENSE) {
            response.write(Buffer.buffer(new byte[] {(byte) 0xff, 0, 10, 'x', '{', 10, 10, 7}));
            return;
        }
        if (number == at && now == Trouble.REPORTS) {
            over[0] = true;
            open.decrementAndGet();
            response.end(format.error());
            return;
        }
        if (number >= last) {
            // As a process that is killed: nothing is closed, nothing is said.
            Runtime.getRuntime().halt(137);
        }
        spoken.incrementAndGet();
        one.words.incrementAndGet();
        response.write(format.word("w" + number + " " + word));
        if (response.writeQueueFull()) {
            response.drainHandler(drained -> next(request, format, now, number + 1, over, one));
        } else if (wordMillis == 0) {
            vertx.runOnContext(again -> next(request, format, now, number + 1, over, one));
        } else {
            vertx.setTimer(wordMillis, again -> next(request, format, now, number + 1, over, one));
        }
    }

    /** One wire format. */
    private abstract static class Format {
        final JsonObject asked;

        Format(JsonObject asked) {
            this.asked = asked;
        }

        abstract String type();

        abstract String opening();

        abstract String word(String word);

        abstract String closing(int words);

        abstract String calling(JsonObject function);

        String error() {
            return event(new JsonObject().put("error", cause()));
        }

        static JsonObject cause() {
            return new JsonObject().put("type", "overloaded_error").put("message", "no: sk-secret");
        }

        /** Words of its own that it is to go on from. */
        int begun() {
            JsonArray messages = asked.getJsonArray("messages");
            JsonObject before = messages.size() < 2 ? new JsonObject() : messages.getJsonObject(messages.size() - 2);
            return "assistant".equals(before.getString("role"))
                            && text(messages.getJsonObject(messages.size() - 1)).contains("broke off")
                    ? (int) text(before).chars().filter(c -> c == 'w').count()
                    : 0;
        }

        Optional<String> call() {
            JsonArray messages = asked.getJsonArray("messages");
            JsonObject last = messages.getJsonObject(messages.size() - 1);
            boolean result =
                    "tool".equals(last.getString("role")) || last.encode().contains("tool_result");
            JsonArray tools = asked.getJsonArray("tools");
            return tools == null || tools.isEmpty() || result
                    ? Optional.empty()
                    : Optional.of(calling(tools.getJsonObject(0)));
        }

        private static String text(JsonObject message) {
            Object content = message.getValue("content");
            return content instanceof JsonArray parts
                    ? parts.getJsonObject(0).getString("text", "")
                    : String.valueOf(content);
        }

        static String event(JsonObject data) {
            return "data: " + data.encode() + "\n\n";
        }
    }

    /** Chat completions. */
    private static final class OpenAi extends Format {
        OpenAi(JsonObject asked) {
            super(asked);
        }

        @Override
        String type() {
            return "text/event-stream; charset=utf-8";
        }

        @Override
        String opening() {
            return event(chunk(new JsonObject().put("role", "assistant").put("content", ""), null));
        }

        @Override
        String word(String word) {
            return event(chunk(new JsonObject().put("content", word), null));
        }

        @Override
        String closing(int words) {
            return event(chunk(new JsonObject(), "stop")) + end(words);
        }

        private String end(int words) {
            boolean usage =
                    asked.getJsonObject("stream_options", new JsonObject()).getBoolean("include_usage", false);
            String counted = usage
                    ? event(chunk(null, null)
                            .put("choices", new JsonArray())
                            .put(
                                    "usage",
                                    new JsonObject()
                                            .put("prompt_tokens", 11)
                                            .put("completion_tokens", words)
                                            .put("total_tokens", 11 + words)))
                    : "";
            return counted + "data: [DONE]\n\n";
        }

        @Override
        String calling(JsonObject tool) {
            JsonObject begin = new JsonObject()
                    .put("index", 0)
                    .put("id", "call_7")
                    .put("type", "function")
                    .put(
                            "function",
                            new JsonObject()
                                    .put("name", tool.getJsonObject("function").getString("name"))
                                    .put("arguments", ""));
            StringBuilder all = new StringBuilder(event(chunk(calls(begin), null)));
            for (String part : List.of("{\"city\":", "\"Brno\"}")) {
                all.append(event(chunk(
                        calls(new JsonObject()
                                .put("index", 0)
                                .put("function", new JsonObject().put("arguments", part))),
                        null)));
            }
            return all + event(chunk(new JsonObject(), "tool_calls")) + end(9);
        }

        private static JsonObject calls(JsonObject call) {
            return new JsonObject().put("tool_calls", new JsonArray().add(call));
        }

        private JsonObject chunk(JsonObject delta, String finish) {
            return new JsonObject()
                    .put("id", "chatcmpl-1")
                    .put("object", "chat.completion.chunk")
                    .put("created", 1)
                    .put("model", asked.getString("model") + "-2026")
                    .put(
                            "choices",
                            new JsonArray()
                                    .add(new JsonObject()
                                            .put("index", 0)
                                            .put("delta", delta)
                                            .put("finish_reason", finish)));
        }
    }

    /** Messages. */
    private static final class Anthropic extends Format {
        Anthropic(JsonObject asked) {
            super(asked);
        }

        @Override
        String type() {
            return "text/event-stream";
        }

        private static String named(JsonObject data) {
            return "event: " + data.getString("type") + "\n" + event(data);
        }

        @Override
        String error() {
            return named(new JsonObject().put("type", "error").put("error", cause()));
        }

        @Override
        String opening() {
            JsonObject message = new JsonObject()
                    .put("id", "msg_1")
                    .put("type", "message")
                    .put("role", "assistant")
                    .put("content", new JsonArray())
                    .put("model", asked.getString("model"))
                    .put("usage", new JsonObject().put("input_tokens", 11).put("output_tokens", 1));
            return named(new JsonObject().put("type", "message_start").put("message", message))
                    + named(new JsonObject().put("type", "ping"))
                    + (call().isPresent()
                            ? ""
                            : block(new JsonObject().put("type", "text").put("text", "")));
        }

        private static String block(JsonObject content) {
            return named(new JsonObject()
                    .put("type", "content_block_start")
                    .put("index", 0)
                    .put("content_block", content));
        }

        private static String delta(JsonObject delta) {
            return named(new JsonObject()
                    .put("type", "content_block_delta")
                    .put("index", 0)
                    .put("delta", delta));
        }

        @Override
        String word(String word) {
            return delta(new JsonObject().put("type", "text_delta").put("text", word));
        }

        @Override
        String closing(int words) {
            return end("end_turn", words);
        }

        private static String end(String reason, int words) {
            return named(new JsonObject().put("type", "content_block_stop").put("index", 0))
                    + named(new JsonObject()
                            .put("type", "message_delta")
                            .put("delta", new JsonObject().put("stop_reason", reason))
                            .put("usage", new JsonObject().put("output_tokens", words)))
                    + named(new JsonObject().put("type", "message_stop"));
        }

        @Override
        String calling(JsonObject tool) {
            return block(new JsonObject()
                            .put("type", "tool_use")
                            .put("id", "toolu_7")
                            .put("name", tool.getString("name"))
                            .put("input", new JsonObject()))
                    + delta(new JsonObject().put("type", "input_json_delta").put("partial_json", "{\"city\":"))
                    + delta(new JsonObject().put("type", "input_json_delta").put("partial_json", "\"Brno\"}"))
                    + end("tool_use", 9);
        }
    }

    /** Ollama's chat, one JSON object a line. */
    private static final class Ollama extends Format {
        Ollama(JsonObject asked) {
            super(asked);
        }

        @Override
        String type() {
            return "application/x-ndjson";
        }

        @Override
        String error() {
            return new JsonObject()
                            .put("error", "an error was met: overloaded_error")
                            .encode() + "\n";
        }

        private JsonObject line(JsonObject message, boolean done) {
            return new JsonObject()
                    .put("model", asked.getString("model"))
                    .put("created_at", "2026-11-21T00:00:00Z")
                    .put("message", message.put("role", "assistant"))
                    .put("done", done);
        }

        @Override
        String opening() {
            return "";
        }

        @Override
        String word(String word) {
            return line(new JsonObject().put("content", word), false).encode() + "\n";
        }

        @Override
        String closing(int words) {
            return line(new JsonObject().put("content", ""), true)
                            .put("done_reason", "stop")
                            .put("prompt_eval_count", 11)
                            .put("eval_count", words)
                            .encode()
                    + "\n";
        }

        @Override
        String calling(JsonObject tool) {
            JsonObject function = new JsonObject()
                    .put("name", tool.getJsonObject("function").getString("name"))
                    .put("arguments", new JsonObject().put("city", "Brno"));
            JsonArray calls = new JsonArray().add(new JsonObject().put("function", function));
            return line(new JsonObject().put("content", "").put("tool_calls", calls), false)
                            .encode() + "\n" + closing(9);
        }
    }
}
