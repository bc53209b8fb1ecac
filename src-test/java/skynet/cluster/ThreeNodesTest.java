package skynet.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.until;

import io.vertx.core.json.JsonObject;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import skynet.crypto.Base64Url;
import skynet.crypto.Initiator;
import skynet.crypto.PointFrame;
import skynet.crypto.PublicIdentity;
import skynet.kit.PgUri;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;

/** Three nodes as people start them, on one PostgreSQL: they meet, and survive what happens to one of them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ThreeNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long ANSWER_SECONDS_MAX = 5;
    private static final int TABS = 1_000;

    @TempDir
    static Path temporary;

    private static DataDirectory directory;
    private static EmbeddedPostgres postgres;
    private static Keys keys;
    private static int[] ports;
    private static final List<MemberProcess> nodes = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        directory = DataDirectory.open(temporary.resolve("shared"));
        postgres = EmbeddedPostgres.start(directory, line -> {});
        keys = Keys.make(temporary.resolve("keys"));
        ports = new int[] {Keys.freePair(), Keys.freePair(), Keys.freePair()};
        nodes.add(launch(1, 0, keys).ready());
        nodes.add(launch(2, 1, keys));
        nodes.add(launch(3, 2, keys));
        nodes.get(1).ready();
        nodes.get(2).ready();
    }

    @AfterAll
    static void end() throws Exception {
        for (MemberProcess node : nodes) {
            node.signal("CONT");
            node.destroy();
        }
        postgres.close();
        directory.close();
    }

    @Test
    @Order(1)
    void theyMeetAndAreReadyOnceTheirLinksAreWarm() throws Exception {
        for (MemberProcess node : nodes) {
            assertEquals(200, node.get("/health/ready").statusCode());
            until(() -> node.members("ready").equals(List.of(1, 2, 3)));
        }
        JsonObject seen =
                new JsonObject(nodes.get(0).getAsMachine("/api/cluster/members").body());
        assertEquals("tests", seen.getString("cluster"));
        assertEquals(
                "127.0.0.1:" + ports[1],
                seen.getJsonArray("members").getJsonObject(1).getString("address"));
        assertFalse(nodes.get(0).get("/api/cluster/members").body().contains("address"), "told to guests");
    }

    @Test
    @Order(2)
    void aDocumentTaughtToOneIsAnsweredByAll() throws Exception {
        JsonObject document = new JsonObject()
                .put("title", "The lighthouse")
                .put("text", "The lighthouse of Zelvinport was built in 1893 by Ondrej Kral.");
        JsonObject question = new JsonObject().put("message", "Who built the lighthouse of Zelvinport?");
        assertEquals(
                200,
                nodes.get(0)
                        .send("PUT", "/api/knowledge/documents/lighthouse", document)
                        .statusCode());
        for (MemberProcess node : nodes) {
            until(() -> node.post("/api/chat/message", question).body().contains("Ondrej Kral"));
        }
    }

    @Test
    @Order(2)
    void aHandshakeWithOneMemberMayGoThroughAnyOther() throws Exception {
        JsonObject first = new JsonObject(nodes.get(0).get("/v1/handshake").body());
        PublicIdentity keysOfFirst = PublicIdentity.of(
                Base64Url.read("ed25519", first.getString("ed25519"), 32),
                Base64Url.read("ml_dsa_65", first.getString("ml_dsa_65"), 1_952));
        byte[] dice = new byte[Initiator.DICE_BYTES];
        new SecureRandom().nextBytes(dice);
        Initiator initiator = new Initiator(1, keysOfFirst, 3, 3, dice, System.currentTimeMillis());
        JsonObject hello = new JsonObject().put("hello", Base64Url.of(initiator.hello()));
        JsonObject greeted =
                new JsonObject(nodes.get(1).post("/v1/handshake", hello).body());
        Initiator.Opened opened = initiator.finish(
                Base64Url.read("reply", greeted.getString("reply"), 5_000),
                Optional.empty(),
                System.currentTimeMillis());
        String path = "/v1/handshake/" + greeted.getString("session");
        JsonObject confirm = new JsonObject().put("confirm", Base64Url.of(opened.confirm()));
        assertEquals(200, nodes.get(2).post(path + "/confirm", confirm).statusCode());
        for (MemberProcess node : nodes) {
            byte[] sealed =
                    opened.session().seal(PointFrame.ofText(0, 1, 0, 0, "through any"), System.currentTimeMillis());
            JsonObject said =
                    new JsonObject(node.post(path + "/message", new JsonObject().put("sealed", Base64Url.of(sealed)))
                            .body());
            PointFrame answer = opened.session()
                    .open(Base64Url.read("sealed", said.getString("sealed"), 40_000), System.currentTimeMillis());
            assertEquals(1, answer.node());
            assertEquals("through any", new String(answer.rawContent(), StandardCharsets.UTF_8));
            assertEquals(409, node.post("/v1/handshake", hello).statusCode());
        }
    }

    @Test
    @Order(2)
    void tabsThatOpenAddNoSubscription() throws Exception {
        MemberProcess node = nodes.get(0);
        double before = node.metric("vertx_eventbus_handlers");
        List<WebSocket> tabs = new ArrayList<>();
        for (int tab = 0; tab < TABS; tab++) {
            tabs.add(node.socket(tab % 2 == 0 ? "/ws/chat" : "/eventbus/websocket"));
            tabs.get(tab)
                    .sendText("{\"type\":\"register\",\"address\":\"ui.status\"}", true)
                    .get(10, TimeUnit.SECONDS);
        }
        assertTrue(before > 10, "handlers: " + before);
        until(() -> node.metric("vertx_eventbus_handlers") <= before);
        tabs.forEach(WebSocket::abort);
    }

    @Test
    @Order(2)
    void aNodeWithATakenNumberOrOtherKeysIsRefused() throws Exception {
        int port = Keys.freePair();
        MemberProcess twin = launch(2, port, keys);
        MemberProcess stranger = launch(4, port + 1_000, Keys.make(temporary.resolve("foreign")));
        assertEquals(78, twin.end());
        assertTrue(twin.log().contains("node.number: 2 is the member at"), twin.log());
        assertEquals(77, stranger.end());
        assertTrue(stranger.log().contains("does not hold our keys"), stranger.log());
        assertEquals(List.of(1, 2, 3), nodes.get(0).members("ready"));
    }

    @Test
    @Order(3)
    void theOthersAnswerWhileOneIsStoppedAndItComesBack() throws Exception {
        nodes.get(2).signal("STOP");
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() < end) {
            answersInTime(nodes.get(0));
            answersInTime(nodes.get(1));
        }
        until(() -> nodes.get(0).members("ready").equals(List.of(1, 2)));
        nodes.get(2).signal("CONT");
        until(() -> nodes.get(0).members("ready").equals(List.of(1, 2, 3)));
        until(() -> nodes.get(2).members("ready").equals(List.of(1, 2, 3)));
        answersInTime(nodes.get(2));
    }

    @Test
    @Order(4)
    void theOthersAnswerWhenOneIsKilled() throws Exception {
        nodes.get(1).signal("KILL");
        long killed = System.nanoTime();
        while (!nodes.get(0).members("ready").equals(List.of(1, 3))) {
            answersInTime(nodes.get(0));
            answersInTime(nodes.get(2));
            assertTrue(System.nanoTime() - killed < PATIENCE.toNanos(), "still a member");
        }
        nodes.set(1, launch(2, 1, keys).ready());
        until(() -> nodes.get(0).members("ready").equals(List.of(1, 2, 3)));
    }

    @Test
    @Order(5)
    void oneThatIsToldToEndLeavesAndIsForgotten() throws Exception {
        nodes.get(2).signal("TERM");
        nodes.get(2).end();
        until(() -> nodes.get(0).members("ready").equals(List.of(1, 2)));
        answersInTime(nodes.get(0));
        answersInTime(nodes.get(1));
    }

    private static void answersInTime(MemberProcess node) throws Exception {
        long asked = System.nanoTime();
        var encoded = node.post("/v1/encode", new JsonObject().put("text", "Hello world"));
        assertEquals(200, encoded.statusCode(), encoded.body());
        var said = node.post("/api/chat/message", new JsonObject().put("message", "What does NOD7 do?"));
        assertEquals(200, said.statusCode(), said.body());
        long millis = (System.nanoTime() - asked) / 1_000_000;
        assertTrue(millis < ANSWER_SECONDS_MAX * 1_000, "answered after " + millis + " ms");
    }

    private static MemberProcess launch(int number, int place, Keys keys) throws Exception {
        int port = place < ports.length ? ports[place] : place;
        PgUri uri = postgres.uri();
        String others = java.util.Arrays.stream(ports)
                .filter(other -> other != port)
                .mapToObj(other -> "127.0.0.1:" + other)
                .collect(java.util.stream.Collectors.joining(","));
        return MemberProcess.launch(
                temporary.resolve("nod" + number + "-" + port),
                Map.of(
                        "SKYNET_NODE_NUMBER",
                        Integer.toString(number),
                        "SKYNET_CLUSTER_NAME",
                        "tests",
                        "SKYNET_CLUSTER_PORT",
                        Integer.toString(port),
                        "SKYNET_CLUSTER_MEMBERS",
                        others,
                        "SKYNET_CLUSTER_KEYS",
                        keys.directory().toString(),
                        "SKYNET_PG_URI",
                        "postgresql://" + uri.user() + ":" + uri.password().orElseThrow() + "@" + uri.host() + ":"
                                + uri.port() + "/" + uri.database() + "?sslmode=disable"));
    }
}
