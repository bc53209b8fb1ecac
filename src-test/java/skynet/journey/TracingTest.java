package skynet.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.until;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.testkit.RunningNode;

/** A node that is told where traces go sends what it did there, in the trace of whoever asked; one that is not, does not. */
class TracingTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String SECRET = "marker-of-a-text-that-is-nobodys-business";

    @TempDir
    Path temporary;

    private final ConcurrentLinkedQueue<String> received = new ConcurrentLinkedQueue<>();
    private HttpServer collector;

    @BeforeEach
    void collect() throws Exception {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            exchange.getRequestBody().transferTo(body);
            received.add(
                    exchange.getRequestHeaders().getFirst("x-team") + " " + body.toString(StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    @Test
    void theStepsOfARequestJoinTheTraceOfWhoeverAsked() throws Exception {
        Map<String, String> told = Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + collector.getAddress().getPort() + "/",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "x-team=red",
                "OTEL_SERVICE_NAME",
                "skynet-under-test");
        try (RunningNode node = RunningNode.start(temporary.resolve("data"), told)) {
            HttpResponse<String> answer = encode(node);
            assertEquals(200, answer.statusCode());
            String echoed = answer.headers().firstValue("traceparent").orElse("none");
            assertTrue(echoed.matches("00-" + TRACE + "-[0-9a-f]{16}-01"), echoed);
            assertFalse(echoed.contains(SPAN), "the node's own step, not the asker's");
            String trace = new String(HexFormat.of().parseHex(TRACE), StandardCharsets.ISO_8859_1);
            until(() -> received.stream().anyMatch(spans -> spans.contains(trace)));
            String spans = String.join("\n", received);
            assertTrue(spans.contains("red "));
            assertTrue(spans.contains("skynet-under-test"));
            assertTrue(spans.contains("NOD1"));
            assertTrue(spans.contains("here.genom.encode"), "the ask over the bus is a step of its own");
            assertFalse(spans.contains(SECRET), "what is said is nobody's business");
        }
    }

    @Test
    void aNodeThatWasToldNothingTracesNothing() throws Exception {
        try (RunningNode node = RunningNode.start(temporary.resolve("data"))) {
            assertTrue(encode(node).headers().firstValue("traceparent").isEmpty());
        }
    }

    private static HttpResponse<String> encode(RunningNode node) throws Exception {
        return node.send(HttpRequest.newBuilder(URI.create(node.address() + "/v1/encode"))
                .header("traceparent", "00-" + TRACE + "-" + SPAN + "-01")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"" + SECRET + "\"}")));
    }
}
