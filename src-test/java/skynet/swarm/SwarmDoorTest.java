package skynet.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.NodeClass;
import skynet.bus.Nodes;
import skynet.testkit.RunningNode;

/** Light nodes and their inboxes as clients meet them over HTTP, against the fat JAR. */
@Timeout(300)
class SwarmDoorTest {
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
    void aNodeRegistersBeatsAndIsSeen() throws Exception {
        JsonObject one = register(new Applicant(true), NodeClass.D);
        assertTrue(one.getInteger("number") >= 100 && one.getInteger("number") <= 999_999, one.encode());
        HttpResponse<String> beaten = post("/v1/heartbeat", token(one), new JsonObject().put("load", 12));
        assertEquals(200, beaten.statusCode(), beaten.body());
        assertTrue(new JsonObject(beaten.body()).getInteger("next_ms") >= 30_000);
        JsonObject seen = json(get("/v1/swarm/" + one.getString("node"), null));
        assertEquals("live", seen.getString("state"));
        assertEquals(12, seen.getInteger("load"));
        assertEquals("NOD1", seen.getString("home"));
        JsonObject swarm = json(get("/v1/swarm", null));
        assertEquals("NOD1", swarm.getString("hub"));
        assertTrue(swarm.getJsonObject("counts").getJsonObject("D").getInteger("live") >= 1);
        assertEquals(
                swarm.getJsonArray("members"), json(get("/api/nodes", null)).getJsonArray("members"));
    }

    @Test
    void theKeysOfNodesAndMembersAreTold() throws Exception {
        JsonObject one = register(new Applicant(true), NodeClass.M);
        JsonObject keys = json(get("/v1/keys/" + one.getString("node"), null));
        assertEquals(43, keys.getString("ed25519").length());
        assertEquals(2_603, keys.getString("ml_dsa_65").length());
        assertEquals(1_622, keys.getString("x_wing").length());
        assertEquals(1_622, json(get("/v1/keys/NOD1", null)).getString("x_wing").length());
        assertEquals(404, get("/v1/keys/NOD2", null).statusCode());
    }

    @Test
    void namedPlacesHaveTheirRolesAndVacantNumbersAreAbsent() throws Exception {
        assertTrue(json(get("/v1/swarm/NOD1", null)).getJsonArray("roles").contains("core"));
        JsonArray roles = json(get("/v1/swarm/NOD5", null)).getJsonArray("roles");
        assertTrue(roles.contains("skyos-api") && roles.contains("crawler"), roles.encode());
        for (String vacant : List.of("NOD6", "NOD99", "NOD999999", "NOD0", "none", "NOD10000000")) {
            assertEquals(404, get("/v1/swarm/" + vacant, null).statusCode(), vacant);
        }
    }

    @Test
    void aTokenThatWasTakenBackIsRefusedAtOnce() throws Exception {
        JsonObject one = register(new Applicant(false), NodeClass.D);
        JsonObject other = register(new Applicant(false), NodeClass.D);
        String path = "/v1/nodes/" + one.getString("node");
        assertEquals(404, delete(path, token(other)).statusCode());
        assertEquals(401, delete(path, null).statusCode());
        assertEquals(200, post("/v1/heartbeat", token(one), new JsonObject()).statusCode());
        assertEquals(200, delete(path, token(one)).statusCode());
        assertEquals(401, post("/v1/heartbeat", token(one), new JsonObject()).statusCode());
        assertEquals(401, get("/v1/messages/inbox", token(one)).statusCode());
        assertEquals(404, get("/v1/swarm/" + one.getString("node"), null).statusCode());
    }

