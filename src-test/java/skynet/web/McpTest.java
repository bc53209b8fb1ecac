package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import skynet.bus.Bus;
import skynet.cascade.tools.ToolsVerticle;
import skynet.kit.ToolsConfig;

/** The Model Context Protocol over HTTP, message by message. */
class McpTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final WebVerticle web = Doors.on(bus);
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void open() throws Exception {
        await(vertx.deployVerticle(
                new ToolsVerticle(bus, new ToolsConfig(Optional.empty()), false, InstantSource.system())));
        await(vertx.deployVerticle(web));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @ParameterizedTest
    @CsvSource({
        "2025-11-25, 2025-11-25",
        "2025-06-18, 2025-06-18",
        "2025-03-26, 2025-03-26",
        "2024-11-05, 2024-11-05",
        "1999-01-01, 2025-11-25"
    })
    void theVersionIsTheClientsOrTheLatest(String asked, String spoken) throws Exception {
        JsonObject result = result(call("initialize", new JsonObject().put("protocolVersion", asked)));
        assertEquals(spoken, result.getString("protocolVersion"));
        assertEquals("skynet", result.getJsonObject("serverInfo").getString("name"));
        assertTrue(result.getJsonObject("capabilities").containsKey("tools"));
    }

    @Test
    void aToolIsListedWithItsSchemaAndUsed() throws Exception {
        JsonArray tools = result(call("tools/list", new JsonObject())).getJsonArray("tools");
        assertEquals(5, tools.size());
        JsonObject used = result(call(
                "tools/call",
                new JsonObject()
                        .put("name", "calculator")
                        .put("arguments", new JsonObject().put("expression", "6*7"))));
        assertEquals("42", used.getJsonObject("structuredContent").getString("result"));
        assertEquals(false, used.getBoolean("isError"));
        assertEquals(
                used.getJsonObject("structuredContent"),
                new JsonObject(used.getJsonArray("content").getJsonObject(0).getString("text")));
    }

    @Test
    void aToolThatRefusesIsAnAnswerAndAnUnknownOneAnError() throws Exception {
        JsonObject used = result(call(
                "tools/call",
                new JsonObject()
                        .put("name", "calculator")
                        .put("arguments", new JsonObject().put("expression", "1/0"))));
        assertEquals(true, used.getBoolean("isError"));
        assertEquals(Mcp.INVALID_PARAMS, code(call("tools/call", new JsonObject().put("name", "format_disk"))));
        assertEquals(Mcp.INVALID_PARAMS, code(call("tools/call", new JsonObject())));
        assertEquals(Mcp.METHOD_NOT_FOUND, code(call("resources/list", new JsonObject())));
        assertEquals(Mcp.INVALID_PARAMS, code(call("tools/list", new JsonObject().put("cursor", "x"))));
    }

    @Test
    void aNotificationIsAcceptedAndNotAnswered() throws Exception {
        HttpResponse<String> noted = post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        assertEquals(202, noted.statusCode());
        assertEquals("", noted.body());
        assertEquals(202, post("{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{}}").statusCode());
    }

    @Test
    void whatIsNoMessageIsAnErrorOfTheProtocol() throws Exception {
        for (String nonsense : List.of("{", "nothing", "\u0000")) {
            HttpResponse<String> refused = post(nonsense);
            assertEquals(400, refused.statusCode());
            assertEquals(Mcp.PARSE_ERROR, code(refused));
        }
        for (String none : List.of(
                "7",
                "{}",
                "[]",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}")) {
            HttpResponse<String> refused = post(none);
            assertEquals(400, refused.statusCode(), none);
            assertEquals(Mcp.INVALID_REQUEST, code(refused), none);
        }
        assertEquals(413, post("[" + " ".repeat(JsonBody.BYTES_MAX) + "]").statusCode());
    }

    @Test
    void severalMessagesComeTogetherOnlyInTheVersionThatKnowsThis() throws Exception {
        String two =
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"},"
                        + "{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":\"nope\"}]";
        JsonArray answers =
                new JsonArray(post(two, "MCP-Protocol-Version", "2025-03-26").body());
        assertEquals(2, answers.size());
        assertEquals("b", answers.getJsonObject(1).getString("id"));
        assertEquals(400, post(two, "MCP-Protocol-Version", "2025-06-18").statusCode());
        String notes = "[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}]";
        assertEquals(202, post(notes).statusCode());
        String ping = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
        assertEquals(
                400,
                post("[" + (ping + ",").repeat(McpRoutes.BATCH_MAX) + ping + "]")
                        .statusCode());
    }

    @Test
    void headersThatDoNotFitAreRefused() throws Exception {
        String ping = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
        assertEquals(400, post(ping, "MCP-Protocol-Version", "yesterday").statusCode());
        assertEquals(406, post(ping, "Accept", "text/event-stream").statusCode());
        assertEquals(
                200, post(ping, "Accept", "application/json, text/event-stream").statusCode());
        assertEquals(403, post(ping, "Origin", "http://evil.example").statusCode());
        assertEquals(415, post(ping, "Content-Type", "text/plain").statusCode());
        HttpResponse<String> got =
                http.send(HttpRequest.newBuilder(address()).GET().build(), HttpResponse.BodyHandlers.ofString());
        assertEquals(405, got.statusCode());
        assertEquals("POST", got.headers().firstValue("Allow").orElse(""));
    }

    private HttpResponse<String> call(String method, JsonObject params) throws Exception {
        return post(new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", 1)
                .put("method", method)
                .put("params", params)
                .encode());
    }

    private HttpResponse<String> post(String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(address()).POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length == 0 || !headers[0].equals("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + web.port() + "/mcp");
    }

    private static JsonObject result(HttpResponse<String> answer) {
        assertEquals(200, answer.statusCode(), answer.body());
        return new JsonObject(answer.body()).getJsonObject("result");
    }

    private static int code(HttpResponse<String> answer) {
        return new JsonObject(answer.body()).getJsonObject("error").getInteger("code");
    }
}
