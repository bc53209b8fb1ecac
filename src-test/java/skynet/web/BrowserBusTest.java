package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Principal;

/** The browser bus, spoken to over a raw WebSocket in the words of the Vert.x bridge. */
class BrowserBusTest {
    /** So much that not even the network's own buffers take many of them. */
    private static final int LARGE_BYTES = 400_000;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger working = new AtomicInteger();
    private final AtomicInteger workingMost = new AtomicInteger();
    private final BlockingQueue<Promise<JsonObject>> held = new LinkedBlockingQueue<>();
    private final Semaphore largeAsked = new Semaphore(0);
    private final AtomicReference<String> large = new AtomicReference<>("x".repeat(LARGE_BYTES));
    private int port;

    @BeforeEach
    void open() throws Exception {
        port = listen(Duration.ofSeconds(1));
    }

    private int listen(Duration second) throws Exception {
        BrowserBus bus = new BrowserBus(
                List.of(
                        new Operation(
                                "api.test.echo",
                                "status:read",
                                1_000,
                                Set.of("text"),
                                (caller, body) ->
                                        Future.succeededFuture(new JsonObject().put("text", body.text("text")))),
                        new Operation("api.test.held", "status:read", 1_000, Set.of(), (caller, body) -> {
                            workingMost.accumulateAndGet(working.incrementAndGet(), Math::max);
                            Promise<JsonObject> answer = Promise.promise();
                            held.add(answer);
                            return answer.future().onComplete(done -> working.decrementAndGet());
                        })),
                List.of(
                        topic("ui.test", () -> "x" + asked.get()),
                        topic("ui.still", () -> "always the same"),
                        topic("ui.large", () -> {
                            largeAsked.release();
                            return large.get() + asked.get();
                        })),
                second);
        HttpServer server = await(Future.future(opened -> vertx.runOnContext(now -> {
            Router router = Router.router(vertx);
            router.route().handler(request -> {
                Caller.put(request, Principal.GUEST, () -> Future.succeededFuture(Principal.GUEST));
                request.next();
            });
            bus.mount(vertx, router);
            vertx.createHttpServer(new HttpServerOptions()
                            .setMaxWebSocketFrameSize(64 << 10)
                            .setSendBufferSize(16 << 10))
                    .requestHandler(router)
                    .listen(0, "127.0.0.1")
                    .onComplete(opened);
        })));
        return server.actualPort();
    }

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void aRequestIsAnsweredWhereTheAnswerIsAwaited() throws Exception {
        Browser browser = new Browser();
        browser.send("api.test.echo", "r1", new JsonObject().put("text", "ahoj"));
        JsonObject answer = browser.hear();
        assertEquals("rec r1", answer.getString("type") + " " + answer.getString("address"));
        assertEquals("ahoj", answer.getJsonObject("body").getString("text"));
    }

    @Test
    void whateverIsRefusedIsAnsweredToo() throws Exception {
        Browser browser = new Browser();
        for (String address : List.of("genom.encode", "ui.test", "__vertx.reply.1", "stream.7", "api.test.absent")) {
            browser.send(address, "r-" + address, new JsonObject());
            JsonObject refusal = browser.hear();
            assertEquals("err", refusal.getString("type"), address);
            assertEquals("r-" + address, refusal.getString("address"));
        }
        browser.send("api.test.echo", "r2", new JsonObject().put("txt", 1));
        assertEquals(400, browser.hear().getInteger("failureCode"));
        browser.say(new JsonObject().put("type", "publish").put("address", "api.test.echo"));
        assertEquals(403, browser.hear().getInteger("failureCode"));
        browser.say(new JsonObject().put("type", "register").put("address", "genom.encode"));
        assertEquals("access_denied", browser.hear().getString("message"));
        browser.raw("{nonsense");
        assertEquals("invalid", browser.hear().getString("body"));
        browser.send("api.test.echo", "r3", new JsonObject().put("text", "still here"));
        assertEquals("r3", browser.hear().getString("address"));
    }