    @Test
    void badRegistrationsAreRefusedByName() throws Exception {
        JsonObject good = body(new Applicant(false), NodeClass.D);
        assertEquals(
                400,
                post("/v1/nodes/register", null, good.copy().put("class", "core"))
                        .statusCode());
        assertEquals(
                403,
                post("/v1/nodes/register", null, good.copy().put("class", "S")).statusCode());
        assertEquals(
                403,
                post("/v1/nodes/register", null, good.copy().put("class", "M")).statusCode());
        assertEquals(
                403,
                post("/v1/nodes/register", null, good.copy().put("mode", "compute"))
                        .statusCode());
        assertEquals(
                400,
                post("/v1/nodes/register", null, good.copy().put("mode", "all")).statusCode());
        assertEquals(
                400,
                post("/v1/nodes/register", null, good.copy().put("nonce", "AA")).statusCode());
        assertEquals(
                400,
                post("/v1/nodes/register", null, good.copy().put("more", 1)).statusCode());
        assertEquals(
                400,
                post("/v1/nodes/register", null, good.copy().put("fingerprint", "x"))
                        .statusCode());
        assertEquals(200, post("/v1/nodes/register", null, good).statusCode());
        assertEquals(409, post("/v1/nodes/register", null, good).statusCode());
        assertEquals(
                401,
                post("/v1/heartbeat", "nod-" + "A".repeat(48), new JsonObject()).statusCode());
        assertEquals(401, post("/v1/heartbeat", null, new JsonObject()).statusCode());
        HttpResponse<String> owner = node.send(node.asOwner("/v1/heartbeat")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertEquals(403, owner.statusCode(), owner.body());
    }

    @Test
    void anAdminGrantsClassS() throws Exception {
        HttpResponse<String> granted = node.send(node.asOwner("/v1/nodes/register")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        body(new Applicant(false), NodeClass.S).encode())));
        assertEquals(200, granted.statusCode(), granted.body());
        assertEquals("S", json(granted).getString("class"));
    }

    @Test
    void whoWaitsForAMessageIsWokenByIt() throws Exception {
        JsonObject sender = register(new Applicant(false), NodeClass.D);
        JsonObject receiver = register(new Applicant(false), NodeClass.M);
        CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return get("/v1/messages/inbox?wait=30", token(receiver));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Thread.sleep(500);
        long begun = System.nanoTime();
        JsonObject letter = new JsonObject()
                .put("to", receiver.getString("node"))
                .put("id", UUID.randomUUID().toString())
                .put("body", "c2VhbGVk");
        JsonObject sent = json(post("/v1/messages", token(sender), letter));
        JsonObject page = json(waiting.get());
        assertTrue(System.nanoTime() - begun < 3_000_000_000L, "woken, not polled");
        JsonObject message = page.getJsonArray("messages").getJsonObject(0);
        assertEquals(sender.getString("node"), message.getString("from"));
        assertEquals("c2VhbGVk", message.getString("body"));
        assertEquals(sent.getString("message"), message.getString("message"));
        assertTrue(json(post("/v1/messages", token(sender), letter)).getBoolean("again"));
        assertEquals(
                409,
                post("/v1/messages", token(sender), letter.copy().put("body", "AAAA"))
                        .statusCode());
        String ack = "/v1/messages/" + sent.getString("message") + "/ack";
        assertEquals(404, post(ack, token(sender), null).statusCode());
        assertEquals(false, json(post(ack, token(receiver), null)).getBoolean("again"));
        assertEquals(true, json(post(ack, token(receiver), null)).getBoolean("again"));
        assertEquals(
                0,
                json(get("/v1/messages/inbox", token(receiver)))
                        .getJsonArray("messages")
                        .size());
        assertNull(json(get("/v1/swarm/" + receiver.getString("node"), null)).getString("twin_of"));
    }

    @Test
    void badMessagesAreRefusedByName() throws Exception {
        JsonObject one = register(new Applicant(false), NodeClass.D);
        JsonObject letter = new JsonObject()
                .put("to", one.getString("node"))
                .put("id", UUID.randomUUID().toString())
                .put("body", "c2VhbGVk");
        String token = token(one);
        assertEquals(
                404,
                post("/v1/messages", token, letter.copy().put("to", "NOD999999"))
                        .statusCode());
        assertEquals(
                404,
                post(
                                "/v1/messages",
                                token,
                                letter.copy().put("to", UUID.randomUUID().toString()))
                        .statusCode());
        assertEquals(
                400, post("/v1/messages", token, letter.copy().put("id", "1")).statusCode());
        assertEquals(
                400, post("/v1/messages", token, letter.copy().put("body", "")).statusCode());
        assertEquals(
                400,
                post("/v1/messages", token, letter.copy().put("body", "A".repeat(43_692)))
                        .statusCode());
        assertEquals(
                200,
                post("/v1/messages", token, letter.copy().put("body", "A".repeat(43_690)))
                        .statusCode());
        assertEquals(401, post("/v1/messages", null, letter).statusCode());
        assertEquals(400, get("/v1/messages/inbox?wait=31", token).statusCode());
        assertEquals(400, get("/v1/messages/inbox?limit=51", token).statusCode());
        assertEquals(404, post("/v1/messages/x/ack", token, null).statusCode());
        assertEquals(
                404,
                post("/v1/messages/" + UUID.randomUUID() + "/ack", token, null).statusCode());
    }

    static JsonObject register(Applicant applicant, NodeClass kind) throws Exception {
        return register(node, applicant, kind);
    }

    static JsonObject register(RunningNode node, Applicant applicant, NodeClass kind) throws Exception {
        HttpResponse<String> answer =
                node.post("/v1/nodes/register", body(node, applicant, kind).encode());
        assertEquals(200, answer.statusCode(), answer.body());
        return new JsonObject(answer.body());
    }

    private static JsonObject body(Applicant applicant, NodeClass kind) throws Exception {
        return body(node, applicant, kind);
    }

    private static JsonObject body(RunningNode node, Applicant applicant, NodeClass kind) throws Exception {
        Nodes.Register asked = applicant.ask(
                skynet.bus.Principal.GUEST,
                node.address().getHost(),
                kind,
                Nodes.Mode.RELAY,
                "",
                System.currentTimeMillis() / 1_000);
        JsonObject keys = new JsonObject().put("ed25519", asked.keys().ed25519());
        if (!asked.keys().mlDsa65().isEmpty()) {
            keys.put("ml_dsa_65", asked.keys().mlDsa65());
        }
        keys.put("x_wing", asked.keys().xWing());
        JsonObject body = new JsonObject()
                .put("class", asked.kind().text())
                .put("mode", asked.mode().text())
                .put("keys", keys)
                .put("time", asked.timeSeconds())
                .put("nonce", asked.nonce())
                .put("signature", asked.signature());
        return asked.mlDsaSignature().isEmpty() ? body : body.put("signature_ml_dsa_65", asked.mlDsaSignature());
    }

    private static String token(JsonObject registered) {
        return registered.getString("token");
    }

    private static HttpResponse<String> post(String path, String token, JsonObject body) throws Exception {
        return node.send(request(path, token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body == null ? "" : body.encode())));
    }

    private static HttpResponse<String> get(String path, String token) throws Exception {
        return node.send(request(path, token).GET());
    }

    private static HttpResponse<String> delete(String path, String token) throws Exception {
        return node.send(request(path, token).DELETE());
    }

    private static HttpRequest.Builder request(String path, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(node.address().resolve(path));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private static JsonObject json(HttpResponse<String> answer) {
        assertEquals(200, answer.statusCode(), answer.body());
        return new JsonObject(answer.body());
    }
}
