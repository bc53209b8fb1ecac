package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.until;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Cascade;
import skynet.bus.Fault;
import skynet.bus.Stream;
import skynet.cluster.Keys;
import skynet.testkit.TestDatabase;

/**
 * Three nodes of which two have a level that answers, slowly: who asks at the first reads what another computes, whatever
 * happens to the one that computes, to the one that holds the reader, and to the reader.
 */
@Timeout(180)
class AnswersAcrossNodesTest {
    @TempDir
    static Path temporary;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final List<StreamNode> nodes = new ArrayList<>();

    private static TestDatabase postgres;
    private static Keys keys;
    private static int[] ports;

    @BeforeAll
    static void start() throws Exception {
        postgres = TestDatabase.start(temporary);
        keys = Keys.make(temporary.resolve("keys"));
        ports = new int[] {Keys.freePair(), Keys.freePair(), Keys.freePair(), Keys.freePair()};
        for (int number = 1; number <= 3; number++) {
            nodes.add(StreamNode.start(
                    keys.read(), Keys.config(ports[number - 1], others(number)), number, postgres.uri(), number > 1));
        }
        until(() -> nodes.stream().allMatch(node -> node.cluster().others().size() == 2));
    }

    @AfterAll
    static void end() throws Exception {
        for (StreamNode node : nodes) {
            node.close();
        }
        postgres.close();
    }

    @Test
    void whoAsksAtOneNodeReadsWhatAnotherComputesEachWordOnce() throws Exception {
        try (EventReader reader = ask(1, "count 60")) {
            JsonObject begun = reader.begun();
            assertTrue(begun.getInteger("owner") > 1, begun.encode());
            reader.awaitWords(10);
            assertTrue(reader.events("done").isEmpty(), "all came at once");
            JsonObject done = reader.awaitLast().data();
            assertEquals(CountingTier.words(60), reader.text());
            assertEquals(CountingTier.words(60), done.getString("answer"));
            assertEquals("stop", done.getString("end"));
            assertEquals("L3", done.getString("level"));
            assertEquals(
                    5_004,
                    done.getJsonArray("citations")
                            .getJsonObject(0)
                            .getString("text")
                            .length());
            assertEquals(1, reader.events("cite").size());
            assertEquals(1, reader.events("route").size());
            assertEquals(begun.getString("message_id"), done.getString("message_id"));
            inOrder(reader);
        }
    }

    @Test
    void aReaderWhoChangesTheNodeInTheMiddleReadsOn() throws Exception {
        try (EventReader first = ask(1, "count 120")) {
            String path = pathOf(first);
            first.awaitWords(20);
            first.close();
            try (EventReader second = first.resume(nodes.get(2).url(path))) {
                second.awaitWords(60);
                second.close();
                try (EventReader third = second.resume(nodes.get(1).url(path))) {
                    third.awaitLast();
                    assertEquals(CountingTier.words(120), third.text());
                    inOrder(third);
                }
            }
        }
    }

    @Test
    void twoTabsOnOneAnswerReadTheSame() throws Exception {
        for (int other : new int[] {1, 3}) {
            try (EventReader one = ask(1, "count 100 " + other)) {
                one.awaitWords(10);
                try (EventReader two =
                        EventReader.fromStart(nodes.get(other - 1).url(pathOf(one)))) {
                    two.awaitLast();
                    one.awaitLast();
                    assertEquals(CountingTier.words(100), one.text());
                    assertEquals(CountingTier.words(100), two.text());
                    inOrder(one);
                    inOrder(two);
                }
            }
        }
    }

    @Test
    void stopClosesTheUpstreamWithinASecondAndSayingItAgainChangesNothing() throws Exception {
        String question = "count 5000 stop";
        try (EventReader reader = ask(1, question)) {
            String path = pathOf(reader);
            reader.awaitWords(10);
            long told = System.nanoTime();
            assertEquals(200, post(1, path + "/stop").statusCode());
            until(() -> CountingTier.CANCELLED.containsKey(question));
            long millis = (CountingTier.CANCELLED.get(question) - told) / 1_000_000;
            assertTrue(millis < 1_000, "upstream closed after " + millis + " ms");
            JsonObject done = reader.awaitLast().data();
            assertEquals("stopped", done.getString("end"));
            assertEquals(reader.text(), done.getString("answer"));
            for (int node = 1; node <= 3; node++) {
                HttpResponse<String> again = post(node, path + "/stop");
                assertEquals(200, again.statusCode(), again.body());
                assertEquals("ended", new JsonObject(again.body()).getString("state"));
            }
        }
    }

    @Test
    void anAnswerIsKeptForWhoeverComesLaterAlsoWhenItsAskerHasGone() throws Exception {
        String path;
        try (EventReader reader = ask(1, "count 50 gone")) {
            path = pathOf(reader);
            reader.awaitWords(5);
        }
        Cascade.Find find = new Cascade.Find("guests", idOf(path));
        until(() -> StreamNode.get(nodes.get(1).bus().ask(find)).state() == Cascade.State.ENDED);
        try (EventReader later = EventReader.fromStart(nodes.get(0).url(path))) {
            assertEquals(CountingTier.words(50), later.awaitLast().data().getString("answer"));
            assertEquals(CountingTier.words(50), later.text());
        }
        JsonObject again = new JsonObject().put("message", "count 50 gone").put("message_id", idOf(path));
        assertEquals(
                CountingTier.words(50),
                new JsonObject(post(1, "/api/chat/message", again).body()).getString("answer"));
    }

