package skynet.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.client.Connection;
import skynet.client.LightNode;
import skynet.crypto.NodeIdentity;
import skynet.testkit.RunningNode;

/**
 * Every operation of the contract that names something by an id, tried by somebody to whom it does not belong. An operation
 * that is in neither list here fails the test: whoever adds one says whose its ids are.
 */
class OtherPeoplesIdsTest {
    private static final String MESSAGE = "6f1c1e1a-5a52-4f9b-9d5e-6a3d7a1f2b30";
    private static final String LETTER = "a-letter-of-anns";
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z]+)}");

    /** What anybody who may use the operation may name, and why. */
    private static final Map<String, String> NOBODYS = Map.of(
            "PUT /api/knowledge/documents/{document}", "under the same name everybody has documents of their own",
            "GET /v1/models/{id}", "the models are everybody's",
            "POST /api/tools/{name}", "the tools are everybody's",
            "POST /v1/handshake/{id}/confirm", "whoever has the keys of the session is its owner",
            "POST /v1/handshake/{id}/message", "whoever has the keys of the session is its owner",
            "GET /v1/swarm/{node}", "the list of nodes is public",
            "GET /v1/keys/{node}", "public keys are public",
            "GET /docs/errors/{slug}", "a page");

    @TempDir
    static Path home;

    private static RunningNode node;
    private static JsonObject contract;
    private static String ann;
    private static String ben;

    /** The operations whose ids belong to somebody, with an id of Ann's. */
    private static final Map<String, String> anns = new LinkedHashMap<>();

    @BeforeAll
    static void start() throws Exception {
        node = RunningNode.start(home.resolve("data"));
        contract = new JsonObject(node.get("/openapi.json").body());
        ann = register("ann@example.org");
        ben = register("ben@example.org");
        String conversation = say();
        String key = json(as(ann, "POST", "/api/keys", "{\"name\":\"a\",\"scopes\":[\"genom:read\"]}"))
                .getString("id");
        String session = json(as(ann, "GET", "/api/auth/sessions", ""))
                .getJsonArray("sessions")
                .getJsonObject(0)
                .getString("id");
        String user = json(as(ann, "GET", "/api/auth/me", "")).getString("id");
        json(as(ann, "PUT", "/api/knowledge/documents/" + LETTER, "{\"title\":\"A letter\",\"text\":\"Dear Ben.\"}"));
        LightNode light = LightNode.register(new Connection(node.address()), NodeIdentity.of(seeds()));
        String sent = send(light, user);
        for (String operation : List.of("GET", "PATCH", "DELETE")) {
            anns.put(operation + " /api/chat/history/{conversation}", conversation);
        }
        anns.put("GET /api/chat/history/{conversation}/export", conversation);
        anns.put("PUT /api/chat/message/{message}/feedback", MESSAGE);
        anns.put("PUT /api/chat/message/{message}/correction", MESSAGE);
        anns.put("GET /api/knowledge/documents/{document}", LETTER);
        anns.put("DELETE /api/knowledge/documents/{document}", LETTER);
        anns.put("GET /api/knowledge/chunks/{document}", LETTER);
        anns.put("DELETE /api/crawler/sites/{site}", "site.invalid");
        anns.put("POST /api/crawler/learn/{id}/approve", MESSAGE);
        anns.put("POST /api/crawler/learn/{id}/reject", MESSAGE);
        anns.put("GET /api/chat/stream/{message}", MESSAGE);
        anns.put("POST /api/chat/stream/{message}/stop", MESSAGE);
        anns.put("DELETE /v1/nodes/{node}", light.name());
        anns.put("POST /v1/swarm/{node}/drain", "NOD1");
        anns.put("PUT /v1/swarm/{node}/grants/compute", light.name());
        anns.put("DELETE /v1/swarm/{node}/grants/compute", light.name());
        anns.put("POST /v1/messages/{message}/ack", sent);
        anns.put("DELETE /api/auth/sessions/{id}", session);
        anns.put("DELETE /api/keys/{id}", key);
        anns.put("POST /api/admin/users/{id}", user);
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    @Test
    void everyOperationWithAnIdSaysWhoseItIs() {
        Set<String> known = new TreeSet<>(NOBODYS.keySet());
        known.addAll(anns.keySet());
        assertEquals(new TreeSet<>(named()), known);
    }

    @Test
    void whatBelongsToAnnIsNotThereForBenNorForAGuest() throws Exception {
        for (Map.Entry<String, String> operation : anns.entrySet()) {
            String[] parts = operation.getKey().split(" ", 2);
            String path = PARAMETER.matcher(parts[1]).replaceAll(Matcher.quoteReplacement(operation.getValue()));
            for (String whose : List.of(ben, "")) {
                HttpResponse<String> answer = as(whose, parts[0], path, body(parts[1], parts[0]));
                assertTrue(
                        Set.of(401, 403, 404).contains(answer.statusCode()),
                        () -> operation.getKey() + (whose.isEmpty() ? " by a guest: " : " by Ben: ")
                                + answer.statusCode() + " " + answer.body());
            }
        }
    }

    @Test
    void afterAllThatEverythingIsStillAnns() throws Exception {
        whatBelongsToAnnIsNotThereForBenNorForAGuest();
        assertEquals(200, as(ann, "GET", "/api/auth/me", "").statusCode());
        assertEquals(
                1, json(as(ann, "GET", "/api/keys", "")).getJsonArray("keys").size());
        assertEquals(200, as(ann, "GET", "/api/chat/stream/" + MESSAGE, "").statusCode());
        assertEquals(
                200, as(ann, "GET", "/api/knowledge/documents/" + LETTER, "").statusCode());
        assertEquals(
                1,
                json(as(ann, "GET", "/v1/messages/inbox", ""))
                        .getJsonArray("messages")
                        .size());
        JsonObject said = json(as(ann, "GET", "/api/chat/history", ""));
        assertTrue(said.encode().contains(MESSAGE) || said.encode().contains("NOD7"), said.encode());
    }

    /** The body of the contract's own example, so that nothing is refused for its form. */
    private static String body(String path, String method) {
        JsonObject operation =
                contract.getJsonObject("paths").getJsonObject(path).getJsonObject(method.toLowerCase(Locale.ROOT));
        JsonObject example = operation
                .getJsonObject("requestBody", new JsonObject())
                .getJsonObject("content", new JsonObject())
                .getJsonObject("application/json", new JsonObject())
                .getJsonObject("example");
        return example == null ? "" : example.encode();
    }

    private static List<String> named() {
        return contract.getJsonObject("paths").stream()
                .filter(path -> path.getKey().contains("{"))
                .flatMap(path -> ((JsonObject) path.getValue())
                        .fieldNames().stream()
                                .filter(Set.of("get", "put", "post", "delete", "patch")::contains)
                                .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
                .toList();
    }

    private static String register(String email) throws Exception {
        JsonObject who = new JsonObject().put("email", email).put("password", "a password of six words");
        return json(node.post("/api/auth/register", who.encode())).getString("access_token");
    }

    private static String say() throws Exception {
        JsonObject question =
                new JsonObject().put("message", "What does NOD7 do?").put("message_id", MESSAGE);
        return json(as(ann, "POST", "/api/chat/message", question.encode())).getString("conversation_id");
    }

    private static byte[] seeds() {
        byte[] seeds = new byte[NodeIdentity.SEED_BYTES];
        new SecureRandom().nextBytes(seeds);
        return seeds;
    }

    /** Something that waits in a user's inbox, as nobody else may acknowledge it. */
    private static String send(LightNode from, String user) throws Exception {
        json(as(ann, "GET", "/v1/messages/inbox", ""));
        JsonObject message = new JsonObject()
                .put("to", user)
                .put("id", UUID.randomUUID().toString())
                .put("body", "c2VhbGVk");
        return from.connection().post("/v1/messages", message).getString("message");
    }

    private static HttpResponse<String> as(String token, String method, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(node.address().resolve(path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return node.send(request);
    }

    private static JsonObject json(HttpResponse<String> answer) {
        assertTrue(answer.statusCode() < 300, answer.body());
        return new JsonObject(answer.body());
    }
}
