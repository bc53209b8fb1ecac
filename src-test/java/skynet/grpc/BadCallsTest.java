package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Genom;
import skynet.grpc.v1.EncodeRequest;

/** Calls that are wrong on purpose: each is refused in words, costs little, and leaves the node well. */
class BadCallsTest {
    private static final String ENCODE = "/skynet.v1.Encoder/Encode";
    private static final String STREAM = "/skynet.v1.Encoder/EncodeStream";
    private static final byte[] HELLO =
            EncodeRequest.newBuilder().setText("hello").build().toByteArray();

    private final AtomicInteger encoded = new AtomicInteger();
    private Doors doors;

    @BeforeEach
    void open() throws Exception {
        doors = Doors.withoutGenom();
        Doors.await(doors.bus.serve(Genom.Encode.class, ask -> {
            encoded.incrementAndGet();
            return switch (ask.text()) {
                case "break" -> Future.failedFuture(new IllegalStateException("secret of the house"));
                case "wait" -> Promise.<Genom.Encoded>promise().future();
                default ->
                    Future.succeededFuture(new Genom.Encoded(
                            "frame of " + ask.text().length(),
                            new Genom.Intent("?", "unknown", 0),
                            List.of(),
                            1,
                            1,
                            1));
            };
        }));
    }

    @AfterEach
    void theNodeIsWell() throws Exception {
        assertEquals("frame of 5", doors.encode("hello").getGenomMessage());
        doors.close();
    }

    @Test
    void aFrameCutShortIsInvalid() throws Exception {
        byte[] frame = RawHttp2.framed(HELLO);
        for (int length = 0; length < frame.length; length++) {
            RawHttp2.Reply reply = unary(ENCODE, Arrays.copyOf(frame, length));
            assertEquals("3", reply.status(), length + " bytes: " + reply);
            assertTrue(reply.message().contains("cut short"), reply.message());
        }
        assertEquals(0, encoded.get());
    }

    @Test
    void aStreamCutShortWithinAMessageIsInvalid() throws Exception {
        byte[] whole = RawHttp2.framed(HELLO);
        byte[] bytes = Arrays.copyOf(whole, whole.length + 3);
        RawHttp2.Reply reply = unary(STREAM, bytes);
        assertEquals("3", reply.status(), reply.toString());
    }

    @Test
    void anAnnouncedLengthOfTwoGigabytesIsRefusedAtOnce() throws Exception {
        for (String method : List.of(ENCODE, STREAM)) {
            for (long announced : new long[] {Integer.MAX_VALUE, 0xFFFFFFFFL}) {
                try (RawHttp2 raw = new RawHttp2(doors.grpcPort)) {
                    int stream = raw.call(method, false);
                    raw.data(stream, RawHttp2.framed(0, announced, new byte[100]), false);
                    RawHttp2.Reply reply = raw.reply(stream);
                    assertEquals("8", reply.status(), reply.toString());
                    assertTrue(reply.message().startsWith("message: too long"), reply.message());
                }
            }
        }
        assertEquals(0, encoded.get());
    }

    @Test
    void aMessageIsTakenUpToItsBoundAndNoFurther() throws Exception {
        assertEquals(
                "0",
                unary(ENCODE, RawHttp2.framed(sized(Calls.LONG_MESSAGE_BYTES_MAX)))
                        .status());
        assertEquals(
                "8",
                unary(ENCODE, RawHttp2.framed(sized(Calls.LONG_MESSAGE_BYTES_MAX + 1)))
                        .status());
        assertEquals(
                "0",
                unary(STREAM, RawHttp2.framed(sized(Calls.MESSAGE_BYTES_MAX))).status());
        assertEquals(
                "8",
                unary(STREAM, RawHttp2.framed(sized(Calls.MESSAGE_BYTES_MAX + 1)))
                        .status());
    }

    @Test
    void whatIsNotServedIsUnimplemented() throws Exception {
        for (String path : List.of(
                "/skynet.v1.Encoder/Explode",
                "/skynet.v2.Encoder/Encode",
                "/Encode",
                "/",
                "/skynet.v1.Encoder/Encode/",
                "//",
                "/../etc/passwd",
                "/grpc.reflection.v1beta.ServerReflection/ServerReflectionInfo")) {
            assertEquals("12", unary(path, RawHttp2.framed(HELLO)).status(), path);
        }
    }

