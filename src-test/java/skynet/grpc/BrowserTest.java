package skynet.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import skynet.grpc.v1.EncodeRequest;
import skynet.grpc.v1.EncodeResponse;
import skynet.grpc.v1.LookupRequest;
import skynet.grpc.v1.LookupResponse;

/** gRPC-Web as a browser sends it, in bytes and in Base64, and the rule which pages may. */
class BrowserTest {
    private static final String ENCODE = "/skynet.v1.Encoder/Encode";
    private static final String BYTES = "application/grpc-web+proto";
    private static final String TEXT = "application/grpc-web-text";
    private static final byte[] HELLO = RawHttp2.framed(
            EncodeRequest.newBuilder().setText("Hello world").build().toByteArray());

    private static Doors doors;

    /** The message of an answer, if there is one, and its trailers. */
    private record Answer(Optional<byte[]> message, String trailers, HttpResponse<byte[]> http) {
        String status() {
            return http.headers()
                    .firstValue("grpc-status")
                    .orElseGet(() -> trailers.replaceAll("(?s).*grpc-status: ?(\\d+).*", "$1"));
        }
    }

    @BeforeAll
    static void open() throws Exception {
        doors = Doors.open();
    }

    @AfterAll
    static void close() throws Exception {
        doors.close();
    }

    @Test
    void aBrowserIsAnsweredInBytesAndInText() throws Exception {
        EncodeResponse expected = doors.encode("Hello world");
        for (String type : List.of(BYTES, "application/grpc-web", TEXT, TEXT + "+proto")) {
            Answer answer = call(
                    ENCODE, type, type.startsWith(TEXT) ? Base64.getEncoder().encode(HELLO) : HELLO);
            assertEquals("0", answer.status(), type);
            EncodeResponse message = EncodeResponse.parseFrom(answer.message().orElseThrow());
            assertEquals(expected.getTokensList(), message.getTokensList());
            assertEquals(expected.getIntent(), message.getIntent());
        }
    }

    @Test
    void textMayComeInPiecesWithPaddingBetween() throws Exception {
        ByteArrayOutputStream pieces = new ByteArrayOutputStream();
        for (int at = 0; at < HELLO.length; at += 4) {
            pieces.write(Base64.getEncoder().encode(Arrays.copyOfRange(HELLO, at, Math.min(HELLO.length, at + 4))));
        }
        assertEquals("0", call(ENCODE, TEXT, pieces.toByteArray()).status());
    }

    @Test
    void textThatIsNoneIsRefusedAndNotLeftHanging() throws Exception {
        for (String text : List.of("", "AAAA", "AAAAAA==", "!!!!", "AAAAAAUKA2", "====", "AAAAAAAA\n")) {
            Answer answer = call(ENCODE, TEXT, text.getBytes(StandardCharsets.US_ASCII));
            assertTrue(List.of("3", "0").contains(answer.status()), text + ": " + answer.status());
        }
        assertEquals("3", call(ENCODE, TEXT, new byte[0]).status());
        assertEquals("3", call(ENCODE, BYTES, new byte[0]).status());
        assertEquals("3", call(ENCODE, BYTES, Arrays.copyOf(HELLO, 9)).status());
    }

    @Test
    void aLengthOfTwoGigabytesIsRefused() throws Exception {
        byte[] huge = RawHttp2.framed(0, Integer.MAX_VALUE, new byte[10]);
        assertEquals("8", call(ENCODE, BYTES, huge).status());
        assertEquals("8", call(ENCODE, TEXT, Base64.getEncoder().encode(huge)).status());
    }

    @Test
    void aRefusalReachesTheBrowserWithItsWords() throws Exception {
        byte[] ask = RawHttp2.framed(
                LookupRequest.newBuilder().setWord("nosuchwordatall").build().toByteArray());
        Answer answer = call("/skynet.v1.Dictionary/Lookup", BYTES, ask);
        assertEquals("5", answer.status());
        assertTrue(
                (answer.http().headers().map() + answer.trailers()).contains("token: not in"),
                answer.trailers() + answer.http().headers());
        byte[] found = RawHttp2.framed(
                LookupRequest.newBuilder().setWord("hello").build().toByteArray());
        assertEquals(
                "hello",
                LookupResponse.parseFrom(call("/skynet.v1.Dictionary/Lookup", BYTES, found)
                                .message()
                                .orElseThrow())
                        .getToken()
                        .getCanonical());
    }

