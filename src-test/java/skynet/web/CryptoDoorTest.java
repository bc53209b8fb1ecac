package skynet.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Bus;
import skynet.bus.NodeNumber;
import skynet.client.Connection;
import skynet.client.Refused;
import skynet.client.SecureChannel;
import skynet.crypto.Base64Url;
import skynet.crypto.CryptoVerticle;
import skynet.crypto.Initiator;
import skynet.crypto.NodeIdentity;
import skynet.crypto.PointFrame;
import skynet.crypto.PublicIdentity;

/** A handshake over HTTP, and every way in which it is refused. */
class CryptoDoorTest {
    private static final Logger LOGGER = Logger.getLogger("skynet");

    private final Vertx vertx = Vertx.vertx();
    private final SecureRandom dice = new SecureRandom();
    private final NodeIdentity identity = identity();
    private final NodeIdentity client = identity();
    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Handler watcher = new Handler() {
        @Override
        public void publish(LogRecord line) {
            logged.add(line.getMessage() + Arrays.toString(line.getParameters()) + line.getThrown());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private long nowMillis = System.currentTimeMillis();
    private Connection node;

    @BeforeEach
    void open() throws Exception {
        LOGGER.setLevel(Level.ALL);
        LOGGER.addHandler(watcher);
        Bus bus = new Bus(vertx, InstantSource.system());
        InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
        WebVerticle web = Doors.on(bus);
        vertx.deployVerticle(
                        new CryptoVerticle(bus, new NodeNumber(5), identity, clock, dice, new SimpleMeterRegistry()))
                .compose(room -> vertx.deployVerticle(web))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        node = new Connection(URI.create("http://127.0.0.1:" + web.port()));
    }

    @AfterEach
    void close() throws Exception {
        LOGGER.removeHandler(watcher);
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void aClientSpeaksWithTheNode() throws Exception {
        SecureChannel channel =
                SecureChannel.open(node, Optional.of(identity.open().fingerprint()), Optional.of(client));
        for (int message = 0; message < 20; message++) {
            PointFrame answer = channel.say(PointFrame.ofText(1, 1_000_001, 3, message, "message " + message));
            assertEquals("message " + message, new String(answer.rawContent(), StandardCharsets.UTF_8));
            assertEquals(PointFrame.RES, answer.type());
            assertEquals(5, answer.node());
            assertEquals(message, answer.sequence());
        }
    }

    @Test
    void anotherNodeThanThePinnedOneIsNotSpokenTo() {
        assertThrows(
                IOException.class,
                () -> SecureChannel.open(node, Optional.of(client.open().fingerprint()), Optional.empty()));
    }

    @Test
    void theNodesKeyForSealedMessagesIsSignedByIt() throws Exception {
        JsonObject keys = node.get("/v1/handshake");
        PublicIdentity open = PublicIdentity.of(bytes(keys, "ed25519"), bytes(keys, "ml_dsa_65"));
        assertArrayEquals(open.fingerprint(), bytes(keys, "fingerprint"));
        assertTrue(open.signed("x-wing", bytes(keys, "x_wing"), bytes(keys, "x_wing_signatures")));
        assertEquals(5, keys.getInteger("node"));
    }

    @Test
    void aHelloIsTakenOnce() throws Exception {
        Initiator initiator = initiator(nowMillis);
        greet(initiator.hello());
        assertEquals(409, status("/v1/handshake", "hello", initiator.hello()));
        nowMillis += 200_000;
        assertEquals(409, status("/v1/handshake", "hello", initiator.hello()));
    }

    @Test
    void aHelloOfAnotherTimeIsRefused() throws Exception {
        nowMillis += 1_000_000;
        greet(initiator(nowMillis - 120_000).hello());
        greet(initiator(nowMillis + 30_000).hello());
        assertEquals(
                409,
                status("/v1/handshake", "hello", initiator(nowMillis - 120_001).hello()));
        assertEquals(
                409,
                status("/v1/handshake", "hello", initiator(nowMillis + 30_001).hello()));
        assertEquals(
                409, status("/v1/handshake", "hello", initiator(Long.MIN_VALUE).hello()));
        assertEquals(
                409, status("/v1/handshake", "hello", initiator(Long.MAX_VALUE).hello()));
    }

    @Test
    void aHelloFromBeforeTheStartIsRefused() {
        assertEquals(
                409, status("/v1/handshake", "hello", initiator(nowMillis - 1).hello()));
    }

    @Test
    void aHelloForOtherKeysIsRefused() {
        byte[] hello = new Initiator(5, client.open(), 3, 3, thrown(64), nowMillis).hello();
        assertEquals(409, status("/v1/handshake", "hello", hello));
    }

    @Test
    void aHelloForAnotherNodeIsNotAnsweredHere() {
        byte[] hello = new Initiator(6, identity.open(), 3, 3, thrown(64), nowMillis).hello();
        assertEquals(503, status("/v1/handshake", "hello", hello));
        hello[7] = 0;
        assertEquals(400, status("/v1/handshake", "hello", hello));
        hello[4] = -1;
        assertEquals(400, status("/v1/handshake", "hello", hello));
    }

    @Test
    void aWrongMacIsForbiddenAndTheRightOneStillOpens() throws Exception {
        Initiator initiator = initiator(nowMillis);
        JsonObject greeted = greet(initiator.hello());
        byte[] confirm = initiator
                .finish(bytes(greeted, "reply"), Optional.empty(), nowMillis)
                .confirm();
        String path = "/v1/handshake/" + greeted.getString("session") + "/confirm";
        byte[] wrong = confirm.clone();
        wrong[10] ^= 1;
        assertEquals(403, status(path, "confirm", wrong));
        assertEquals("open", node.post(path, body("confirm", confirm)).getString("state"));
        assertEquals(409, status(path, "confirm", confirm));
        assertEquals(409, status(path, "confirm", wrong));
    }

    @Test
    void aHandshakeIsConfirmedInTimeOrNotAtAll() throws Exception {
        Initiator initiator = initiator(nowMillis);
        JsonObject greeted = greet(initiator.hello());
        byte[] confirm = initiator
                .finish(bytes(greeted, "reply"), Optional.empty(), nowMillis)
                .confirm();
        nowMillis += 30_000;
        assertEquals(404, status("/v1/handshake/" + greeted.getString("session") + "/confirm", "confirm", confirm));
    }

    @Test
    void sealedFramesAreTakenOnceUnalteredAndInTheirSession() throws Exception {
        Initiator initiator = initiator(nowMillis);
        JsonObject greeted = greet(initiator.hello());
        Initiator.Opened opened = initiator.finish(bytes(greeted, "reply"), Optional.of(client), nowMillis);
        String path = "/v1/handshake/" + greeted.getString("session");
        byte[] sealed = opened.session().seal(PointFrame.ofText(0, 1, 0, 0, "once"), nowMillis);
        assertEquals(409, status(path + "/message", "sealed", sealed));
        JsonObject confirmed = node.post(path + "/confirm", body("confirm", opened.confirm()));
        assertEquals(Base64Url.of(client.open().fingerprint()), confirmed.getString("peer"));
        byte[] altered = sealed.clone();
        altered[altered.length - 1] ^= 1;
        assertEquals(403, status(path + "/message", "sealed", altered));
        opened.session().open(bytes(node.post(path + "/message", body("sealed", sealed)), "sealed"), nowMillis);
        assertEquals(409, status(path + "/message", "sealed", sealed));
        nowMillis += 600_000;
        assertEquals(
                404,
                status(
                        path + "/message",
                        "sealed",
                        opened.session().seal(PointFrame.ofText(0, 1, 0, 0, "late"), nowMillis)));
    }

    @Test
    void oneAddressCannotTakeAllPlaces() throws Exception {
        byte[] hello = initiator(nowMillis).hello();
        greet(hello);
        for (int again = 1; again < 120; again++) {
            assertEquals(409, status("/v1/handshake", "hello", hello));
        }
        assertEquals(429, status("/v1/handshake", "hello", hello));
        nowMillis += 500;
        assertEquals(409, status("/v1/handshake", "hello", hello));
        assertEquals(429, status("/v1/handshake", "hello", hello));
    }

    @Test
    void whatIsNoMessageIsRefused() {
        String unknown = "/v1/handshake/" + Base64Url.of(new byte[] {0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        assertEquals(404, status(unknown + "/message", "sealed", new byte[100]));
        assertEquals(400, status(unknown + "/confirm", "confirm", new byte[100]));
        assertEquals(404, status(unknown + "/confirm", "confirm", confirmOfNobody()));
        assertEquals(400, status("/v1/handshake/x/confirm", "confirm", new byte[36]));
        assertEquals(400, status("/v1/handshake/AAAA/message", "sealed", new byte[100]));
        assertEquals(400, status("/v1/handshake", "hello", new byte[0]));
        assertEquals(400, status("/v1/handshake", "hello", thrown(1_296)));
        assertEquals(400, status("/v1/handshake", "hello", thrown(1_297)));
        assertEquals(400, text("/v1/handshake", "hello", "!"));
        assertEquals(400, text("/v1/handshake", "hello", "AA=="));
        assertEquals(400, text("/v1/handshake", "hello", "AB"));
        assertEquals(400, text("/v1/handshake", "bye", "AA"));
    }

    @Test
    void nothingOfWhatWasSaidIsLogged() throws Exception {
        SecureChannel channel = SecureChannel.open(node, Optional.empty(), Optional.of(client));
        channel.say(PointFrame.ofText(0, 1, 0, 0, "marker in clear"));
        byte[] hello = initiator(nowMillis).hello();
        greet(hello);
        status("/v1/handshake", "hello", hello);
        status("/v1/handshake", "hello", thrown(1_296));
        String all = String.join("\n", logged);
        assertFalse(logged.isEmpty());
        assertFalse(all.contains("marker"));
        assertFalse(all.contains(Base64Url.of(hello).substring(0, 60)));
    }

    private JsonObject greet(byte[] hello) throws Exception {
        return node.post("/v1/handshake", body("hello", hello));
    }

    private int status(String path, String field, byte[] message) {
        return text(path, field, Base64Url.of(message));
    }

    private int text(String path, String field, String text) {
        return assertThrows(Refused.class, () -> node.post(path, new JsonObject().put(field, text)), "answered")
                .status();
    }

    private Initiator initiator(long millis) {
        return new Initiator(5, identity.open(), 3, 3, thrown(64), millis);
    }

    private NodeIdentity identity() {
        return NodeIdentity.of(thrown(NodeIdentity.SEED_BYTES));
    }

    private byte[] thrown(int bytes) {
        byte[] thrown = new byte[bytes];
        dice.nextBytes(thrown);
        return thrown;
    }

    private static byte[] confirmOfNobody() {
        byte[] confirm = new byte[36];
        confirm[0] = 1;
        return confirm;
    }

    private static JsonObject body(String field, byte[] message) {
        return new JsonObject().put(field, Base64Url.of(message));
    }

    private static byte[] bytes(JsonObject json, String field) {
        return Base64Url.read(field, json.getString(field), 1 << 20);
    }
}