    @Test
    void ofADeletedConversationNothingIsKeptOnAnyNodeAndNobodyGoesOnWithIt() throws Exception {
        Set<Integer> told = ConcurrentHashMap.newKeySet();
        for (StreamNode node : nodes) {
            StreamNode.get(node.bus()
                    .listen(
                            Cascade.Forgotten.class,
                            forgotten -> told.add(node.bus().self().value())));
        }
        String user = "Bearer user";
        try (EventReader first = EventReader.ask(
                nodes.get(0).url("/api/chat/message"),
                new JsonObject().put("message", "count 30 secret"),
                "Authorization",
                user)) {
            first.awaitLast();
            String conversation = first.begun().getString("conversation_id");
            Cascade.Find ended = new Cascade.Find("people", first.begun().getString("message_id"));
            assertEquals(
                    Cascade.State.ENDED,
                    StreamNode.get(nodes.get(1).bus().ask(ended)).state());
            try (EventReader second = EventReader.ask(
                    nodes.get(0).url("/api/chat/message"),
                    new JsonObject().put("message", "count 5000 secret").put("conversation_id", conversation),
                    "Authorization",
                    user)) {
                second.awaitWords(60);
                Cascade.Find running = new Cascade.Find("people", second.begun().getString("message_id"));
                HttpRequest delete = HttpRequest.newBuilder(nodes.get(0).url("/api/chat/history/" + conversation))
                        .header("Authorization", user)
                        .DELETE()
                        .build();
                HttpResponse<String> deleted = HTTP.send(delete, HttpResponse.BodyHandlers.ofString());
                assertEquals(200, deleted.statusCode(), deleted.body());
                until(() -> isGone(ended) && isGone(running));
                until(() -> told.equals(Set.of(1, 2, 3)));
                until(() -> CountingTier.CANCELLED.containsKey("count 5000 secret"));
            }
        }
    }

    private static boolean isGone(Cascade.Find find) throws Exception {
        return StreamNode.get(nodes.get(1)
                .bus()
                .ask(find)
                .map(placed -> false)
                .recover(failure -> failure instanceof Fault fault && fault.kind() == Fault.Kind.ABSENT
                        ? Future.succeededFuture(true)
                        : Future.failedFuture(failure)));
    }

    @Test
    void anOwnerThatFreezesIsFollowedByAnotherAndSaysNothingMore() throws Exception {
        try (EventReader reader = ask(1, "count 300 frozen")) {
            reader.awaitWords(60);
            CountDownLatch thaw = new CountDownLatch(1);
            CountingTier.FREEZE.set(thaw);
            try {
                reader.await("a seam", 40, () -> !reader.events("seam").isEmpty());
                int words = reader.text().split(" ").length;
                reader.awaitWords(words + 20);
            } finally {
                thaw.countDown();
            }
            JsonObject done = reader.awaitLast().data();
            assertEquals(2, reader.events("seam").get(0).data().getInteger("attempt"));
            assertEquals(CountingTier.words(300), reader.text());
            assertEquals(CountingTier.words(300), done.getString("answer"));
            inOrder(reader);
        }
    }

    @Test
    void anOwnerThatIsKilledIsFollowedByAnother() throws Exception {
        Path url = temporary.resolve("url");
        Process fourth = launch(4, url);
        try {
            until(() -> Files.exists(url));
            until(() -> nodes.get(0).cluster().others().size() == 3);
            EventReader reader = ask(1, "count 300 killed 0");
            for (int i = 1; reader.begun().getInteger("owner") != 4 && i < 40; i++) {
                assertEquals(200, post(1, pathOf(reader) + "/stop").statusCode());
                reader.close();
                reader = ask(1, "count 300 killed " + i);
            }
            assertEquals(4, reader.begun().getInteger("owner"));
            EventReader read = reader;
            read.awaitWords(60);
            fourth.destroyForcibly();
            read.await("a seam", 40, () -> !read.events("seam").isEmpty());
            JsonObject done = read.awaitLast().data();
            assertEquals(CountingTier.words(300), read.text());
            assertEquals(CountingTier.words(300), done.getString("answer"));
            inOrder(read);
            read.close();
        } finally {
            fourth.destroyForcibly().waitFor();
            until(() -> nodes.get(0).cluster().others().size() == 2);
        }
    }

