package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Bus;
import skynet.bus.Knowledge;
import skynet.testkit.Known;

/** The front door with rooms behind it that say what the test wants: what gets in, and how much of it. */
class DoorTest {
    private static final int CHARS = Knowledge.DOCUMENT_CHARS_MAX;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final WebVerticle web = Doors.on(bus);
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void open() throws Exception {
        await(Known.on(bus));
        await(vertx.deployVerticle(web));
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void aQueryThatCannotBeDecodedIsTheCallersMistake() throws Exception {
        for (String path : List.of("/v1/lookup?word=%zz", "/v1/dictionary?limit=%", "/v1/dictionary/plane?v=%zz")) {
            // java.net.URI refuses such a query, so the request is written by hand.
            String answer;
            try (Socket line = new Socket(InetAddress.getLoopbackAddress(), web.port())) {
                line.setSoTimeout(10_000);
                line.getOutputStream()
                        .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                answer = Buffer.buffer(line.getInputStream().readAllBytes()).toString();
            }
            assertTrue(answer.startsWith("HTTP/1.1 400"), path + ": " + answer);
            assertTrue(answer.contains(Problem.MEDIA_TYPE), answer);
        }
    }

    @Test
    void aDocumentWithoutANameIsRefused() throws Exception {
        for (String path : List.of("/api/knowledge/documents", "/api/knowledge/documents/")) {
            HttpResponse<String> put = send(path, "PUT", "{\"title\":\"a\",\"text\":\"b\"}");
            assertEquals(400, put.statusCode(), put.body());
            assertTrue(new JsonObject(put.body()).getString("detail").startsWith("document: missing"), put.body());
            assertEquals(400, send(path, "DELETE", "").statusCode(), path);
        }
    }

    @Test
    void aDocumentOfAsManyCharactersAsAllowedMayHaveThreeBytesForEach() throws Exception {
        await(bus.serve(
                Knowledge.Learn.class,
                learn -> Future.succeededFuture(new Knowledge.Learned(learn.document(), 1, true))));
        assertEquals(
                200, send("/api/knowledge/documents/a", "PUT", document(CHARS)).statusCode());
        assertEquals(
                413,
                send("/api/knowledge/documents/a", "PUT", document(CHARS + 1)).statusCode());
    }

    @Test
    void whatIsInsideAtOnceIsBoundedInBytes() throws Exception {
        Promise<Knowledge.Learned> learned = Promise.promise();
        Semaphore arrived = new Semaphore(0);
        await(bus.serve(Knowledge.Learn.class, learn -> {
            arrived.release();
            return learned.future();
        }));
        String document = document(7 << 20);
        int fit = (int) (FrontDoor.BYTES_INSIDE_MAX / document.getBytes(StandardCharsets.UTF_8).length);
        List<CompletableFuture<HttpResponse<String>>> inside = new ArrayList<>();
        for (int i = 0; i < fit; i++) {
            inside.add(client.sendAsync(
                    request("/api/knowledge/documents/" + i, "PUT", document), HttpResponse.BodyHandlers.ofString()));
        }
        assertTrue(arrived.tryAcquire(fit, 30, TimeUnit.SECONDS));
        assertTrue(put(document).startsWith("HTTP/1.1 503"));
        assertEquals(200, send("/health/live", "GET", "").statusCode(), "small requests get in");
        learned.complete(new Knowledge.Learned("a", 1, true));
        for (CompletableFuture<HttpResponse<String>> answer : inside) {
            assertEquals(200, answer.get(30, TimeUnit.SECONDS).statusCode());
        }
        assertEquals(
                200, send("/api/knowledge/documents/again", "PUT", document).statusCode());
    }

    /** Announces a document and hears what is said before it is sent. */
    private String put(String document) throws Exception {
        try (Socket line = new Socket(InetAddress.getLoopbackAddress(), web.port())) {
            line.setSoTimeout(10_000);
            line.getOutputStream()
                    .write(
                            ("PUT /api/knowledge/documents/more HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer operator\r\nContent-Length: "
                                            + document.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            return Buffer.buffer(line.getInputStream().readAllBytes()).toString();
        }
    }

    /** Chinese, three bytes a character. */
    private static String document(int chars) {
        return "{\"title\":\"a\",\"text\":\"" + "中".repeat(chars) + "\"}";
    }

    private HttpResponse<String> send(String path, String method, String body) throws Exception {
        return client.send(request(path, method, body), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path, String method, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer operator")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
    }
}
