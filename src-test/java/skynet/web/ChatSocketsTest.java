package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Auth;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Chat;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.bus.Role;
import skynet.kit.Tolls;
import skynet.testkit.Known;

/** Chat over a raw WebSocket, byte by byte, with a chat room that answers at once. */
class ChatSocketsTest {
    private static final int TEXT = 0x1;
    private static final int BYTES = 0x2;
    private static final int CONTINUATION = 0x0;
    private static final int CLOSE = 0x8;
    private static final int FINAL = 0x80;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final WebVerticle web = Doors.on(bus);
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        await(bus.serve(
                Chat.Begin.class,
                ask -> Future.succeededFuture(new Chat.Begun("c", "m", 0, 0, List.of(answer(ask.text()))))));
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
    void eachFrameCarriesTheIdOfTheQuestion() throws Exception {
        Socket socket = shaken();
        write(socket, FINAL | TEXT, "{\"type\":\"ask\",\"id\":\"q7\",\"message\":\"hello\"}");
        JsonObject begun = read(socket);
        assertEquals("begun q7 m c", said(begun.put("text", begun.getString("message_id") + " c")));
        JsonObject delta = read(socket);
        assertEquals("delta q7 heard hello", said(delta));
        assertEquals("q7", read(socket).getString("id"));
        write(socket, FINAL | TEXT, "{\"type\":\"sing\",\"id\":\"q8\"}");
        JsonObject error = read(socket);
        assertEquals("error", error.getString("type"));
        assertEquals("q8", error.getString("id"));
        assertTrue(error.getString("request_id").length() >= 8);
    }

    @Test
    void aMessageInPartsIsOneMessage() throws Exception {
        Socket socket = shaken();
        write(socket, TEXT, "{\"type\":\"ask\",\"id\":\"1\",\"mess");
        write(socket, FINAL | CONTINUATION, "age\":\"ahoj\"}");
        assertEquals("begun", read(socket).getString("type"));
        assertEquals("delta 1 heard ahoj", said(read(socket)));
    }

    @Test
    void whatIsNoUtf8ClosesWith1007() throws Exception {
        Socket socket = shaken();
        write(socket, FINAL | TEXT, new byte[] {'"', (byte) 0xC3, '"'});
        assertEquals(1007, closed(socket));
    }

    @Test
    void bytesCloseWith1003() throws Exception {
        Socket socket = shaken();
        write(socket, FINAL | BYTES, "{}");
        assertEquals(1003, closed(socket));
    }

    @Test
    void aMessageBeyondTheBoundClosesWith1009() throws Exception {
        Socket socket = shaken();
        byte[] part = new byte[60_000];
        write(socket, TEXT, part);
        for (int sent = part.length; sent <= TextFrames.BYTES_MAX; sent += part.length) {
            write(socket, CONTINUATION, part);
        }
        assertEquals(1009, closed(socket));
    }

    @Test
    void aHandshakeThatIsRefusedSaysWhy() throws Exception {
        assertTrue(handshake("/ws/chat", "").startsWith("HTTP/1.1 400"));
        assertTrue(handshake("/ws/chat", "").contains("application/problem+json"));
        assertTrue(handshake("/ws/other", "Sec-WebSocket-Protocol: skynet.chat.v1\r\n")
                .startsWith("HTTP/1.1 404"));
        assertTrue(handshake("/ws/chat", "Origin: http://evil.example\r\nSec-WebSocket-Protocol: skynet.chat.v1\r\n")
                .startsWith("HTTP/1.1 403"));
    }

    @Test
    void moreFramesThanASecondAllowsCloseWith1008() throws Exception {
        Socket socket = shaken();
        for (int i = 0; i < ChatSocket.FRAMES_PER_SECOND_MAX * 4; i++) {
            write(socket, FINAL | TEXT, "{\"type\":\"ping\"}");
        }
        assertEquals(1008, closedAfterPongs(socket));
    }

    @Test
    void whoDoesNotReadIsClosedBeforeMuchIsWritten() throws Exception {
        List<Integer> closed = new ArrayList<>();
        List<String> written = new ArrayList<>();
        boolean[] full = new boolean[1];
        ChatSocket line = new ChatSocket(
                stub(closed, written, full),
                null,
                "request",
                Principal.GUEST,
                () -> Future.failedFuture("nobody"),
                new Tolls(System::nanoTime, false, Refusal::tooMany).from(""));
        line.receive("{\"type\":\"ping\"}");
        assertEquals(List.of("{\"type\":\"pong\"}"), written);
        full[0] = true;
        line.receive("{\"type\":\"ping\"}");
        line.receive("nonsense");
        assertEquals(List.of(1008), closed);
        assertEquals(1, written.size());
    }