    @Test
    void aDeadlineThatHasPassedCostsNoWork() throws Exception {
        for (String timeout : List.of("0m", "1n", "999u", "0S")) {
            RawHttp2.Reply reply = unary(ENCODE, RawHttp2.framed(HELLO), "grpc-timeout", timeout);
            assertEquals("4", reply.status(), timeout + ": " + reply);
        }
        assertEquals(0, encoded.get());
    }

    @Test
    void aDeadlineIsKeptWhileTheRoomThinks() throws Exception {
        byte[] wait = RawHttp2.framed(
                EncodeRequest.newBuilder().setText("wait").build().toByteArray());
        for (String method : List.of(ENCODE, STREAM)) {
            long start = System.nanoTime();
            assertEquals("4", unary(method, wait, "grpc-timeout", "300m").status());
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis >= 290 && millis < 5_000, millis + " ms");
        }
    }

    @Test
    void aDeadlineIsKeptWhileNoMessageComes() throws Exception {
        try (RawHttp2 raw = new RawHttp2(doors.grpcPort)) {
            int stream = raw.call(ENCODE, false, "grpc-timeout", "200m");
            assertEquals("4", raw.reply(stream).status());
        }
    }

    @Test
    void aMalformedDeadlineIsInvalid() throws Exception {
        for (String timeout : List.of("soon", "-1S", "123456789S", "1", "S", "1s")) {
            assertEquals(
                    "3",
                    unary(ENCODE, RawHttp2.framed(HELLO), "grpc-timeout", timeout)
                            .status(),
                    timeout);
        }
        assertEquals(
                "0",
                unary(ENCODE, RawHttp2.framed(HELLO), "grpc-timeout", "99999999H")
                        .status());
    }

    @Test
    void textThatIsNoUtf8IsInvalid() throws Exception {
        for (byte[] text : List.of(
                new byte[] {(byte) 0xFF},
                new byte[] {(byte) 0xC0, (byte) 0x80},
                new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                new byte[] {(byte) 0xE2, (byte) 0x82})) {
            RawHttp2.Reply reply = unary(ENCODE, RawHttp2.framed(field(text)));
            assertEquals("3", reply.status(), Arrays.toString(text));
            assertTrue(reply.message().contains("UTF-8"), reply.message());
        }
        assertEquals(0, encoded.get());
    }

    @Test
    void bytesThatAreNoMessageAreInvalid() throws Exception {
        for (byte[] bytes : List.of(
                new byte[] {10, 5, 'h'},
                new byte[] {7},
                new byte[] {10, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 7},
                new byte[] {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF})) {
            assertEquals("3", unary(ENCODE, RawHttp2.framed(bytes)).status(), Arrays.toString(bytes));
        }
    }

    @Test
    void aCompressedMessageIsUnimplementedWhateverItsEncodingIsCalled() throws Exception {
        byte[] zip = RawHttp2.framed(1, HELLO.length, HELLO);
        assertEquals("12", unary(ENCODE, zip, "grpc-encoding", "gzip").status());
        assertEquals("12", unary(ENCODE, zip, "grpc-encoding", "snappy").status());
        assertEquals("12", unary(ENCODE, zip).status());
        assertEquals(
                "0",
                unary(ENCODE, RawHttp2.framed(HELLO), "grpc-encoding", "gzip").status());
    }

    @Test
    void otherMediaTypesAreRefusedInHttp() throws Exception {
        for (String type : List.of("application/json", "application/grpc+json", "text/plain", "application/grpcx")) {
            RawHttp2.Reply reply = unary(ENCODE, RawHttp2.framed(HELLO), "content-type", type);
            assertEquals("415", reply.headers().get(":status"), type);
        }
    }

    @Test
    void whatBreaksInsideIsNotTold() throws Exception {
        byte[] bad = RawHttp2.framed(
                EncodeRequest.newBuilder().setText("break").build().toByteArray());
        RawHttp2.Reply reply = unary(ENCODE, bad, "x-request-id", "my-request-17");
        assertEquals("13", reply.status());
        assertEquals("request my-request-17", reply.message());
        assertEquals("my-request-17", reply.headers().get("x-request-id"));
        assertFalse(reply.toString().contains("secret"));
    }

    @Test
    void aForeignHostIsRefused() throws Exception {
        assertEquals(
                "7",
                unary(ENCODE, RawHttp2.framed(HELLO), ":authority", "evil.example.com:50051")
                        .status());
        assertEquals(
                "0",
                unary(ENCODE, RawHttp2.framed(HELLO), ":authority", "skynet.example.org")
                        .status());
        assertEquals(
                "0",
                unary(ENCODE, RawHttp2.framed(HELLO), ":authority", "localhost:1")
                        .status());
    }

    @Test
    void aFloodOfResetsEndsTheConnectionAndOnlyThat() throws Exception {
        try (RawHttp2 raw = new RawHttp2(doors.grpcPort)) {
            int sent = 0;
            try {
                for (; sent < 20_000; sent++) {
                    raw.reset(raw.call(ENCODE, false));
                }
            } catch (java.net.SocketException closed) {
                // the node has closed the connection while we were still sending
            }
            assertTrue(raw.reply(-1).gone());
        }
        assertEquals(0, doors.room.openCalls());
    }

    @Test
    void garbageInsteadOfThePrefaceEndsTheConnection() throws Exception {
        for (String garbage : List.of(
                "\u0000\u0001\u0002\u0003garbage\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnot a settings frame at all, but long enough to be one",
                "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                        + "HTTP2-Settings: !!!!\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003 a TLS hello")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), doors.grpcPort)) {
                socket.setSoTimeout(10_000);
                OutputStream out = socket.getOutputStream();
                out.write(garbage.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                socket.shutdownOutput();
                InputStream in = socket.getInputStream();
                byte[] answer = in.readAllBytes();
                assertFalse(new String(answer, StandardCharsets.ISO_8859_1).contains(" 200 "), garbage);
            }
        }
    }

    @Test
    void halfSentTextsTogetherHoldNoMoreThanTheirBound() throws Exception {
        List<RawHttp2> callers = new ArrayList<>();
        byte[] half = RawHttp2.framed(0, Calls.LONG_MESSAGE_BYTES_MAX, new byte[Calls.LONG_MESSAGE_BYTES_MAX - 1]);
        int fit = Calls.HELD_BYTES_MAX / half.length;
        try {
            for (int caller = 0; caller < fit; caller++) {
                RawHttp2 raw = new RawHttp2(doors.grpcPort);
                callers.add(raw);
                raw.data(raw.call(ENCODE, false), half, false);
            }
            RawHttp2 last = new RawHttp2(doors.grpcPort);
            callers.add(last);
            int stream = last.call(ENCODE, false);
            last.data(stream, half, false);
            assertEquals(11, last.reply(stream).reset());
        } finally {
            for (RawHttp2 raw : callers) {
                raw.close();
            }
        }
        for (int tries = 0; doors.room.openCalls() > 0 && tries < 500; tries++) {
            Thread.sleep(10);
        }
    }

    @Test
    void aThousandCallsAtOnceAreAnsweredOrToldToWait() throws Exception {
        List<RawHttp2> callers = new ArrayList<>();
        try {
            int waiting = 0;
            List<Integer> streams = new ArrayList<>();
            for (int connection = 0; connection < 8; connection++) {
                RawHttp2 raw = new RawHttp2(doors.grpcPort);
                callers.add(raw);
                for (int call = 0; call < 125; call++) {
                    streams.add(raw.call(ENCODE, false));
                    waiting++;
                }
            }
            assertEquals(1_000, waiting);
            RawHttp2.Reply last = callers.get(7).reply(streams.get(999));
            assertEquals("14", last.status(), last.toString());
            assertEquals(Calls.OPEN_MAX, doors.room.openCalls());
        } finally {
            for (RawHttp2 raw : callers) {
                raw.close();
            }
        }
        for (int tries = 0; doors.room.openCalls() > 0 && tries < 500; tries++) {
            Thread.sleep(10);
        }
        assertEquals(0, doors.room.openCalls());
    }

    private RawHttp2.Reply unary(String path, byte[] body, String... headers) throws Exception {
        try (RawHttp2 raw = new RawHttp2(doors.grpcPort)) {
            int stream = raw.call(path, false, headers);
            try {
                raw.data(stream, body, true);
            } catch (java.net.SocketException refused) {
                // refused before all was sent; the reply says why
            }
            return raw.reply(stream);
        }
    }

    /** A request whose bytes are exactly so many. */
    private static byte[] sized(int bytes) {
        int text = bytes - 1 - com.google.protobuf.CodedOutputStream.computeUInt32SizeNoTag(bytes);
        byte[] message =
                EncodeRequest.newBuilder().setText("a".repeat(text)).build().toByteArray();
        assertEquals(bytes, message.length);
        return message;
    }

    private static byte[] field(byte[] text) {
        return ByteString.copyFrom(new byte[] {10, (byte) text.length})
                .concat(ByteString.copyFrom(text))
                .toByteArray();
    }
}
