package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Bus;
import skynet.bus.Genom;

/** Many lines in one request, with a GENOM room that can be held. */
class BatchTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final WebVerticle web = Doors.on(bus);
    private final AtomicInteger begun = new AtomicInteger();
    private final Promise<Void> held = Promise.promise();
    private Socket socket;

    @BeforeEach
    void open() throws Exception {
        await(bus.serve(Genom.Encode.class, ask -> {
            begun.incrementAndGet();
            return (ask.text().equals("wait") ? held.future() : Future.<Void>succeededFuture())
                    .map(go -> new Genom.Encoded(
                            "frame of " + ask.text(), new Genom.Intent("", "unknown", 0), List.of(), 1, 1, 1));
        }));
        await(vertx.deployVerticle(web));
        socket = new Socket(InetAddress.getLoopbackAddress(), web.port());
        socket.setSoTimeout(20_000);
    }

    @AfterEach
    void close() throws Exception {
        socket.close();
        await(vertx.close());
    }

    @Test
    void linesAreAnsweredInTheirOrderAndBadOnesByTheirProblem() throws Exception {
        send("{\"text\":\"one\",\"id\":\"1\"}\n\n{\"text\":7}\nnonsense\n{\"text\":\"last\"}", true);
        BufferedReader answers = answers();
        assertEquals("frame of one 1", said(answers));
        assertEquals(400, problem(answers));
        assertEquals(400, problem(answers));
        assertEquals("frame of last null", said(answers));
    }

    @Test
    void aLineBeyondTheBoundEndsTheBatchWithItsProblem() throws Exception {
        send("{\"text\":\"one\"}\n", false);
        byte[] endless = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
        for (int sent = 0; sent <= JsonBody.TEXT_BYTES_MAX; sent += endless.length) {
            chunk(endless);
        }
        BufferedReader answers = answers();
        assertEquals("frame of one null", said(answers));
        assertEquals(413, problem(answers));
    }

    @Test
    void noMoreLinesAreTakenThanAreBeingWorkedOn() throws Exception {
        send("{\"text\":\"wait\"}\n".repeat(200), true);
        while (begun.get() < Batch.AT_WORK_MAX) {
            Thread.onSpinWait();
        }
        get("/health/live"); // What follows on the event loop has had its turn.
        int atWork = begun.get();
        held.complete();
        BufferedReader answers = answers();
        for (int line = 0; line < 200; line++) {
            assertEquals("frame of wait null", said(answers));
        }
        assertTrue(atWork <= Batch.AT_WORK_MAX, atWork + " at work");
    }

    private void get(String path) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + web.port() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(200, answer.statusCode());
    }

    private void send(String body, boolean whole) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(("POST /v1/encode/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        chunk(body.getBytes(StandardCharsets.UTF_8));
        if (whole) {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void chunk(byte[] content) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((Integer.toHexString(content.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(content);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** The lines of the body; heads and chunk sizes are passed over, for each answer is one line. */
    private BufferedReader answers() throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static JsonObject next(BufferedReader answers) throws IOException {
        String line = answers.readLine();
        while (line != null && !line.startsWith("{")) {
            line = answers.readLine();
        }
        return new JsonObject(line);
    }

    private static String said(BufferedReader answers) throws IOException {
        JsonObject answer = next(answers);
        return answer.getString("genom_message") + " " + answer.getString("id");
    }

    private static int problem(BufferedReader answers) throws IOException {
        return next(answers).getJsonObject("problem").getInteger("status");
    }

    private static void await(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
