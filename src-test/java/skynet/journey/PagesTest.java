package skynet.journey;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import skynet.testkit.Chromium;
import skynet.testkit.RunningNode;

/** The plane, the status and the swarm, as programs and browsers meet them, against the fat JAR. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PagesTest {
    private static final String PLANE = "/v1/dictionary/plane";
    private static final int PLANE_BYTES = 8_000_000;

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
    void thePlaneHoldsThePointOfEveryToken() throws Exception {
        HttpResponse<byte[]> plane = bytes(PLANE);
        assertEquals(200, plane.statusCode());
        assertEquals(PLANE_BYTES, plane.body().length);
        ByteBuffer points = ByteBuffer.wrap(plane.body()).order(ByteOrder.LITTLE_ENDIAN);
        for (int id = 0; id < 1_000_000; id += 9_973) {
            JsonObject token = new JsonObject(node.get("/v1/lookup?id=" + id).body());
            assertEquals(token.getDouble("r"), points.getFloat(8 * id), 1e-6, token.encode());
            assertEquals(token.getDouble("theta"), points.getFloat(8 * id + 4), 6e-5, token.encode());
        }
    }

    @Test
    void whoKnowsTheVersionMayKeepThePlaneForEver() throws Exception {
        String version = new JsonObject(node.get("/v1/stats").body()).getString("version");
        HttpResponse<byte[]> plane = bytes(PLANE + "?v=" + version, "Range", "bytes=0-7");
        assertTrue(header(plane, "Cache-Control").contains("immutable"));
        assertEquals("no-cache", header(bytes(PLANE, "Range", "bytes=0-7"), "Cache-Control"));
        HttpResponse<byte[]> again = bytes(PLANE, "If-None-Match", header(plane, "ETag"));
        assertEquals(304, again.statusCode());
        assertEquals(0, again.body().length);
        assertEquals(404, bytes(PLANE + "?v=0").statusCode());
        assertEquals(400, bytes(PLANE + "?x=0").statusCode());
    }

    @Test
    void aPartOfThePlaneIsThatPart() throws Exception {
        byte[] whole = bytes(PLANE).body();
        HttpResponse<byte[]> part = bytes(PLANE, "Range", "bytes=4000000-4000015");
        assertEquals(206, part.statusCode());
        assertEquals("bytes 4000000-4000015/8000000", header(part, "Content-Range"));
        assertArrayEquals(Arrays.copyOfRange(whole, 4_000_000, 4_000_016), part.body());
        HttpResponse<byte[]> beyond = bytes(PLANE, "Range", "bytes=8000000-");
        assertEquals(416, beyond.statusCode());
        assertEquals("bytes */8000000", header(beyond, "Content-Range"));
        assertEquals(
                200, bytes(PLANE, "Range", "bytes=0-7", "If-Range", "\"other\"").statusCode());
        HttpResponse<String> head =
                node.send(HttpRequest.newBuilder(node.address().resolve(PLANE))
                        .method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertEquals("8000000", head.headers().firstValue("Content-Length").orElse(""));
    }

    @Test
    void readersThatDoNotReadCostTheNodeNothingButTheirPlace() throws Exception {
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int reader = 0; reader < 150; reader++) {
                Socket socket = new Socket();
                socket.setReceiveBufferSize(4_096);
                socket.connect(new InetSocketAddress(
                        node.address().getHost(), node.address().getPort()));
                stalled.add(socket);
                socket.getOutputStream()
                        .write(("GET " + PLANE + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
            }
            HttpResponse<byte[]> late = bytes(PLANE);
            assertEquals(503, late.statusCode());
            assertEquals("2", header(late, "Retry-After"));
            assertEquals(200, node.get("/health").statusCode());
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (bytes(PLANE).statusCode() != 200) {
            assertTrue(System.nanoTime() < patience, "places are not given back");
            Thread.sleep(100);
        }
    }

    @Test
    void everyPageOpensInABrowserWithoutAComplaint() throws Exception {
        try (Chromium browser = browser()) {
            shows(browser, "/plane", "1,000,000 tokens", "8 tokens, full line");
            shows(browser, "/status", "parts work.", "no data: nobody watched", "Requests answered");
            shows(browser, "/swarm", "This node is the only member.", "Start a second node");
            shows(browser, "/", "1,000,000");
        }
    }

    @Test
    void whatChangesShowsOnAnOpenPageWhichAsksForNothingMeanwhile() throws Exception {
        try (Chromium browser = browser()) {
            Chromium.Page status = browser.open(node.address().resolve("/status"));
            status.awaitText("#parts", "postgres");
            List<String> asked = asked(status);
            Chromium.Page first = browser.open(node.address());
            first.awaitText("#words", "1,000,000");
            first.await(
                    "the documents are counted", () -> first.text("#documents").matches("[0-9]+"));
            int documents = Integer.parseInt(first.text("#documents"));
            List<String> before = asked(first);
            node.put(
                    "/api/knowledge/documents/live",
                    new JsonObject().put("title", "Live").put("text", "A page shows what changes."));
            first.awaitText("#documents", Integer.toString(documents + 1));
            assertEquals(before, asked(first));
            status.await("requests are counted live", () -> status.text("#now").matches("(?s).*\\d\\.\\d.*"));
            assertEquals(asked, asked(status));
        }
    }

    /** What a page asked the node for, beside its own files. */
    private static List<String> asked(Chromium.Page page) {
        return page.requests().stream()
                .filter(path -> path.matches("/(v1|api|health|eventbus).*"))
                .toList();
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void theDaysOutliveTheProcess() throws Exception {
        JsonObject before = new JsonObject(node.get("/v1/status").body());
        assertTrue(before.getString("sentence").matches("All \\d+ parts work"), before.encode());
        int seconds = 0;
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60); seconds == 0; Thread.sleep(50)) {
            assertTrue(System.nanoTime() < end, "no second is counted");
            seconds = upToday(new JsonObject(node.get("/v1/status").body()));
        }
        node.close();
        node = RunningNode.start(home.resolve("data"));
        JsonObject after = new JsonObject(node.get("/v1/status").body());
        assertTrue(upToday(after) >= seconds, after.encode());
    }

    /** Seconds that the database was seen to work, today and (around midnight) the day before. */
    private static int upToday(JsonObject status) {
        return status.getJsonArray("parts").stream()
                .map(JsonObject.class::cast)
                .filter(part -> part.getString("part").equals("postgres"))
                .flatMap(part -> part.getJsonArray("days").stream())
                .mapToInt(day -> ((JsonObject) day).getInteger("up"))
                .sum();
    }

    private static Chromium browser() throws Exception {
        Path program = Chromium.program().orElseGet(() -> {
            System.out.println("PagesTest: no Chromium on the path, so no page was opened in a browser");
            return Assumptions.abort("no Chromium on the path");
        });
        return new Chromium(program, Files.createTempDirectory(home, "browser"));
    }

    private static void shows(Chromium browser, String path, String... words) throws Exception {
        Chromium.Page page = browser.open(node.address().resolve(path));
        for (String word : words) {
            page.awaitText("main", word);
        }
        assertEquals(List.of(), page.complaints(), path);
        assertEquals("0", page.value("document.querySelectorAll('.notice.bad').length"), path + " shows a failure");
    }

    private static HttpResponse<byte[]> bytes(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(node.address().resolve(path));
        for (int at = 0; at < headers.length; at += 2) {
            request.header(headers[at], headers[at + 1]);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
