package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Fault;

/** What a failed request leaves in the log, and what it does not. */
class ProblemTest {
    private static final Logger LOGGER = Logger.getLogger("skynet.web");

    private final Vertx vertx = Vertx.vertx();
    private final List<LogRecord> logged = new CopyOnWriteArrayList<>();
    private final Promise<Throwable> hungUp = Promise.promise();
    private final Handler watcher = new Handler() {
        @Override
        public void publish(LogRecord line) {
            logged.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private Throwable failure;
    private int port;

    @BeforeEach
    void open() throws Exception {
        LOGGER.addHandler(watcher);
        LOGGER.setLevel(Level.ALL);
        Router router = Router.router(vertx);
        router.get("/failing").handler(request -> {
            request.put("request-id", "an-id-of-mine");
            Problem.answer(request, failure);
        });
        router.post("/body")
                .handler(request -> JsonBody.receive(request.request(), 1_000).onFailure(broken -> {
                    Problem.answer(request, broken);
                    hungUp.complete(broken);
                }));
        HttpServer server =
                await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
        port = server.actualPort();
    }

    @AfterEach
    void close() throws Exception {
        LOGGER.removeHandler(watcher);
        LOGGER.setLevel(null);
        await(vertx.close());
    }

    @Test
    void whatBrokeInARoomIsLoggedWithTheIdThatTheAnswerCarries() throws Exception {
        failure = new Fault(Fault.Kind.BROKEN, "genom.encode: failed; the node's log says why");
        String answer = answer();
        assertTrue(answer.startsWith("HTTP/1.1 500") && answer.contains("an-id-of-mine"), answer);
        assertEquals(1, logged.size());
        assertEquals(Level.SEVERE, logged.get(0).getLevel());
        String line = logged.get(0).getMessage();
        assertTrue(
                line.contains("an-id-of-mine") && line.contains("GET /failing") && line.contains("genom.encode"), line);
    }

    @Test
    void whatWasCalledInvalidCanBeFoundAtLevelDebug() throws Exception {
        failure = new IllegalArgumentException("ordinal: 17 (expected: less)");
        assertTrue(answer().startsWith("HTTP/1.1 400"));
        assertEquals(Level.FINE, logged.get(0).getLevel());
        assertTrue(logged.get(0).getMessage().contains("an-id-of-mine"));
        assertTrue(logged.get(0).getMessage().contains("ordinal: 17"));
    }

    @Test
    void whoHangsUpInTheMiddleOfABodyLeavesNoErrorBehind() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream()
                    .write("POST /body HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
                            .getBytes(StandardCharsets.US_ASCII));
        }
        await(hungUp.future());
        assertEquals(List.of(), logged);
    }

    private String answer() throws Exception {
        try (Socket client = connect()) {
            client.getOutputStream()
                    .write("GET /failing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return Buffer.buffer(client.getInputStream().readAllBytes()).toString();
        }
    }

    private Socket connect() throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }
}