    @Test
    void aSocketEndsWithWhatWasShownForIt() throws Exception {
        await(Known.on(bus));
        Socket guest = shaken();
        Socket socket = connect();
        send(socket, request("/ws/chat", "Authorization: Bearer user\r\nSec-WebSocket-Protocol: skynet.chat.v1\r\n"));
        assertTrue(head(socket).startsWith("HTTP/1.1 101"));
        write(socket, FINAL | TEXT, "{\"type\":\"ping\"}");
        assertEquals("pong", read(socket).getString("type"));
        bus.publish(new Auth.Revoked("user"));
        assertEquals(1008, closed(socket));
        write(guest, FINAL | TEXT, "{\"type\":\"ping\"}");
        assertEquals("pong", read(guest).getString("type"));
    }

    @Test
    void aSocketThatSaysNothingEndsWhenItsCallerIsNotKnownAnyMore() throws Exception {
        AtomicBoolean known = new AtomicBoolean(true);
        await(bus.serve(
                Auth.Identify.class,
                shown -> known.get()
                        ? Future.succeededFuture(new Auth.Identified(Known.principal(Role.USER, "user")))
                        : Future.failedFuture(new Fault(Fault.Kind.UNAUTHENTICATED, "token: not known"))));
        Socket socket = connect();
        send(socket, request("/ws/chat", "Authorization: Bearer user\r\nSec-WebSocket-Protocol: skynet.chat.v1\r\n"));
        assertTrue(head(socket).startsWith("HTTP/1.1 101"));
        known.set(false);
        assertEquals(1008, closed(socket));
    }

    @Test
    void openSocketsTakeNoPlaceFromRequests() throws Exception {
        for (int i = 0; i < FrontDoor.INSIDE_MAX + 10; i++) {
            shaken();
        }
        assertTrue(exchange("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .startsWith("HTTP/1.1 200"));
    }

    private static Cascade.Answer answer(String message) {
        return new Cascade.Answer("heard " + message, true, Cascade.Level.L1, List.of(), List.of(), 1);
    }

    private Socket shaken() throws IOException {
        Socket socket = connect();
        send(socket, request("/ws/chat", "Sec-WebSocket-Protocol: skynet.chat.v1\r\n"));
        assertTrue(head(socket).startsWith("HTTP/1.1 101"));
        return socket;
    }

    private String handshake(String path, String headers) throws IOException {
        return exchange(request(path, "Connection: close\r\n" + headers));
    }

    private String exchange(String request) throws IOException {
        Socket socket = connect();
        send(socket, request);
        return head(socket);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), web.port());
        socket.setSoTimeout(10_000);
        sockets.add(socket);
        return socket;
    }

    private static String request(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n";
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

    private static void write(Socket socket, int first, String text) throws IOException {
        write(socket, first, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Masked with zeros, which changes nothing but is what a client must do. */
    private static void write(Socket socket, int first, byte[] content) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(frame);
        out.writeByte(first);
        if (content.length < 126) {
            out.writeByte(0x80 | content.length);
        } else {
            out.writeByte(0x80 | 126);
            out.writeShort(content.length);
        }
        out.writeInt(0);
        out.write(content);
        socket.getOutputStream().write(frame.toByteArray());
    }

    private static JsonObject read(Socket socket) throws IOException {
        return new JsonObject(new String(frame(socket, FINAL | TEXT), StandardCharsets.UTF_8));
    }

    private static int closed(Socket socket) throws IOException {
        byte[] content = frame(socket, FINAL | CLOSE);
        return (content[0] & 0xFF) << 8 | content[1] & 0xFF;
    }

    private static int closedAfterPongs(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (in.readUnsignedByte() == (FINAL | TEXT)) {
            in.readNBytes(in.readUnsignedByte());
        }
        in.readUnsignedByte();
        return in.readUnsignedShort();
    }

    /** A socket that says of itself that what was written is not taken. */
    private static ServerWebSocket stub(List<Integer> closed, List<String> written, boolean[] full) {
        return (ServerWebSocket) Proxy.newProxyInstance(
                ServerWebSocket.class.getClassLoader(),
                new Class<?>[] {ServerWebSocket.class},
                (self, method, given) -> switch (method.getName()) {
                    case "isClosed" -> !closed.isEmpty();
                    case "writeQueueFull" -> full[0];
                    case "close" -> {
                        closed.add(((Short) given[0]).intValue());
                        yield Future.succeededFuture();
                    }
                    case "writeTextMessage" -> {
                        written.add((String) given[0]);
                        yield Future.succeededFuture();
                    }
                    default -> self;
                });
    }

    private static byte[] frame(Socket socket, int first) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        assertEquals(first, in.readUnsignedByte());
        int length = in.readUnsignedByte();
        return in.readNBytes(length == 126 ? in.readUnsignedShort() : length);
    }

    private static String said(JsonObject frame) {
        return frame.getString("type") + " " + frame.getString("id") + " " + frame.getString("text");
    }

    private static void await(Future<?> future) throws Exception {
        future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
