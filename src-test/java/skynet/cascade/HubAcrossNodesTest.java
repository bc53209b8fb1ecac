package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.until;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Mesh;
import skynet.cluster.Keys;
import skynet.testkit.StandInUpstream;
import skynet.testkit.TestDatabase;

/**
 * Two nodes of which the first, in a process of its own, holds the role of the hub: who asks the second one for the full
 * pipeline is answered by the first, streamed or whole, and by the second when the first dies at it.
 */
@Timeout(150)
class HubAcrossNodesTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path temporary;

    private final Vertx vertx = Vertx.vertx();
    private TestDatabase postgres;
    private StandInUpstream premium;
    private Process hub;
    private StreamNode node;

    @BeforeEach
    void start() throws Exception {
        premium = StandInUpstream.start(vertx).says(20, 10);
        postgres = TestDatabase.start(temporary);
        Keys keys = Keys.make(temporary.resolve("keys"));
        int first = Keys.freePair();
        int second = Keys.freePair();
        String upstreams = new JsonArray()
                .add(new JsonObject()
                        .put("name", "premium")
                        .put("base-url", premium.url("/v1"))
                        .put("model", "premium")
                        .put("level", "L4"))
                .encode();
        Path url = temporary.resolve("url");
        hub = StreamNode.launch(
                keys,
                1,
                first,
                new int[] {second},
                postgres.uri(),
                url,
                upstreams,
                temporary.resolve("hub.log"),
                "1,2");
        until(() -> Files.exists(url));
        node = StreamNode.likeAnyOther(
                keys.read(),
                Keys.config(second, first),
                2,
                postgres.uri(),
                true,
                StreamNode.config(upstreams),
                List.of(1, 2));
        until(() -> node.cluster().others().size() == 1);
        until(() -> StreamNode.get(node.bus().ask(new Mesh.Hold(Mesh.HUB))).holder() == 1);
    }

    @AfterEach
    void end() throws Exception {
        hub.destroyForcibly().waitFor();
        node.close();
        postgres.close();
        vertx.close().await();
    }

    @Test
    void thePipelineIsWorkedThroughOnTheHubAndItsStepsAreSeen() throws Exception {
        try (EventReader reader = EventReader.ask(node.url("/api/chat/message"), question("streamed"))) {
            assertEquals(1, reader.begun().getInteger("owner"));
            JsonObject done = reader.awaitLast().data();
            isOfThePipeline(done);
            assertEquals(reader.text(), done.getString("answer"));
            List<String> steps = reader.events("route").stream()
                    .filter(step -> step.data().getString("outcome").equals("step"))
                    .map(step -> step.data().getString("reason"))
                    .toList();
            assertTrue(steps.size() >= 4, steps.toString());
            assertTrue(steps.get(0).startsWith("planned"), steps.toString());
        }
        JsonObject whole = new JsonObject(whole("whole").get().body());
        isOfThePipeline(whole);
        assertEquals(
                StandInUpstream.words(20).strip(), whole.getString("answer").strip());
    }

    @Test
    void whenTheHubDiesAtItTheOtherNodeAnswersAtTheLevelThatIsLeft() throws Exception {
        premium.says(20, 50);
        CompletableFuture<HttpResponse<String>> whole = whole("whole");
        try (EventReader reader = EventReader.ask(node.url("/api/chat/message"), question("streamed"))) {
            assertEquals(1, reader.begun().getInteger("owner"));
            reader.await("a step", 30, () -> reader.events("route").stream()
                    .anyMatch(step -> step.data().getString("reason").startsWith("drafted")));
            hub.destroyForcibly().waitFor();
            JsonObject done = reader.awaitLast().data();
            assertEquals(2, reader.events("seam").get(0).data().getInteger("attempt"));
            assertEquals("stop", done.getString("end"));
            assertEquals("SkyAI Pro", done.getString("brand"));
            assertEquals(
                    StandInUpstream.words(20).strip(), done.getString("answer").strip());
            assertEquals(done.getString("answer"), reader.text());
            assertTrue(
                    done.getJsonArray("route").encode().contains("drafted"),
                    "what was seen stands: " + done.getJsonArray("route").encode());
        }
        JsonObject answer = new JsonObject(whole.get().body());
        assertEquals(
                StandInUpstream.words(20).strip(), answer.getString("answer").strip());
        // The other node may be the hub itself by then.
        assertTrue(List.of("L4", "L5").contains(answer.getString("level")), answer.encode());
    }

    private static void isOfThePipeline(JsonObject done) {
        assertEquals("L5", done.getString("level"), done.encode());
        assertEquals("SkyAI Pro", done.getString("brand"));
        assertTrue(done.getJsonArray("route").encode().contains("criticised"), done.encode());
    }

    private static JsonObject question(String text) {
        return new JsonObject().put("message", text).put("model", "skyai-pro").put("policy", "quality");
    }

    private CompletableFuture<HttpResponse<String>> whole(String text) {
        return HTTP.sendAsync(
                HttpRequest.newBuilder(node.url("/api/chat/message"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(question(text).encode()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
