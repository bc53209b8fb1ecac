package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.Cascade.Level;
import skynet.bus.Fault;
import skynet.kit.Database;
import skynet.kit.Vitals;
import skynet.testkit.Known;
import skynet.testkit.TestDatabase;
import skynet.web.Doors;
import skynet.web.WebVerticle;

/** Answers in OpenAI's shape, byte by byte, from levels that do what the question says. */
@Timeout(120)
class OpenAiDoorTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final AtomicReference<Question> LAST = new AtomicReference<>();

    @TempDir
    static Path home;

    private static TestDatabase postgres;
    private static int port;

    @BeforeAll
    static void open() throws Exception {
        postgres = TestDatabase.start(home);
        Bus bus = new Bus(VERTX, InstantSource.system());
        StreamNode.get(Known.on(bus));
        StreamNode.get(VERTX.deployVerticle(new CascadeVerticle(
                bus,
                InstantSource.system(),
                new Vitals(),
                new PostgresAnswerStore(Database.open(VERTX, postgres.uri())),
                List.of(new Scripted(), new CountingTier(VERTX)))));
        WebVerticle web = Doors.on(bus);
        StreamNode.get(VERTX.deployVerticle(web));
        port = web.port();
    }

    @AfterAll
    static void close() throws Exception {
        StreamNode.get(VERTX.close());
        postgres.close();
    }

    @Test
    void aWholeAnswerHasTheShapeThatClientsKnow() throws Exception {
        HttpResponse<String> response = ask(request("count 5"));
        JsonObject answer = new JsonObject(response.body());
        assertTrue(answer.getString("id").matches("chatcmpl-[0-9a-f]{32}"), answer.getString("id"));
        assertEquals("chat.completion", answer.getString("object"));
        assertEquals("skyai-advanced", answer.getString("model"));
        JsonObject choice = answer.getJsonArray("choices").getJsonObject(0);
        assertEquals(0, choice.getInteger("index"));
        assertEquals("assistant", choice.getJsonObject("message").getString("role"));
        assertEquals(CountingTier.words(5), choice.getJsonObject("message").getString("content"));
        assertEquals("stop", choice.getString("finish_reason"));
        JsonObject usage = answer.getJsonObject("usage");
        assertEquals(
                usage.getInteger("prompt_tokens") + usage.getInteger("completion_tokens"),
                usage.getInteger("total_tokens"));
        assertEquals("L3", answer.getJsonObject("skynet").getString("level"));
        assertEquals("L3", response.headers().firstValue("X-Skynet-Level").orElse(""));
        assertEquals(1, answer.getJsonObject("skynet").getJsonArray("citations").size());
    }

    @Test
    void aStreamBeginsWithTheRoleAndEndsWithTheReasonTheUsageAndDone() throws Exception {
        HttpResponse<String> response = ask(request("count 5")
                .put("stream", true)
                .put("stream_options", new JsonObject().put("include_usage", true)));
        assertEquals(
                "text/event-stream",
                response.headers().firstValue("Content-Type").orElse(""));
        assertEquals("L3", response.headers().firstValue("X-Skynet-Level").orElse(""));
        List<String> lines =
                response.body().lines().filter(line -> !line.isEmpty()).toList();
        assertEquals("data: [DONE]", lines.get(lines.size() - 1));
        List<JsonObject> chunks = chunks(response.body());
        assertEquals("assistant", delta(chunks.get(0)).getString("role"));
        assertTrue(chunks.stream().allMatch(c -> c.getString("object").equals("chat.completion.chunk")));
        assertEquals(1, chunks.stream().map(c -> c.getString("id")).distinct().count());
        assertEquals(CountingTier.words(5), text(chunks));
        JsonObject last = chunks.get(chunks.size() - 1);
        assertTrue(last.getJsonArray("choices").isEmpty());
        assertTrue(last.getJsonObject("usage").getInteger("total_tokens") > 0);
        JsonObject ending = chunks.get(chunks.size() - 2);
        assertEquals("stop", ending.getJsonArray("choices").getJsonObject(0).getString("finish_reason"));
        assertEquals("L3", ending.getJsonObject("skynet").getString("level"));
        assertNull(ending.getValue("usage"));
    }

    @Test
    void aLevelThatBreaksOffEndsTheStreamProperly() throws Exception {
        HttpResponse<String> response = ask(request("break 3").put("stream", true));
        List<JsonObject> chunks = chunks(response.body());
        assertEquals("one two three ", text(chunks));
        assertTrue(response.body().endsWith("data: [DONE]\n\n"));
        JsonObject ending = chunks.get(chunks.size() - 1);
        assertEquals("length", ending.getJsonArray("choices").getJsonObject(0).getString("finish_reason"));
        assertEquals("interrupted", ending.getJsonObject("skynet").getString("finish"));
    }

    @Test
    void aLevelThatFailsBeforeItsFirstWordIsAPlainRefusal() throws Exception {
        for (boolean stream : List.of(false, true)) {
            HttpResponse<String> response = ask(request("fail now").put("stream", stream));
            assertEquals(503, response.statusCode());
            assertEquals("2", response.headers().firstValue("Retry-After").orElse(""));
            JsonObject error = new JsonObject(response.body()).getJsonObject("error");
            assertEquals("server_error", error.getString("type"));
            assertEquals("unavailable", error.getString("code"));
        }
    }

    @Test
    void aLevelThatKnowsWhenItIsBackSaysSo() throws Exception {
        for (boolean stream : List.of(false, true)) {
            HttpResponse<String> response = ask(request("rest now").put("stream", stream));
            assertEquals(503, response.statusCode());
            assertEquals("7", response.headers().firstValue("Retry-After").orElse(""));
        }
    }

    @Test
    void callsOfToolsGoThroughBothWays() throws Exception {
        JsonArray tools = new JsonArray("[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]");
        JsonObject call = new JsonObject(
                "{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}");
        JsonObject whole =
                new JsonObject(ask(request("call").put("tools", tools)).body());
        JsonObject choice = whole.getJsonArray("choices").getJsonObject(0);
        assertEquals("tool_calls", choice.getString("finish_reason"));
        assertNull(choice.getJsonObject("message").getValue("content"));
        assertEquals(new JsonArray().add(call), choice.getJsonObject("message").getJsonArray("tool_calls"));
        assertEquals(tools, new JsonArray(LAST.get().wish().tools()));
        List<JsonObject> chunks = chunks(
                ask(request("call").put("tools", tools).put("stream", true)).body());
        JsonObject told = chunks.stream()
                .filter(c -> delta(c).containsKey("tool_calls"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                call.copy().put("index", 0),
                delta(told).getJsonArray("tool_calls").getJsonObject(0));
        assertEquals(
                "tool_calls",
                chunks.get(chunks.size() - 1)
                        .getJsonArray("choices")
                        .getJsonObject(0)
                        .getString("finish_reason"));
        ask(request("call")
                .put("tools", tools)
                .put(
                        "messages",
                        new JsonArray()
                                .add(new JsonObject().put("role", "user").put("content", "call"))
                                .add(new JsonObject()
                                        .put("role", "assistant")
                                        .put("content", null)
                                        .put("tool_calls", new JsonArray().add(call)))
                                .add(new JsonObject()
                                        .put("role", "tool")
                                        .put("tool_call_id", "c1")
                                        .put("content", "42"))));
        assertEquals("42", LAST.get().wish().after().get(1).text());
        assertEquals("c1", LAST.get().wish().after().get(1).calls());
    }

    @Test
    void aStopWordEndsTheAnswerAndTheUpstream() throws Exception {
        JsonObject answer =
                new JsonObject(ask(request("count 500 s").put("stop", "w4 ")).body());
        JsonObject choice = answer.getJsonArray("choices").getJsonObject(0);
        assertEquals(CountingTier.words(3), choice.getJsonObject("message").getString("content"));
        assertEquals("stop", choice.getString("finish_reason"));
        awaitCancelled("count 500 s");
    }

    @Test
    void aClientThatLeavesStopsTheUpstreamWithinASecond() throws Exception {
        for (boolean stream : List.of(true, false)) {
            String question = "count 3000 leave" + stream;
            String body = request(question).put("stream", stream).encode();
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.getOutputStream()
                    .write(
                            ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                            + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                                    .getBytes(StandardCharsets.UTF_8));
            if (stream) {
                assertTrue(socket.getInputStream().read() > 0);
            } else {
                await(() -> LAST.get() != null && LAST.get().text().equals(question), 5_000);
            }
            long left = System.nanoTime();
            socket.close();
            awaitCancelled(question);
            long millis = (CountingTier.CANCELLED.get(question) - left) / 1_000_000;
            assertTrue(millis < 1_000, millis + " ms");
        }
    }

    @Test
    void aPromptBeyondTheBoundIsRefusedByName() throws Exception {
        HttpResponse<String> tooLong = ask(request("x".repeat(1 << 20)));
        assertEquals(413, tooLong.statusCode());
        assertEquals(
                "context_length_exceeded",
                new JsonObject(tooLong.body()).getJsonObject("error").getString("code"));
        assertEquals(413, ask(request("x".repeat(3 << 20))).statusCode());
        assertEquals(200, ask(request("count 1 " + "x".repeat(90_000))).statusCode());
    }

    @Test
    void nonsenseIsRefusedInOpenAisShape() throws Exception {
        for (String body : List.of("{", "[]", "{\"model\":7}", "\u0000")) {
            HttpResponse<String> refused = send(body);
            assertEquals(400, refused.statusCode());
            assertEquals(
                    "invalid_request_error",
                    new JsonObject(refused.body()).getJsonObject("error").getString("type"));
        }
        HttpResponse<String> unknown = ask(request("x").put("model", "gpt-9"));
        assertEquals(404, unknown.statusCode());
        assertEquals(
                "model_not_found",
                new JsonObject(unknown.body()).getJsonObject("error").getString("code"));
        HttpResponse<String> stranger = HTTP.send(
                HttpRequest.newBuilder(address())
                        .header("Authorization", "Bearer sk-stranger")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(401, stranger.statusCode());
        assertEquals(
                "invalid_api_key",
                new JsonObject(stranger.body()).getJsonObject("error").getString("code"));
        assertFalse(stranger.body().contains("sk-stranger"));
    }

    private static void awaitCancelled(String question) throws Exception {
        await(() -> CountingTier.CANCELLED.containsKey(question), 5_000);
    }

    private static void await(java.util.function.BooleanSupplier state, long millis) throws Exception {
        long patience = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        while (!state.getAsBoolean()) {
            assertTrue(System.nanoTime() < patience, "not in time");
            Thread.sleep(5);
        }
    }

    private static JsonObject request(String question) {
        return new JsonObject()
                .put("model", "skyai-advanced")
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", question)));
    }

    private static HttpResponse<String> ask(JsonObject request) throws Exception {
        return send(request.encode());
    }

    private static HttpResponse<String> send(String body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(address())
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(30))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static URI address() {
        return URI.create("http://127.0.0.1:" + port + "/v1/chat/completions");
    }

    private static List<JsonObject> chunks(String body) {
        return body.lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> new JsonObject(line.substring(6)))
                .toList();
    }

    private static JsonObject delta(JsonObject chunk) {
        JsonArray choices = chunk.getJsonArray("choices");
        return choices.isEmpty() ? new JsonObject() : choices.getJsonObject(0).getJsonObject("delta");
    }

    private static String text(List<JsonObject> chunks) {
        StringBuilder text = new StringBuilder();
        chunks.forEach(chunk -> text.append(delta(chunk).getString("content", "")));
        return text.toString();
    }

    /** Does what the first word of the question says, and passes on what it does not know. */
    private static final class Scripted implements Tier {
        @Override
        public Level level() {
            return Level.L3;
        }

        @Override
        public Flow answer(Question question) {
            LAST.set(question);
            return new Flow() {
                @Override
                public void begin(Telling told) {
                    String word = question.text().split(" ")[0];
                    switch (word) {
                        case "break" -> {
                            told.text("one two ");
                            told.text("three ");
                            told.fails(new Fault(Fault.Kind.UNAVAILABLE, "upstream: cut"));
                        }
                        case "fail" -> told.fails(new Fault(Fault.Kind.UNAVAILABLE, "upstream: down"));
                        case "rest" -> told.fails(new Fault(Fault.Kind.UNAVAILABLE, "upstream: resting", 7));
                        case "call" -> {
                            told.calls(
                                    "[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]");
                            told.end("tool_calls");
                        }
                        default -> told.passes(skynet.bus.Cascade.Outcome.MISS, "not scripted");
                    }
                }

                @Override
                public void pause() {}

                @Override
                public void resume() {}

                @Override
                public void cancel(String reason) {}
            };
        }
    }
}