    @Test
    void whatIsTooLongForTheOperationIsRefusedHereAsOverHttp() throws Exception {
        Browser browser = new Browser();
        browser.send("api.test.echo", "r1", new JsonObject().put("text", "x".repeat(800)));
        assertEquals("rec", browser.hear().getString("type"));
        browser.send("api.test.echo", "r2", new JsonObject().put("text", "x".repeat(1_000)));
        JsonObject refusal = browser.hear();
        assertEquals(413, refusal.getInteger("failureCode"));
        assertEquals("r2", refusal.getString("address"));
    }

    @Test
    void aTopicIsAskedOnceHoweverManyListen() throws Exception {
        for (int i = 0; i < 50; i++) {
            Browser browser = new Browser();
            browser.say(new JsonObject().put("type", "register").put("address", "ui.test"));
            assertEquals("ui.test", browser.hear().getString("address"));
        }
        Browser last = new Browser();
        last.say(new JsonObject().put("type", "register").put("address", "ui.test"));
        last.hear();
        int before = asked.get();
        for (int state = 0; state < 10; state++) {
            last.hear();
        }
        assertTrue(asked.get() - before <= 11, "asked " + (asked.get() - before) + " times for ten states");
    }

    @Test
    void aStateIsToldWhenItHasChangedAndToWhoRegistersOnceMore() throws Exception {
        Browser browser = new Browser();
        browser.say(new JsonObject().put("type", "register").put("address", "ui.still"));
        assertEquals("ui.still", browser.hear().getString("address"));
        int before = asked.get();
        while (asked.get() < before + 3) {
            Thread.sleep(10);
        }
        browser.send("api.test.echo", "r1", new JsonObject().put("text", "the next thing"));
        assertEquals("r1", browser.hear().getString("address"));
        browser.say(new JsonObject().put("type", "register").put("address", "ui.still"));
        assertEquals("ui.still", browser.hear().getString("address"));
    }

    @Test
    void moreMessagesThanASecondAllowsAreRefused() throws Exception {
        port = listen(Duration.ofHours(1));
        Browser browser = new Browser();
        for (int i = 0; i <= BrowserSocket.MESSAGES_PER_SECOND_MAX; i++) {
            browser.send("api.test.echo", "r" + i, new JsonObject().put("text", "x"));
        }
        for (int i = 0; i < BrowserSocket.MESSAGES_PER_SECOND_MAX; i++) {
            assertEquals("rec", browser.hear().getString("type"), "message " + i);
        }
        JsonObject refusal = browser.hear();
        assertEquals(429, refusal.getInteger("failureCode"));
        assertEquals("r" + BrowserSocket.MESSAGES_PER_SECOND_MAX, refusal.getString("address"));
    }

    @Test
    void anotherSecondAllowsAsManyAgain() throws Exception {
        port = listen(Duration.ofMillis(20));
        Browser browser = new Browser();
        for (int i = 0; i < BrowserSocket.MESSAGES_PER_SECOND_MAX * 3; i++) {
            browser.say(new JsonObject().put("type", "ping"));
        }
        JsonObject heard = new JsonObject();
        while (!"rec".equals(heard.getString("type"))) {
            browser.send("api.test.echo", "later", new JsonObject().put("text", "x"));
            heard = browser.hear();
        }
    }

    @Test
    void whatIsNoJsonCountsAsAMessageToo() throws Exception {
        port = listen(Duration.ofHours(1));
        Browser browser = new Browser();
        for (int i = 0; i < BrowserSocket.MESSAGES_PER_SECOND_MAX; i++) {
            browser.raw("{nonsense");
            assertEquals("invalid", browser.hear().getString("body"));
        }
        browser.send("api.test.echo", "r", new JsonObject().put("text", "x"));
        assertEquals(429, browser.hear().getInteger("failureCode"));
        browser.raw("{nonsense" + " ".repeat(BrowserSocket.REFUSED_BYTES_MAX));
        assertEquals("too many messages a second", browser.hear().getString("body"), "refused unread");
    }

