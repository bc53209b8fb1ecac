package skynet.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.testkit.RunningNode;

/** A person's first day with a node, over HTTP only, against the fat JAR. */
class FirstDayTest {
    @TempDir
    static Path home;

    private static RunningNode node;

    @BeforeAll
    static void start() throws Exception {
        node = RunningNode.start(home.resolve("data"));
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    @Test
    void aQuestionAboutTheNodeIsAnsweredWithACitationThatStandsInTheDocument() throws Exception {
        JsonObject answer = node.ask("What does NOD7 do?");
        assertTrue(answer.getBoolean("answered"));
        assertTrue(List.of("L0", "L1").contains(answer.getString("level")));
        assertEquals("SkyAI Standard", answer.getString("brand"));
        citationsStand(answer);
    }

    @Test
    void theSameQuestionAgainComesFromTheCache() throws Exception {
        node.ask("How do I run a node?");
        JsonObject again = node.ask("how do I  run a node");
        assertEquals("L0", again.getString("level"));
        citationsStand(again);
    }

    @Test
    void whatTheNodeDoesNotKnowItDoesNotAnswer() throws Exception {
        JsonObject answer = node.ask("Who won the chess tournament in Linares in 1994?");
        assertFalse(answer.getBoolean("answered"));
        assertEquals(new JsonArray(), answer.getJsonArray("citations"));
        assertEquals("L2", answer.getString("level"));
    }

    @Test
    void aPersonsOwnDocumentIsAnsweredFromAndForgotten() throws Exception {
        String text = "# Garden\r\n\r\n😀 The greenhouse door opens at seven in the morning.\r\n";
        node.put(
                "/api/knowledge/documents/my/garden.md",
                new JsonObject().put("title", "Garden").put("text", text));
        JsonObject answer = node.ask("When does the greenhouse door open?");
        assertTrue(answer.getBoolean("answered"));
        assertEquals(
                "my/garden.md",
                answer.getJsonArray("citations").getJsonObject(0).getString("document"));
        citationsStand(answer);
        node.send(node.asOwner("/api/knowledge/documents/my/garden.md").DELETE());
        assertFalse(node.ask("When does the greenhouse door open?").getBoolean("answered"));
    }

    @Test
    void helloWorldIsTwoTokensAndAGreeting() throws Exception {
        JsonObject encoded = new JsonObject(
                node.post("/v1/encode", "{\"text\":\"Hello world\"}").body());
        assertEquals(2, encoded.getInteger("token_count"));
        assertEquals("greeting", encoded.getJsonObject("intent").getString("name"));
        assertEquals("hello", encoded.getJsonArray("tokens").getJsonObject(0).getString("canonical"));
        assertEquals("world", encoded.getJsonArray("tokens").getJsonObject(1).getString("canonical"));
    }

    @Test
    void textComesBackExactlyAsItWent() throws Exception {
        List<String> texts = List.of(
                "",
                " ",
                "Příliš žluťoučký kůň 😀\n\t  HELLO",
                "\u0000\uFFFF 中文 \r\n",
                "new york New York",
                "a ".repeat(90_000));
        for (String text : texts) {
            HttpResponse<String> encoded =
                    node.post("/v1/encode", new JsonObject().put("text", text).encode());
            assertEquals(200, encoded.statusCode(), encoded.body());
            String frame = new JsonObject(encoded.body()).getString("genom_message");
            String decoded = node.post(
                            "/api/genom/decode",
                            new JsonObject().put("genom_message", frame).encode())
                    .body();
            assertEquals(text, new JsonObject(decoded).getString("text"));
        }
    }

    @Test
    void theDictionaryHasAMillionTokensInFourQuadrants() throws Exception {
        JsonObject stats = new JsonObject(node.get("/v1/stats").body());
        assertEquals(1_000_000, stats.getInteger("tokens"));
        for (String by : List.of("sectors", "quadrants")) {
            assertEquals(
                    1_000_000,
                    stats.getJsonObject(by).stream()
                            .mapToInt(e -> (Integer) e.getValue())
                            .sum());
        }
        assertTrue(stats.getJsonObject("quadrants").stream().allMatch(e -> (Integer) e.getValue() > 0));
    }

    @Test
    void aTokenIsFoundByWordIdAndHex() throws Exception {
        JsonObject byWord = new JsonObject(node.get("/v1/lookup?word=HELLO").body());
        assertEquals(
                byWord,
                new JsonObject(node.get("/v1/lookup?id=" + byWord.getString("token_id"))
                        .body()));
        assertEquals(
                byWord,
                new JsonObject(
                        node.get("/v1/lookup?hex=" + byWord.getString("hex")).body()));
    }

    @Test
    void everyOperationOfTheContractAnswersItsExampleWith200() throws Exception {
        node.put(
                "/api/knowledge/documents/notes/garden.md",
                new JsonObject().put("title", "Garden").put("text", "A document to read before the contract's own."));
        JsonObject paths = new JsonObject(node.get("/openapi.json").body()).getJsonObject("paths");
        List<String> wrong = new ArrayList<>();
        for (String path : paths.fieldNames()) {
            JsonObject item = paths.getJsonObject(path);
            // A document is forgotten last: until then the others read it.
            for (String method : List.of("get", "head", "put", "post", "delete")) {
                JsonObject operation = item.getJsonObject(method);
                // What needs more than its example has a test of its own. A hello is good once, so the contract can
                // have no example of a handshake: HandshakeJourneyTest makes
                // one.
                boolean once = path.startsWith("/v1/handshake") && method.equals("post");
                if (operation == null || once || operation.containsKey("x-needs")) {
                    continue;
                }
                boolean socket = operation.getJsonObject("responses").containsKey("101");
                int status = socket ? shaken(path) : exampleOf(path, method, item, operation);
                if (status != (socket ? 101 : 200)) {
                    wrong.add(method + " " + path + ": " + status);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static int exampleOf(String path, String method, JsonObject item, JsonObject operation) throws Exception {
        JsonArray parameters = item.getJsonArray("parameters", new JsonArray())
                .copy()
                .addAll(operation.getJsonArray("parameters", new JsonArray()));
        StringBuilder target = new StringBuilder(path);
        char before = '?';
        for (int i = 0; i < parameters.size(); i++) {
            JsonObject parameter = parameters.getJsonObject(i);
            String name = parameter.getString("name");
            String example = parameter.getString("example");
            if (parameter.getString("in").equals("path")) {
                int at = target.indexOf("{" + name + "}");
                target.replace(at, at + name.length() + 2, example);
            } else if (parameter.getString("in").equals("query") && example != null) {
                target.append(before).append(name).append('=').append(example);
                before = '&';
            }
        }
        JsonObject body = operation.getJsonObject("requestBody");
        HttpRequest.Builder request = node.asOwner(target.toString());
        if (body == null) {
            request.method(method.toUpperCase(Locale.ROOT), HttpRequest.BodyPublishers.noBody());
        } else {
            Map.Entry<String, Object> content =
                    body.getJsonObject("content").iterator().next();
            Object example = ((JsonObject) content.getValue()).getValue("example");
            request.header("Content-Type", content.getKey())
                    .method(
                            method.toUpperCase(Locale.ROOT),
                            HttpRequest.BodyPublishers.ofString(
                                    example instanceof JsonObject json ? json.encode() : String.valueOf(example)));
        }
        return node.send(request).statusCode();
    }

    private static int shaken(String path) throws Exception {
        String answer =
                raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Protocol: skynet.chat.v1\r\n\r\n");
        return Integer.parseInt(answer.substring("HTTP/1.1 ".length(), 12));
    }

    @Test
    void badInputIsRefusedByNameAndHarmsNothing() throws Exception {
        Map<String, Integer> bodies = Map.of(
                "{",
                400,
                "[]",
                400,
                "",
                400,
                "{\"text\":1}",
                400,
                "{\"text\":\"\\ud800\"}",
                400,
                "{\"text\":\"a\",\"b\":1}",
                400,
                "{\"text\":\"a\",\"text\":\"b\"}",
                400,
                "{\"text\":\"a\"} x",
                400,
                "[".repeat(5_000),
                400,
                "{\"text\":\"" + "a".repeat(7 << 20) + "\"}",
                413);
        for (Map.Entry<String, Integer> body : bodies.entrySet()) {
            refused(body.getValue(), node.post("/v1/encode", body.getKey()));
        }
        refused(
                400,
                node.send(HttpRequest.newBuilder(node.address().resolve("/v1/encode"))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {'{', '"', (byte) 0xFF}))));
        for (String path : List.of(
                "/v1/dictionary?limit=1000000000",
                "/v1/dictionary?limit=NaN",
                "/v1/dictionary?cursor=-1",
                "/v1/dictionary?sector=none",
                "/v1/dictionary?quadrant=V",
                "/v1/lookup",
                "/v1/lookup?word=a&id=1",
                "/v1/lookup?id=T-99999999999",
                "/v1/lookup?hex=zz",
                "/v1/dictionary/nearest?word=dog&limit=0",
                "/v1/stats?x=1")) {
            refused(400, node.get(path));
        }
        String beyond = "é".repeat((1 << 19) + 1);
        for (String path : List.of("/v1/encode", "/v1/translate")) {
            JsonObject text = new JsonObject().put("text", beyond);
            refused(413, node.post(path, (path.endsWith("encode") ? text : text.put("target", "cs")).encode()));
        }
        refused(
                413,
                node.post(
                        "/api/chat/message",
                        new JsonObject().put("message", "a".repeat(16_001)).encode()));
        refused(
                400,
                node.post(
                        "/api/chat/message",
                        new JsonObject().put("message", " ").encode()));
        refused(404, node.get("/v1/lookup?word=zzzzqqqq"));
        refused(404, node.get("/no/such/page"));
        refused(405, node.get("/v1/encode"));
        refused(
                405,
                node.send(HttpRequest.newBuilder(node.address().resolve("/v1/stats"))
                        .DELETE()));
        assertEquals(200, node.get("/health").statusCode());
    }

    @Test
    void inventedMethodsInventNoMeters() throws Exception {
        for (int i = 0; i < 20; i++) {
            raw("INVENTED" + i + " /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        String metrics = node.send(node.asOwner("/metrics")).body();
        assertFalse(metrics.contains("INVENTED"));
        assertTrue(metrics.contains("method=\"other\""));
    }

    @Test
    void aFrameThatIsCutOrBentIsRefused() throws Exception {
        String frame = new JsonObject(node.post("/v1/encode", "{\"text\":\"Hello brave new world\"}")
                        .body())
                .getString("genom_message");
        for (int length = 0; length < frame.length(); length++) {
            refused(
                    400,
                    node.post(
                            "/v1/decode",
                            new JsonObject()
                                    .put("genom_message", frame.substring(0, length))
                                    .encode()));
        }
        String bent = frame.replace("|MSG|", "|MSH|");
        refused(
                400,
                node.post(
                        "/v1/decode",
                        new JsonObject().put("genom_message", bent).encode()));
    }

    @Test
    void aStrangersHostAndOriginAreRefused() throws Exception {
        assertTrue(raw("GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n").startsWith("HTTP/1.1 421"));
        assertTrue(raw("GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n")
                .startsWith("HTTP/1.1 421"));
        assertTrue(raw("GET /health HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n")
                .startsWith("HTTP/1.1 403"));
        assertTrue(raw("TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n").startsWith("HTTP/1.1 405"));
        String upgrade = "GET /ws/chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Sec-WebSocket-Protocol: skynet.chat.v1\r\n";
        assertTrue(raw(upgrade + "Origin: http://evil.example\r\n\r\n").startsWith("HTTP/1.1 403"));
        assertTrue(raw(upgrade.replace("localhost", "evil.example") + "\r\n").startsWith("HTTP/1.1 421"));
        assertTrue(raw(upgrade + "\r\n").startsWith("HTTP/1.1 101"));
    }

    @Test
    void whoConnectsAndSaysNothingOrTooSlowlyIsCutOff() throws Exception {
        try (Socket silent = new Socket(node.address().getHost(), node.address().getPort());
                Socket slow =
                        new Socket(node.address().getHost(), node.address().getPort())) {
            silent.setSoTimeout(20_000);
            slow.setSoTimeout(20_000);
            slow.getOutputStream()
                    .write(("POST /v1/encode HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 100\r\n\r\n{")
                            .getBytes(StandardCharsets.ISO_8859_1));
            assertEquals(-1, silent.getInputStream().read());
            assertTrue(new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .startsWith("HTTP/1.1 408"));
        }
        assertEquals(200, node.get("/health").statusCode());
    }

    @Test
    void aSocketAnswersQuestionsAndRefusesNonsense() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("skynet.chat.v1")
                .buildAsync(
                        URI.create(node.address().toString().replace("http", "ws") + "/ws/chat"),
                        new WebSocket.Listener() {
                            private final StringBuilder frame = new StringBuilder();

                            @Override
                            public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
                                frame.append(part);
                                if (last) {
                                    heard.add(frame.toString());
                                    frame.setLength(0);
                                }
                                from.request(1);
                                return null;
                            }

                            @Override
                            public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
                                heard.add("{\"type\":\"closed\",\"code\":" + code + "}");
                                return null;
                            }
                        })
                .get(10, TimeUnit.SECONDS);
        socket.sendText("{nonsense", true);
        assertEquals("error", new JsonObject(heard.poll(10, TimeUnit.SECONDS)).getString("type"));
        socket.sendText(
                new JsonObject()
                        .put("type", "ask")
                        .put("message", "What is GENOM?")
                        .encode(),
                true);
        JsonObject frame = new JsonObject(heard.poll(20, TimeUnit.SECONDS));
        assertEquals("begun", frame.getString("type"));
        frame = new JsonObject(heard.poll(20, TimeUnit.SECONDS));
        assertEquals("route", frame.getString("type"));
        while (!frame.getString("type").equals("done")) {
            frame = new JsonObject(heard.poll(20, TimeUnit.SECONDS));
        }
        assertTrue(frame.getBoolean("answered"));
        socket.sendText("x".repeat(300_000), true);
        assertEquals(1009, new JsonObject(heard.poll(10, TimeUnit.SECONDS)).getInteger("code"));
    }

    @Test
    void aMessageSaidTwiceIsAnsweredOnce() throws Exception {
        String message = new JsonObject()
                .put("message", "What is GENOM?")
                .put("message_id", UUID.randomUUID().toString())
                .encode();
        JsonObject first =
                new JsonObject(node.post("/api/chat/message", message).body());
        assertEquals(
                first, new JsonObject(node.post("/api/chat/message", message).body()));
        refused(409, node.post("/api/chat/message", message.replace("What is GENOM?", "What is NOD7?")));
    }

    @Test
    void pagesComeWithAStrictPolicyAndAskNoOtherHost() throws Exception {
        for (String path : List.of("/", "/chat", "/genom", "/plane", "/swarm", "/status", "/docs")) {
            HttpResponse<String> page = node.get(path);
            assertEquals(200, page.statusCode(), path);
            assertTrue(page.headers()
                    .firstValue("Content-Security-Policy")
                    .orElse("")
                    .contains("default-src 'none'"));
            assertFalse(page.body().matches("(?s).*(src|href)=\"(https?:)?//.*"), path + " asks another host");
        }
    }

    @Test
    void whatWasSaidAndLearnedOutlivesAKill() throws Exception {
        Path data = home.resolve("killed");
        String message = new JsonObject()
                .put("message", "What colour is the lighthouse of Arkona?")
                .put("message_id", UUID.randomUUID().toString())
                .encode();
        RunningNode before = RunningNode.start(data);
        JsonObject text =
                new JsonObject().put("title", "Light").put("text", "The lighthouse of Arkona is painted yellow.");
        assertTrue(before.put("/api/knowledge/documents/light.txt", text).getBoolean("changed"));
        JsonObject said =
                new JsonObject(before.post("/api/chat/message", message).body());
        before.kill();
        try (RunningNode after = RunningNode.start(data)) {
            assertEquals(
                    said,
                    new JsonObject(after.post("/api/chat/message", message).body()));
            assertFalse(after.put("/api/knowledge/documents/light.txt", text).getBoolean("changed"));
            assertTrue(after.ask("What colour is the lighthouse of Arkona?")
                    .getString("answer")
                    .contains("yellow"));
        }
    }

    @Test
    void aSecondNodeOnTheSameDataIsRefusedInOneLine() throws Exception {
        Path log = home.resolve("second.log");
        Process second = RunningNode.launch(home.resolve("data"), log);
        assertTrue(second.waitFor(30, TimeUnit.SECONDS));
        List<String> said = Files.readAllLines(log);
        assertEquals(75, second.exitValue(), said.toString());
        assertEquals(2, said.size(), said.toString());
        assertTrue(said.get(0).matches("skynet: data directory: .* is in use by process \\d+ .*"), said.get(0));
        assertTrue(said.get(1).startsWith("  fix: stop the other node"), said.get(1));
    }

    private static void citationsStand(JsonObject answer) throws Exception {
        JsonArray citations = answer.getJsonArray("citations");
        assertFalse(citations.isEmpty());
        for (int i = 0; i < citations.size(); i++) {
            JsonObject citation = citations.getJsonObject(i);
            String name = URLEncoder.encode(citation.getString("document"), StandardCharsets.UTF_8);
            String text =
                    new JsonObject(node.get("/api/knowledge/documents/" + name).body()).getString("text");
            assertEquals(
                    citation.getString("text"),
                    text.substring(citation.getInteger("start"), citation.getInteger("end")));
        }
    }

    private static void refused(int status, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        JsonObject problem = new JsonObject(answer.body());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""));
        assertEquals(status, problem.getInteger("status"));
        assertFalse(problem.getString("detail").isBlank());
        assertFalse(problem.getString("request_id").isBlank());
        assertFalse(answer.body().contains("Exception"));
    }

    private static String raw(String request) throws Exception {
        try (Socket socket = new Socket(node.address().getHost(), node.address().getPort())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readNBytes(12), StandardCharsets.ISO_8859_1);
        }
    }
}
