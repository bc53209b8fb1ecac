package skynet.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skynet.testkit.RunningNode;

/** A node that is alone: it has every role at once, and what dies with its machine comes back with it. */
class LoneHolderTest {
    private static final String QUESTION = "What does NOD7 do?";
    private static final String ID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";

    @TempDir
    Path temporary;

    @Test
    void theDeathOfTheWholeMachineStopsEverythingAndLosesNothing() throws Exception {
        Path data = temporary.resolve("data");
        RunningNode node = RunningNode.start(data);
        long epoch;
        JsonObject said;
        try {
            epoch = requireAllRoles(node);
            said = say(node);
        } finally {
            killAll(node, data);
        }
        IOException gone = null;
        try {
            node.get("/health/live");
        } catch (IOException refused) {
            gone = refused;
        }
        assertTrue(gone != null, "it still answers");
        try (RunningNode again = RunningNode.start(data)) {
            assertEquals(epoch + 1, requireAllRoles(again));
            assertEquals(said.getString("answer"), say(again).getString("answer"));
        }
    }

    private static long requireAllRoles(RunningNode node) throws Exception {
        JsonObject mesh = new JsonObject(node.get("/v1/mesh").body());
        assertEquals(1, mesh.getInteger("node"));
        assertEquals(new JsonArray().add(1).add(2).add(3), mesh.getJsonArray("chain"));
        List<JsonObject> roles =
                mesh.getJsonArray("roles").stream().map(JsonObject.class::cast).toList();
        assertEquals(
                List.of("hub"),
                roles.stream().map(role -> role.getString("role")).toList());
        for (JsonObject role : roles) {
            assertEquals(1, role.getInteger("holder"), mesh.encode());
            assertTrue(role.getBoolean("here"));
        }
        return roles.get(0).getLong("epoch");
    }

    private static JsonObject say(RunningNode node) throws Exception {
        JsonObject said = new JsonObject(node.post(
                        "/api/chat/message",
                        new JsonObject()
                                .put("message", QUESTION)
                                .put("message_id", ID)
                                .encode())
                .body());
        assertNull(said.getString("type"), said.encode());
        return said;
    }

    /** The node and its database at the same moment, as when the machine loses its power. */
    private static void killAll(RunningNode node, Path data) throws Exception {
        ProcessHandle postgres = ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(data.resolve("postgres/data/postmaster.pid"))
                                .get(0)
                                .strip()))
                .orElseThrow();
        List<ProcessHandle> all = postgres.descendants().toList();
        node.kill();
        postgres.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        postgres.onExit().get(10, TimeUnit.SECONDS);
    }
}