    @Test
    void noMoreIsTakenInThanIsBeingWorkedOn() throws Exception {
        Browser browser = new Browser();
        int asks = BrowserSocket.AT_WORK_MAX * 3;
        for (int i = 0; i < asks; i++) {
            browser.send("api.test.held", "h" + i, new JsonObject());
        }
        Deque<Promise<JsonObject>> atWork = new ArrayDeque<>();
        for (int answered = 0; answered < asks; answered++) {
            while (atWork.size() < Math.min(BrowserSocket.AT_WORK_MAX, asks - answered)) {
                Promise<JsonObject> taken = held.poll(20, TimeUnit.SECONDS);
                assertNotNull(taken, "only " + atWork.size() + " are at work");
                atWork.add(taken);
            }
            atWork.remove().complete(new JsonObject());
            assertEquals("rec", browser.hear().getString("type"));
        }
        assertEquals(BrowserSocket.AT_WORK_MAX, workingMost.get());
    }

    @Test
    void whoDoesNotReadMissesStatesAndCostsNothing() throws Exception {
        int states = 20;
        try (Socket sleeper = new Socket()) {
            sleeper.setReceiveBufferSize(4 << 10);
            sleeper.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            sleeper.setSoTimeout(20_000);
            sleeper.getOutputStream().write(handshake());
            readHead(sleeper);
            sleeper.getOutputStream().write(masked("{\"type\":\"register\",\"address\":\"ui.large\"}"));
            assertTrue(largeAsked.tryAcquire(states, 20, TimeUnit.SECONDS));
            large.set("the end ");
            long bytes = 0;
            for (String end = ""; !end.contains("the end"); ) {
                byte[] part = sleeper.getInputStream().readNBytes(1_000);
                bytes += part.length;
                end = end.substring(Math.max(0, end.length() - 100)) + new String(part, StandardCharsets.ISO_8859_1);
            }
            assertTrue(bytes < states * (LARGE_BYTES / 2L), bytes + " bytes of " + states + " states were kept");
        }
    }

    private Topic topic(String address, Supplier<String> state) {
        return new Topic(address, "status:read", Duration.ofMillis(100), () -> {
            asked.incrementAndGet();
            return Future.succeededFuture(new JsonObject().put("padding", state.get()));
        });
    }

    private static byte[] handshake() {
        return ("GET /eventbus/websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void readHead(Socket socket) throws IOException {
        for (String head = ""; !head.endsWith("\r\n\r\n"); ) {
            head += (char) socket.getInputStream().read();
        }
    }

    /** A final text frame, masked with zeros, which changes nothing. */
    private static byte[] masked(String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(6 + content.length)
                .put((byte) 0x81)
                .put((byte) (0x80 | content.length))
                .putInt(0)
                .put(content)
                .array();
    }

    @Test
    void aFrameBeyondTheBoundClosesTheSocket() throws Exception {
        Browser browser = new Browser();
        browser.raw("x".repeat(10 << 20));
        assertEquals("closed", browser.hear().getString("type"));
    }

    /** One page with its socket. */
    private final class Browser {
        private final BlockingQueue<JsonObject> heard = new LinkedBlockingQueue<>();
        private final WebSocket socket;

        Browser() throws Exception {
            socket = await(vertx.createWebSocketClient(new WebSocketClientOptions()
                            .setMaxFrameSize(20 << 20)
                            .setMaxMessageSize(20 << 20))
                    .connect(port, "127.0.0.1", "/eventbus/websocket")
                    .onSuccess(opened -> {
                        opened.handler(frame -> heard.add(frame.toJsonObject()));
                        opened.closeHandler(closed -> heard.add(new JsonObject().put("type", "closed")));
                    }));
        }

        void send(String address, String reply, JsonObject body) {
            say(new JsonObject()
                    .put("type", "send")
                    .put("address", address)
                    .put("replyAddress", reply)
                    .put("body", body));
        }

        void say(JsonObject frame) {
            raw(frame.encode());
        }

        void raw(String text) {
            socket.writeTextMessage(text);
        }

        JsonObject hear() throws InterruptedException {
            JsonObject next = heard.poll(20, TimeUnit.SECONDS);
            assertNotNull(next, "nothing heard");
            return next;
        }
    }
}