    @Test
    void toSomebodyElseAnAnswerIsNotThere() throws Exception {
        String[] alice = {"Authorization", "Bearer user"};
        JsonObject question = new JsonObject().put("message", "count 100 mine");
        try (EventReader reader = EventReader.ask(nodes.get(0).url("/api/chat/message"), question, alice)) {
            String path = pathOf(reader);
            reader.awaitWords(5);
            for (int node = 1; node <= 3; node++) {
                assertEquals(
                        404,
                        EventReader.fromStart(nodes.get(node - 1).url(path)).status());
                assertEquals(404, post(node, path + "/stop").statusCode());
            }
            reader.awaitLast();
            assertEquals(404, EventReader.fromStart(nodes.get(1).url(path)).status());
            try (EventReader own = EventReader.fromStart(nodes.get(2).url(path), alice)) {
                own.awaitLast();
                assertEquals(CountingTier.words(100), own.text());
            }
        }
        assertEquals(
                404,
                EventReader.fromStart(nodes.get(0).url("/api/chat/stream/" + UUID.randomUUID()))
                        .status());
        assertEquals(
                400,
                EventReader.fromStart(nodes.get(0).url("/api/chat/stream/none")).status());
    }

    @Test
    void framesThatAreForgedOrOfOldAttemptsAreDropped() throws Exception {
        try (EventReader reader = ask(1, "count 80 forged")) {
            String id = reader.begun().getString("message_id");
            int owner = reader.begun().getInteger("owner");
            reader.awaitWords(10);
            var liar = nodes.get(5 - owner - 1).bus();
            for (int i = 0; i < 200; i++) {
                liar.tell(
                        new Stream.Frame(id, 2, 20 + i, Stream.Kind.TEXT, "LIE "),
                        nodes.get(0).bus().self());
                liar.tell(
                        new Stream.Frame(id, 1, 1 + i % 5, Stream.Kind.TEXT, "LIE "),
                        nodes.get(0).bus().self());
                liar.tell(
                        new Stream.Frame(id, 1, 100_000 + i, Stream.Kind.TEXT, "LIE "),
                        nodes.get(0).bus().self());
                liar.tell(
                        new Stream.Grant(id, 1, Stream.reader(liar.self(), 7), 1_000_000, 2_000_000),
                        nodes.get(owner - 1).bus().self());
                liar.tell(
                        new Stream.Grant(id, 2, 5, 0, 1_000),
                        nodes.get(owner - 1).bus().self());
                liar.tell(
                        new Stream.Stop(id, 2, "lie"),
                        nodes.get(owner - 1).bus().self());
            }
            reader.awaitLast();
            assertEquals(CountingTier.words(80), reader.text());
            inOrder(reader);
        }
    }

    @Test
    void aPlaceThatIsNotInTheAnswerIsRefused() throws Exception {
        try (EventReader reader = ask(1, "count 20 places")) {
            reader.awaitLast();
            for (String place : List.of("1", "x.1", "0.5", "2.1", "1.999999", "1.-1", "1." + "9".repeat(40))) {
                HttpRequest request = HttpRequest.newBuilder(nodes.get(0).url(pathOf(reader)))
                        .header("Last-Event-ID", place)
                        .build();
                HttpResponse<String> refused = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
                assertEquals(400, refused.statusCode(), place + " " + refused.body());
            }
            HttpRequest typed = HttpRequest.newBuilder(nodes.get(0).url("/api/chat/message"))
                    .header("Accept", "text/event-stream")
                    .header("Content-Type", "text/plain")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"message\":\"count 1\"}"))
                    .build();
            assertEquals(
                    415, HTTP.send(typed, HttpResponse.BodyHandlers.ofString()).statusCode());
        }
    }

    @Test
    void whatNobodyAnswersEndsInThatWords() throws Exception {
        try (EventReader reader = ask(1, "sing a song")) {
            JsonObject done = reader.awaitLast().data();
            assertEquals(false, done.getBoolean("answered"), done::encode);
            assertEquals(Walk.UNKNOWN, reader.text());
        }
    }

    private static Process launch(int number, Path url) throws Exception {
        return StreamNode.launch(
                keys,
                number,
                ports[number - 1],
                others(number),
                postgres.uri(),
                url,
                "",
                temporary.resolve("fourth.log"));
    }

    private static EventReader ask(int node, String question) throws Exception {
        EventReader reader = EventReader.ask(
                nodes.get(node - 1).url("/api/chat/message"), new JsonObject().put("message", question));
        assertEquals(200, reader.status());
        return reader;
    }

    private static HttpResponse<String> post(int node, String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(nodes.get(node - 1).url(path))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(int node, String path, JsonObject body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(nodes.get(node - 1).url(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String pathOf(EventReader reader) throws Exception {
        return "/api/chat/stream/" + reader.begun().getString("message_id");
    }

    private static String idOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** No piece is there twice, none out of order, and what a seam voided is not there. */
    private static void inOrder(EventReader reader) {
        long before = 0;
        for (EventReader.Event piece : reader.pieces()) {
            if (!piece.name().equals("done")) {
                assertTrue(piece.seq() > before, piece.at() + " after " + before);
                before = piece.seq();
            }
        }
    }

    private static int[] others(int number) {
        return IntStream.range(0, ports.length)
                .filter(place -> place != number - 1)
                .map(place -> ports[place])
                .toArray();
    }
}
