package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skynet.bus.Bus;
import skynet.bus.Knowledge;
import skynet.kit.Asset;
import skynet.kit.HttpConfig;
import skynet.kit.Identity;
import skynet.kit.Vitals;

/** Who is cut off for saying nothing, and who never is. The front door waits 200 ms here, or 100 ms for a sign of life. */
@Timeout(60)
class CallersTest {
    private static final int FINAL_CLOSE = 0x88;
    private static final int FINAL_PING = 0x89;
    private static final int FINAL_PONG = 0x8A;
    private static final Patience LITTLE =
            new Patience(Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofMillis(100));

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final WebVerticle web = new WebVerticle(
            bus,
            new HttpConfig("127.0.0.1", 0, List.of()),
            new Identity(bus, true),
            new Vitals(),
            Optional.empty(),
            new Asset("none", Buffer::buffer),
            LITTLE);
    private final Promise<Knowledge.Listed> listed = Promise.promise();
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        await(bus.serve(Knowledge.ListDocuments.class, ask -> listed.future()));
        await(vertx.deployVerticle(web));
    }

    @AfterEach
    void close() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        await(vertx.close());
    }

    @Test
    void whoIsBeingAnsweredIsNeverCutOff() throws Exception {
        Socket asking = connect();
        send(asking, "GET /api/knowledge/documents HTTP/1.1\r\nHost: localhost\r\n\r\n");
        // Others that came later are cut off one after the other, so the time of patience is over many times.
        for (int other = 0; other < 3; other++) {
            assertEquals(-1, connect().getInputStream().read());
        }
        listed.complete(new Knowledge.Listed(List.of()));
        assertTrue(head(asking).startsWith("HTTP/1.1 200"));
    }

    @Test
    void whoWasAnsweredIsCutOffWhenTheNextRequestDoesNotCome() throws Exception {
        Socket caller = connect();
        for (int request = 0; request < 3; request++) {
            send(caller, "HEAD /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertTrue(head(caller).startsWith("HTTP/1.1"));
        }
        assertEquals(-1, caller.getInputStream().read());
    }

    @Test
    void aSilentSocketThatAnswersPingsStaysOpen() throws Exception {
        for (String path : List.of("/ws/chat", "/eventbus/websocket", "/eventbus/000/mysession/websocket")) {
            Socket socket = shaken(path);
            for (int ping = 0; ping < 6; ping++) {
                assertEquals(FINAL_PING, frame(socket), path + " after " + ping + " pings");
                socket.getOutputStream().write(new byte[] {(byte) FINAL_PONG, (byte) 0x80, 0, 0, 0, 0});
            }
        }
    }

    @Test
    void aSocketThatAnswersNoPingIsClosed() throws Exception {
        for (String path : List.of("/ws/chat", "/eventbus/websocket", "/eventbus/000/mysession/websocket")) {
            Socket socket = shaken(path);
            assertEquals(FINAL_PING, frame(socket), path);
            assertEquals(FINAL_CLOSE, frame(socket), path);
        }
    }

    private Socket shaken(String path) throws IOException {
        Socket socket = connect();
        send(
                socket,
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Sec-WebSocket-Protocol: skynet.chat.v1\r\n\r\n");
        assertTrue(head(socket).startsWith("HTTP/1.1 101"), path);
        return socket;
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), web.port());
        socket.setSoTimeout(20_000);
        sockets.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** The first byte of the next frame that is about the socket itself; text is of no interest here. */
    private static int frame(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
            int first = in.readUnsignedByte();
            in.readNBytes(in.readUnsignedByte());
            if (first != 0x81) {
                return first;
            }
        }
    }

    private static void await(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
