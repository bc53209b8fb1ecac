package skynet.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import skynet.testkit.RunningNode;

/** The cascade of a fresh node without models, from outside: its cache, its explanation, its diary and its prices. */
@TestMethodOrder(MethodOrderer.MethodName.class)
class CascadeJourneyTest {
    private static final String GARDEN = "/api/knowledge/documents/journey/garden.md";

    @TempDir
    static Path home;

    private static RunningNode node;

    @BeforeAll
    static void start() throws Exception {
        node = RunningNode.start(home.resolve("data"));
        learn("The quince tree in the garden of Mill Street was planted by Mrs Olsen in 1931.");
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    @Test
    void aSecondAskIsLevel0UntilItsSourceChanges() throws Exception {
        JsonObject first = ask("Who planted the quince tree in Mill Street?", false);
        assertTrue(first.getBoolean("answered"), first.encode());
        assertTrue(first.getString("answer").contains("Olsen"), first.encode());
        assertEquals(
                "L0", ask("who planted the quince tree in mill street", false).getString("level"));
        JsonObject alike = ask("Could you please tell me who planted the quince tree in Mill Street?", false);
        assertEquals("L0", alike.getString("level"), alike.encode());
        assertEquals(first.getJsonArray("citations"), alike.getJsonArray("citations"));
        assertFalse(isFromCache(ask("Who planted the quince tree in Hill Street?", false)));
        assertFalse(isFromCache(ask("Who did not plant the quince tree in Mill Street?", false)));
        learn("The quince tree in the garden of Mill Street was planted by Mr Berg in 1932.");
        JsonObject anew = ask("Who planted the quince tree in Mill Street?", false);
        assertFalse(isFromCache(anew), anew.encode());
        assertTrue(anew.getString("answer").contains("Berg"), anew.encode());
    }

    @Test
    void itExplainsItself() throws Exception {
        JsonObject explain = ask("Prove step by step that the square root of 2 is irrational.", true)
                .getJsonObject("explain");
        assertTrue(explain.getDouble("difficulty") > 0.5, explain.encode());
        assertEquals(new JsonArray().add("L0").add("L1").add("L2"), explain.getJsonArray("order"));
        assertTrue(explain.getJsonArray("rejected").encode().contains("L4"), explain.encode());
    }

    @Test
    void pricesHoldAtOnceAndForOperatorsOnly() throws Exception {
        String path = "/api/cascade/prices";
        assertEquals(401, node.get(path).statusCode());
        JsonObject table = new JsonObject()
                .put(
                        "prices",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("upstream", "fast")
                                        .put("input", 1)
                                        .put("output", 2.5)));
        JsonObject set = node.put(path, table);
        assertEquals(2.5, set.getJsonArray("prices").getJsonObject(0).getDouble("output"));
        assertEquals(1, set.getInteger("version"), set.encode());
        JsonObject late = node.put(path, table.copy().put("version", 0));
        assertTrue(late.getString("type").endsWith("conflict"), late.encode());
        assertEquals(set.getJsonArray("prices"), owner(path).getJsonArray("prices"));
        table.getJsonArray("prices").getJsonObject(0).put("input", -1);
        assertTrue(node.put(path, table).getString("detail").startsWith("input: -1.0 (expected"));
    }

    @Test
    void whatWasAskedIsTakenDownOnce() throws Exception {
        long before = requests();
        for (int i = 0; i < 20; i++) {
            ask("How many chairs are in room " + i + "?", false);
        }
        assertEquals(before + 20, requests());
        assertEquals(0, owner("/api/cascade/telemetry").getLong("dropped"));
        JsonArray slo = new JsonObject(node.get("/api/cascade/slo").body()).getJsonArray("levels");
        assertEquals(6, slo.size());
        assertEquals(50, slo.getJsonObject(0).getInteger("target_ms"));
        JsonArray levels = new JsonObject(node.get("/api/cascade/levels").body()).getJsonArray("levels");
        assertTrue(levels.getJsonObject(2).getBoolean("available"));
        assertFalse(levels.getJsonObject(3).getBoolean("available"));
    }

    private static boolean isFromCache(JsonObject answer) {
        return answer.getString("level").equals("L0");
    }

    private static long requests() throws Exception {
        return owner("/api/cascade/telemetry?days=2").getJsonArray("sums").stream()
                .mapToLong(sum -> ((JsonObject) sum).getLong("requests"))
                .sum();
    }

    private static JsonObject ask(String question, boolean explain) throws Exception {
        String path = "/api/chat/message" + (explain ? "?explain=1" : "");
        HttpResponse<String> answer =
                node.post(path, new JsonObject().put("message", question).encode());
        assertEquals(200, answer.statusCode(), answer.body());
        return new JsonObject(answer.body());
    }

    private static JsonObject owner(String path) throws Exception {
        return new JsonObject(node.send(node.asOwner(path).GET()).body());
    }

    private static void learn(String text) throws Exception {
        JsonObject learned =
                node.put(GARDEN, new JsonObject().put("title", "Garden").put("text", text));
        assertTrue(learned.getBoolean("changed"), learned.encode());
    }
}
