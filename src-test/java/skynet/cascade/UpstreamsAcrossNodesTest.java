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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Cascade;
import skynet.cluster.Keys;
import skynet.kit.CascadeConfig;
import skynet.kit.LlmConfig;
import skynet.testkit.StandInUpstream;
import skynet.testkit.StandInUpstream.Trouble;
import skynet.testkit.TestDatabase;

/**
 * Two nodes and a third in a process of its own, of which the last two answer by upstreams: the upstream breaks off, the node
 * that computes is killed, the reader leaves; and the answer completes, or says what is missing.
 */
@Timeout(180)
class UpstreamsAcrossNodesTest {
    @TempDir
    static Path temporary;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Vertx VERTX = Vertx.vertx();
    private static final List<StreamNode> nodes = new ArrayList<>();

    private static TestDatabase postgres;
    private static Keys keys;
    private static int[] ports;
    private static StandInUpstream fast;
    private static StandInUpstream premium;

    @BeforeAll
    static void start() throws Exception {
        fast = StandInUpstream.start(VERTX);
        premium = StandInUpstream.start(VERTX);
        postgres = TestDatabase.start(temporary);
        keys = Keys.make(temporary.resolve("keys"));
        ports = new int[] {Keys.freePair(), Keys.freePair(), Keys.freePair()};
        CascadeConfig config = CascadeConfig.of(
                new LlmConfig(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()), upstreams());
        for (int number = 1; number <= 2; number++) {
            nodes.add(StreamNode.start(
                    keys.read(),
                    Keys.config(ports[number - 1], others(number)),
                    number,
                    postgres.uri(),
                    number > 1,
                    config));
        }
        until(() -> nodes.stream().allMatch(node -> node.cluster().others().size() == 1));
    }

    @AfterAll
    static void end() throws Exception {
        for (StreamNode node : nodes) {
            node.close();
        }
        postgres.close();
        VERTX.close().await();
    }

    @BeforeEach
    void well() {
        fast.says(60, 10).suffers(Trouble.NONE, 0);
        premium.says(60, 10).suffers(Trouble.NONE, 0);
    }

    @Test
    void anUpstreamThatIsCutAtWordTwentyLeavesASeamWithLevelAndReason() throws Exception {
        fast.suffers(Trouble.CUT, 20);
        try (EventReader reader = ask("tell me")) {
            JsonObject done = reader.awaitLast().data();
            assertEquals(StandInUpstream.words(60), reader.text());
            assertEquals(StandInUpstream.words(60), done.getString("answer"));
            assertEquals("SkyAI Advanced", done.getString("brand"));
            assertEquals(1, reader.events("seam").size());
            JsonObject seam = reader.events("seam").get(0).data();
            assertEquals(
                    "L3 L4 continue",
                    seam.getString("after") + " " + seam.getString("level") + " " + seam.getString("mode"));
            assertEquals("upstream fast: its answer was cut", seam.getString("reason"));
            assertEquals(StandInUpstream.words(19).length(), seam.getInteger("offset"));
            JsonObject kept = done.getJsonArray("seams").getJsonObject(0);
            kept.fieldNames().forEach(name -> assertEquals(kept.getValue(name), seam.getValue(name), name));
            assertEquals(0, reader.voided());
            JsonArray segments = done.getJsonArray("segments");
            assertEquals(2, segments.size());
            assertEquals(true, segments.getJsonObject(0).getBoolean("estimated"));
            assertEquals(41, segments.getJsonObject(1).getInteger("tokens_out"));
        }
    }

    @Test
    void whenNobodyGoesOnTheStreamEndsAndSaysThatTheRestIsMissing() throws Exception {
        fast.suffers(Trouble.CUT, 20);
        premium.suffers(Trouble.UNAUTHORIZED, 0);
        try (EventReader reader = ask("tell me")) {
            EventReader.Event last = reader.awaitLast();
            assertEquals("done", last.name());
            assertEquals("interrupted", last.data().getString("end"));
            assertEquals("interrupted", last.data().getString("finish"));
            assertEquals(StandInUpstream.words(19), last.data().getString("answer"));
            JsonObject seam = reader.events("seam").get(0).data();
            assertEquals("missing", seam.getString("mode"));
            assertEquals(1, last.data().getJsonArray("segments").size());
        }
    }

