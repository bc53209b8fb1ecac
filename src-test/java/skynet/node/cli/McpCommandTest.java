package skynet.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bridge between standard input and output and a node, line by line, before a node that answers what the test wants. */
class McpCommandTest {
    @TempDir
    Path temporary;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> versions = new ArrayList<>();
    private HttpServer node;
    private int port;
    private int status = 200;
    private String body = "";

    @BeforeEach
    void open() throws Exception {
        node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/mcp", exchange -> {
            versions.add(String.valueOf(exchange.getRequestHeaders().getFirst("MCP-Protocol-Version")));
            exchange.getRequestBody().readAllBytes();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        node.start();
        port = node.getAddress().getPort();
    }

    @AfterEach
    void close() {
        node.stop(0);
    }

    @Test
    void theAgreedVersionIsToldFromThenOn() {
        body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-06-18\"}}";
        List<JsonObject> said = bridge(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}",
                "",
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}");
        assertEquals(2, said.size());
        assertEquals(List.of("null", "2025-06-18"), versions);
    }

    @Test
    void whatIsNotAnsweredLeavesNoLine() {
        status = 202;
        assertEquals(List.of(), bridge("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"));
    }

    @Test
    void aRefusalOfTheNodeIsAnErrorOfTheMessage() {
        status = 401;
        body = "{\"detail\":\"Authorization: missing\"}";
        JsonObject said =
                bridge("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\"}").get(0);
        assertEquals("a", said.getString("id"));
        assertTrue(said.getJsonObject("error").getString("message").contains("401 Authorization: missing"));
        status = 500;
        body = "<html>";
        assertTrue(bridge("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}")
                .get(0)
                .getJsonObject("error")
                .getString("message")
                .contains("500"));
        assertEquals(List.of(), bridge("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}"));
        assertTrue(err.toString().contains("500"), err.toString());
    }

    @Test
    void nonsenseAndANodeThatIsGoneAreTold() {
        assertEquals(-32_700, bridge("{").get(0).getJsonObject("error").getInteger("code"));
        node.stop(0);
        JsonObject said =
                bridge("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}").get(0);
        assertEquals(7, said.getInteger("id"));
        assertTrue(said.getJsonObject("error").getString("message").startsWith("node: none answers"));
    }

    private List<JsonObject> bridge(String... lines) {
        out.getBuffer().setLength(0);
        Console console = new Console(
                Map.of("SKYNET_DATA_DIR", temporary.toString()),
                new ByteArrayInputStream((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out, true),
                new PrintWriter(err, true));
        SkynetCommand.run(console, settings -> 0, "mcp", "--http-port", "" + port);
        return out.toString().lines().map(JsonObject::new).toList();
    }
}
