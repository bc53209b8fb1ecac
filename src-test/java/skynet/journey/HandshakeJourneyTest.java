package skynet.journey;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.client.Connection;
import skynet.client.LightNode;
import skynet.client.Mailbox;
import skynet.client.SecureChannel;
import skynet.crypto.Base64Url;
import skynet.crypto.Initiator;
import skynet.crypto.NodeIdentity;
import skynet.crypto.PointFrame;
import skynet.crypto.PublicIdentity;
import skynet.testkit.RunningNode;

/** Handshakes with the fat JAR: from Java, from a browser, and across a restart. */
class HandshakeJourneyTest {
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
    void aJavaClientSpeaksWithTheFatJar() throws Exception {
        NodeIdentity self = NodeIdentity.of(new byte[NodeIdentity.SEED_BYTES]);
        SecureChannel channel = SecureChannel.open(new Connection(node.address()), Optional.empty(), Optional.of(self));
        PointFrame answer = channel.say(PointFrame.ofText(0, 1_000_001, 0, 9, "through the fat JAR"));
        assertEquals("through the fat JAR", new String(answer.rawContent(), StandardCharsets.UTF_8));
        assertEquals(9, answer.sequence());
    }

    @Test
    void aNodeStaysTheSameOverARestartAndRefusesAHelloFromBefore() throws Exception {
        JsonObject before = new JsonObject(node.get("/v1/handshake").body());
        PublicIdentity identity = PublicIdentity.of(bytes(before, "ed25519"), bytes(before, "ml_dsa_65"));
        byte[] hello = new Initiator(
                        before.getInteger("node"), identity, 3, 3, new byte[64], System.currentTimeMillis())
                .hello();
        String body = new JsonObject().put("hello", Base64Url.of(hello)).encode();
        assertEquals(200, node.post("/v1/handshake", body).statusCode());
        assertEquals(409, node.post("/v1/handshake", body).statusCode());
        node.close();
        node = RunningNode.start(home.resolve("data"));
        JsonObject after = new JsonObject(node.get("/v1/handshake").body());
        assertArrayEquals(bytes(before, "fingerprint"), bytes(after, "fingerprint"));
        assertEquals(409, node.post("/v1/handshake", body).statusCode());
    }

    @Test
    void theRotationSaysThatItProtectsNothing() throws Exception {
        JsonObject shown = new JsonObject(node.post(
                        "/v1/crypto/rotate",
                        new JsonObject()
                                .put("text", "Hello world")
                                .put("steps", 12_345)
                                .encode())
                .body());
        assertEquals("none", shown.getString("security"));
        assertEquals(12_345, shown.getInteger("steps_guessed"));
        assertEquals("Hello world", shown.getString("text_restored"));
        shown.getJsonArray("points").stream().map(JsonObject.class::cast).forEach(point -> {
            assertEquals(point.getDouble("theta"), point.getDouble("restored_theta"), 1e-3);
            assertFalse(Math.abs(point.getDouble("theta") - point.getDouble("rotated_theta")) < 1e-3);
        });
    }

    @Test
    void aBrowserShakesHandsByItsOwnMeansAndByTheVendoredLibrary() throws Exception {
        Path browser = browser().orElseGet(() -> {
            System.out.println("HandshakeJourneyTest: no Chromium on the path, so no handshake was made in a browser");
            return Assumptions.abort("no Chromium on the path");
        });
        Path dom = home.resolve("sdk.html");
        Process process = new ProcessBuilder(
                        browser.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--user-data-dir=" + home.resolve("browser"),
                        "--virtual-time-budget=20000",
                        "--dump-dom",
                        node.address().resolve("/sdk/demo/browser.html").toString())
                .redirectOutput(dom.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        String shown = Files.readString(dom);
        assertTrue(shown.contains("platform: RES of NOD1: hello by platform"), shown);
        assertTrue(shown.contains("vendored: RES of NOD1: hello by vendored"), shown);
        assertTrue(shown.contains("all well"), shown);
        assertTrue(shown.contains("vendored: {\"mlKem768\":\"vendored\""), shown);
    }

    @Test
    void nodeJsSpeaksWithTheFatJar() throws Exception {
        Path sdk = Path.of(System.getProperty("skynet.root", ".."), "webroot", "sdk");
        ProcessBuilder builder = new ProcessBuilder("node", "--test", "--test-reporter=tap", "test/live.test.js")
                .directory(sdk.toFile())
                .redirectErrorStream(true);
        builder.environment().put("SKYNET_ADDRESS", node.address().toString());
        Process process;
        try {
            process = builder.start();
        } catch (IOException absent) {
            System.out.println("HandshakeJourneyTest: no Node.js on the path, so the SDK did not speak with a node");
            process = Assumptions.abort("no Node.js on the path");
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), said);
        assertFalse(said.contains("no SKYNET_ADDRESS"), said);
    }

    @Test
    void lightNodesWriteToEachOtherFromJava() throws Exception {
        Assumptions.assumeTrue(node.get("/v1/swarm").statusCode() == 200, "this node has no registry of light nodes");
        NodeIdentity ours = identity();
        NodeIdentity theirs = identity();
        LightNode sender = LightNode.register(new Connection(node.address()), ours);
        LightNode receiver = LightNode.register(new Connection(node.address()), theirs);
        assertTrue(sender.beat() >= 15_000);
        new Mailbox(sender.connection(), ours).send(receiver.name(), "from Java".getBytes(StandardCharsets.UTF_8));
        Mailbox inbox = new Mailbox(receiver.connection(), theirs);
        List<Mailbox.Letter> letters = inbox.inbox(5);
        assertEquals(1, letters.size());
        assertEquals(sender.name(), letters.get(0).from());
        assertEquals("from Java", new String(letters.get(0).sealed().content(), StandardCharsets.UTF_8));
        inbox.acknowledge(letters.get(0));
        assertEquals(List.of(), inbox.inbox(0));
    }

    private static NodeIdentity identity() {
        byte[] seeds = new byte[NodeIdentity.SEED_BYTES];
        new SecureRandom().nextBytes(seeds);
        return NodeIdentity.of(seeds);
    }

    private static byte[] bytes(JsonObject json, String field) {
        return Base64Url.read(field, json.getString(field), 4_096);
    }

    private static Optional<Path> browser() {
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