    @Test
    void aBrowserCannotStream() throws Exception {
        assertEquals("12", call("/skynet.v1.Encoder/EncodeStream", BYTES, HELLO).status());
        assertEquals("12", call("/skynet.v1.Encoder/Nothing", BYTES, HELLO).status());
    }

    @Test
    void aPageOfThisNodeMayAskFirstAndCallThen() throws Exception {
        String page = "http://127.0.0.1:" + doors.restPort;
        HttpResponse<byte[]> preflight = doors.send(HttpRequest.newBuilder(doors.web(ENCODE))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", page)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type,x-grpc-web"));
        assertEquals(204, preflight.statusCode());
        assertEquals(
                page,
                preflight.headers().firstValue("access-control-allow-origin").orElse(""));
        Answer answer = call(ENCODE, BYTES, HELLO, "Origin", page);
        assertEquals("0", answer.status());
        assertEquals(
                page,
                answer.http()
                        .headers()
                        .firstValue("access-control-allow-origin")
                        .orElse(""));
        assertTrue(answer.http()
                .headers()
                .firstValue("access-control-expose-headers")
                .orElse("")
                .contains("grpc-status"));
    }

    @Test
    void aForeignPageIsRefusedWhateverItSends() throws Exception {
        for (String origin : List.of(
                "http://evil.example.com",
                "http://127.0.0.1:1",
                "http://127.0.0.1",
                "http://localhost:" + doors.restPort,
                "https://skynet.example.org",
                "null",
                "file://",
                "http://127.0.0.1:" + doors.restPort + "@evil.example.com",
                "http://evil.example.com:" + doors.restPort,
                "not an origin")) {
            HttpResponse<byte[]> preflight = doors.send(HttpRequest.newBuilder(doors.web(ENCODE))
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .header("Origin", origin));
            assertEquals(403, preflight.statusCode(), origin);
            Answer answer = call(ENCODE, BYTES, HELLO, "Origin", origin);
            assertEquals("7", answer.status(), origin);
            assertFalse(answer.http().headers().map().containsKey("access-control-allow-origin"), origin);
        }
    }

    @Test
    void whatIsNoCallIsRefusedInHttp() throws Exception {
        assertEquals(
                405, doors.send(HttpRequest.newBuilder(doors.web("/")).GET()).statusCode());
        assertEquals(
                415,
                doors.send(HttpRequest.newBuilder(doors.web(ENCODE))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{}")))
                        .statusCode());
        assertEquals(
                415,
                doors.send(HttpRequest.newBuilder(doors.web(ENCODE))
                                .header("Content-Type", "application/grpc")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(HELLO)))
                        .statusCode());
    }

    private static Answer call(String path, String type, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(doors.web(path))
                .header("Content-Type", type)
                .header("X-Grpc-Web", "1")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<byte[]> http = doors.send(request);
        byte[] bytes = type.startsWith(TEXT) ? decoded(http.body()) : http.body();
        ByteBuffer frames = ByteBuffer.wrap(bytes);
        Optional<byte[]> message = Optional.empty();
        String trailers = "";
        while (frames.remaining() >= 5) {
            int flag = frames.get() & 0xFF;
            byte[] frame = new byte[frames.getInt()];
            frames.get(frame);
            if (flag == 0x80) {
                trailers = new String(frame, StandardCharsets.US_ASCII);
            } else {
                message = Optional.of(frame);
            }
        }
        return new Answer(message, trailers, http);
    }

    /** Base64 in pieces, each with its own padding. */
    private static byte[] decoded(byte[] text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at + 4 <= text.length; at += 4) {
            bytes.writeBytes(Base64.getDecoder().decode(Arrays.copyOfRange(text, at, at + 4)));
        }
        return bytes.toByteArray();
    }
}