    @Test
    void stopClosesTheUpstreamsSocketWithinASecond() throws Exception {
        fast.says(5_000, 10);
        try (EventReader reader = ask("tell me")) {
            reader.awaitWords(10);
            long told = System.nanoTime();
            HttpRequest stop = HttpRequest.newBuilder(nodes.get(0)
                            .url("/api/chat/stream/" + reader.begun().getString("message_id") + "/stop"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertEquals(
                    200, HTTP.send(stop, HttpResponse.BodyHandlers.discarding()).statusCode());
            until(() -> fast.open() == 0);
            assertTrue(fast.closedAt() - told < 1_000_000_000L, "ns: " + (fast.closedAt() - told));
            JsonObject done = reader.awaitLast().data();
            assertEquals("stopped", done.getString("end"));
            assertEquals(reader.text(), done.getString("answer"));
            assertEquals(1, done.getJsonArray("segments").size());
        }
    }

    @Test
    void whoAskedForAWholeAnswerAndLeavesStopsItWithinASecond() throws Exception {
        fast.says(5_000, 10);
        HttpRequest question = HttpRequest.newBuilder(nodes.get(0).url("/api/chat/message"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        new JsonObject().put("message", "tell me all").encode()))
                .build();
        CompletableFuture<HttpResponse<String>> asked = HTTP.sendAsync(question, HttpResponse.BodyHandlers.ofString());
        until(() -> fast.open() == 1);
        long left = System.nanoTime();
        asked.cancel(true);
        until(() -> fast.open() == 0);
        assertTrue(fast.closedAt() - left < 1_000_000_000L, "ns: " + (fast.closedAt() - left));
    }

    @Test
    void anAnswerThatIsForItsReaderAloneStopsWhenNobodyReadsIt() throws Exception {
        fast.says(5_000, 20);
        StreamNode.get(nodes.get(1)
                .bus()
                .ask(new Cascade.Begin("guests", UUID.randomUUID().toString(), "tell me", Cascade.Wish.NONE, true)));
        until(() -> fast.open() == 1);
        until(() -> fast.open() == 0);
        assertTrue(fast.spoken() > 0);
    }

    @Test
    void aNodeThatIsKilledInTheMiddleIsFollowedByAnotherWhichLetsTheUpstreamGoOn() throws Exception {
        fast.says(300, 20);
        Path url = temporary.resolve("url");
        Process third = launch(3, url);
        try {
            until(() -> Files.exists(url));
            until(() -> nodes.get(0).cluster().others().size() == 2);
            EventReader reader = ask("tell me 0");
            for (int i = 1; reader.begun().getInteger("owner") != 3 && i < 40; i++) {
                reader.close();
                reader = ask("tell me " + i);
            }
            assertEquals(3, reader.begun().getInteger("owner"));
            EventReader read = reader;
            read.awaitWords(120);
            third.destroyForcibly();
            JsonObject done = read.awaitLast().data();
            assertEquals(StandInUpstream.words(300), read.text());
            assertEquals(StandInUpstream.words(300), done.getString("answer"));
            assertEquals(2, read.events("seam").get(0).data().getInteger("attempt"));
            JsonArray segments = done.getJsonArray("segments");
            assertEquals(2, segments.size());
            int counted = segments.getJsonObject(1).getInteger("tokens_out");
            assertTrue(counted > 0 && counted < 299, "the second upstream gave " + counted + " words");
            read.close();
        } finally {
            third.destroyForcibly().waitFor();
        }
    }

    private static String upstreams() {
        return new JsonArray()
                .add(entry("fast", fast, "L3"))
                .add(entry("premium", premium, "L4"))
                .encode();
    }

    private static JsonObject entry(String name, StandInUpstream at, String level) {
        return new JsonObject()
                .put("name", name)
                .put("base-url", at.url("/v1"))
                .put("model", name)
                .put("level", level);
    }

    private static Process launch(int number, Path url) throws Exception {
        return StreamNode.launch(
                keys,
                number,
                ports[number - 1],
                others(number),
                postgres.uri(),
                url,
                upstreams(),
                temporary.resolve("third.log"));
    }

    private static EventReader ask(String question) throws Exception {
        EventReader reader =
                EventReader.ask(nodes.get(0).url("/api/chat/message"), new JsonObject().put("message", question));
        assertEquals(200, reader.status());
        return reader;
    }

    private static int[] others(int number) {
        return IntStream.range(0, ports.length)
                .filter(place -> place != number - 1)
                .map(place -> ports[place])
                .toArray();
    }
}
