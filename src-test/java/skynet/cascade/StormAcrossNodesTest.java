package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.until;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Cascade.Segment;
import skynet.cluster.Keys;
import skynet.testkit.StandInUpstream;
import skynet.testkit.StandInUpstream.Given;
import skynet.testkit.TestDatabase;

/**
 * Everything at once: of three nodes one is killed, of two upstreams one dies at word twenty, clients leave, stop and come back
 * elsewhere, all while fifteen answers are given. At the end the diary of requests says what was delivered, no more and no less.
 */
@Timeout(150)
class StormAcrossNodesTest {
    private static final int WORDS = 400;
    private static final int WORD_MILLIS = 20;
    private static final int LAST_WORD = 20;

    /** Begun at the same time, before the first upstream says its first word. */
    private static final int ANSWERS = 15;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path temporary;

    private final Vertx vertx = Vertx.vertx();
    private final List<StreamNode> nodes = new ArrayList<>();
    private final List<EventReader> readers = new ArrayList<>();
    private TestDatabase postgres;
    private StandInUpstream premium;
    private Process fast;
    private Process third;
    private URI thirdUrl;

    /** What the diary says of one request. */
    private record Noted(int node, String outcome, String finish, int chars, long tokensOut, JsonArray segments) {
        JsonObject segment(int place) {
            return segments.getJsonObject(place);
        }
    }

    @BeforeEach
    void start() throws Exception {
        premium = StandInUpstream.start(vertx).says(WORDS, WORD_MILLIS);
        fast = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        StandInUpstream.class.getName(),
                        "0",
                        Integer.toString(WORDS),
                        Integer.toString(WORD_MILLIS),
                        Integer.toString(LAST_WORD),
                        Integer.toString(ANSWERS))
                .redirectErrorStream(true)
                .start();
        postgres = TestDatabase.start(temporary);
        Keys keys = Keys.make(temporary.resolve("keys"));
        int[] ports = {Keys.freePair(), Keys.freePair(), Keys.freePair()};
        String upstreams = new JsonArray()
                .add(entry("fast", firstUrl(fast) + "/v1", "L3"))
                .add(entry("premium", premium.url("/v1"), "L4"))
                .encode();
        Path url = temporary.resolve("url");
        third = StreamNode.launch(
                keys,
                3,
                ports[2],
                others(ports, 3),
                postgres.uri(),
                url,
                upstreams,
                temporary.resolve("third.log"),
                "1,2,3");
        for (int number = 1; number <= 2; number++) {
            nodes.add(StreamNode.likeAnyOther(
                    keys.read(),
                    Keys.config(ports[number - 1], others(ports, number)),
                    number,
                    postgres.uri(),
                    true,
                    StreamNode.config(upstreams),
                    List.of(1, 2, 3)));
        }
        until(() -> Files.exists(url));
        thirdUrl = URI.create(Files.readString(url));
        until(() -> nodes.stream().allMatch(node -> node.cluster().others().size() == 2));
    }

    @AfterEach
    void end() throws Exception {
        for (EventReader reader : readers) {
            reader.close();
        }
        fast.destroyForcibly().waitFor();
        third.destroyForcibly().waitFor();
        for (StreamNode node : nodes) {
            node.close();
        }
        postgres.close();
        vertx.close().await();
    }

    @Test
    void whateverDiesEachAnswerEndsAndIsCountedAsItWasDelivered() throws Exception {
        List<EventReader> calm = List.of(ask(1, "calm 1"), ask(1, "calm 2"), ask(1, "calm 3"));
        List<EventReader> moving = List.of(ask(3, "moving 1"), ask(3, "moving 2"), ask(3, "moving 3"));
        List<EventReader> cut = List.of(ask(3, "cut 1"), ask(3, "cut 2"));
        List<EventReader> leaving = List.of(ask(2, "leaving 1"), ask(2, "leaving 2"));
        EventReader stopped = ask(2, "stopped");
        EventReader bounded = ask(1, new JsonObject().put("message", "bounded").put("model", "skyai-advanced"));
        List<EventReader> gone = List.of(complete(2, "gone 1"), complete(2, "gone 2"));
        EventReader program = complete(1, "program");

        fast.waitFor();
        List<EventReader> moved = new ArrayList<>();
        for (EventReader reader : moving) {
            assertEquals(3, reader.begun().getInteger("owner"));
            reader.awaitWords(2 * LAST_WORD);
            reader.close();
            moved.add(keep(reader.resume(url(1, pathOf(reader)))));
        }
        for (EventReader reader : moved) {
            reader.awaitWords(3 * LAST_WORD);
        }
        for (EventReader reader : cut) {
            reader.awaitWords(4 * LAST_WORD);
        }
        third.destroyForcibly().waitFor();

        List<EventReader> resumed = new ArrayList<>();
        for (EventReader reader : cut) {
            resumed.add(keep(reader.resume(url(2, pathOf(reader)))));
        }
        for (EventReader reader : leaving) {
            reader.awaitWords(4 * LAST_WORD);
            reader.close();
        }
        List<String> seenByTheGone = new ArrayList<>();
        for (EventReader reader : gone) {
            reader.await("words", 30, () -> completion(reader).split(" ").length > 4 * LAST_WORD);
            reader.close();
            seenByTheGone.add(completion(reader));
        }
        stopped.awaitWords(5 * LAST_WORD);
        HttpRequest stop = HttpRequest.newBuilder(url(1, pathOf(stopped) + "/stop"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertEquals(
                200, HTTP.send(stop, HttpResponse.BodyHandlers.discarding()).statusCode());
        List<EventReader> returned = new ArrayList<>();
        for (EventReader reader : leaving) {
            returned.add(keep(reader.resume(url(1, pathOf(reader)))));
        }

        Map<String, List<Noted>> diary = diaryOf(ANSWERS);
        assertEquals(ANSWERS, diary.size(), diary.keySet().toString());
        diary.values().forEach(rows -> assertEquals(1, rows.size(), rows.toString()));

        for (EventReader reader : calm) {
            wholeOfTwo(reader, only(diary, reader), 1);
        }
        for (EventReader reader : returned) {
            wholeOfTwo(reader, only(diary, reader), 2);
        }
        for (EventReader reader : moved) {
            wholeOfThree(reader, only(diary, reader));
        }
        for (EventReader reader : resumed) {
            wholeOfThree(reader, only(diary, reader));
        }
        saysWhatIsMissing(bounded, only(diary, bounded));
        endsWhereItWasStopped(stopped, only(diary, stopped));
        for (int i = 0; i < gone.size(); i++) {
            endsWhereItsReaderLeft(seenByTheGone.get(i), only(diary, gone.get(i)));
        }
        isWholeToAProgram(program, only(diary, program));
        agreesWithTheUpstream(diary);
        assertEquals(0, premium.open());
        assertEquals(0, nodes.get(0).computing() + nodes.get(1).computing());
        sumsAreThoseOfTheRows(diary);
    }

    /** One level broke off, the next went on to the end: the first part is an estimate, the second is counted. */
    private static void wholeOfTwo(EventReader reader, Noted noted, int node) throws Exception {
        whole(reader);
        List<String> parts = parts(reader);
        assertEquals(2, parts.size(), parts.toString());
        assertEquals(node, noted.node());
        completed(noted);
        assertEquals(2, noted.segments().size(), noted.segments().encode());
        estimated(noted.segment(0), "L3", parts.get(0));
        counted(noted.segment(1), "L4", parts.get(1));
    }

    /** The same, and then its node died: what that one had said is an estimate, by level. */
    private static void wholeOfThree(EventReader reader, Noted noted) throws Exception {
        whole(reader);
        List<String> parts = parts(reader);
        assertEquals(3, parts.size(), parts.toString());
        completed(noted);
        assertEquals(3, noted.segments().size(), noted.segments().encode());
        estimated(noted.segment(0), "L3", parts.get(0));
        estimated(noted.segment(1), "L4", parts.get(1));
        counted(noted.segment(2), "L4", parts.get(2));
    }

    private static void whole(EventReader reader) throws Exception {
        JsonObject done = reader.awaitLast().data();
        assertEquals(StandInUpstream.words(WORDS), reader.text());
        assertEquals(StandInUpstream.words(WORDS), done.getString("answer"));
        assertEquals("stop", done.getString("end"));
    }

    private static void completed(Noted noted) {
        assertEquals("hit stop", noted.outcome() + " " + noted.finish());
        assertEquals(StandInUpstream.words(WORDS).length(), noted.chars());
    }

    private static void saysWhatIsMissing(EventReader reader, Noted noted) throws Exception {
        JsonObject done = reader.awaitLast().data();
        assertEquals("interrupted", done.getString("end"));
        assertEquals(reader.text(), done.getString("answer"));
        List<EventReader.Event> seams = reader.events("seam");
        assertEquals("missing", seams.get(seams.size() - 1).data().getString("mode"));
        assertTrue(seams.get(seams.size() - 1)
                .data()
                .getString("reason")
                .startsWith("the rest is missing: upstream fast"));
        assertEquals("failed interrupted", noted.outcome() + " " + noted.finish());
        assertEquals(reader.text().length(), noted.chars());
        assertEquals(1, noted.segments().size());
        estimated(noted.segment(0), "L3", reader.text());
    }

    private static void endsWhereItWasStopped(EventReader reader, Noted noted) throws Exception {
        JsonObject done = reader.awaitLast().data();
        assertEquals("stopped", done.getString("end"));
        assertEquals(reader.text(), done.getString("answer"));
        assertEquals("stopped stopped", noted.outcome() + " " + noted.finish());
        assertEquals(reader.text().length(), noted.chars());
        List<String> parts = parts(reader);
        estimated(noted.segment(0), "L3", parts.get(0));
        estimated(noted.segment(1), "L4", parts.get(1));
    }

    /** What was on its way when the reader left is the only thing that nobody can know of. */
    private void endsWhereItsReaderLeft(String seen, Noted noted) {
        assertEquals("stopped", noted.outcome());
        assertTrue(noted.chars() >= seen.length(), noted + " after " + seen.length());
        int second = 1_000 / WORD_MILLIS * "w100 ".length();
        assertTrue(noted.chars() <= seen.length() + second, noted + " after " + seen.length());
        assertEquals(2, noted.segments().size());
        noted.segments().forEach(one -> assertTrue(((JsonObject) one).getBoolean("estimated")));
        int all = noted.segments().stream()
                .mapToInt(one -> ((JsonObject) one).getInteger("tokens_out"))
                .sum();
        assertTrue(Math.abs(all - Segment.tokens(noted.chars())) <= 1, noted.toString());
    }

    private static void isWholeToAProgram(EventReader reader, Noted noted) throws Exception {
        reader.awaitLast();
        assertEquals(StandInUpstream.words(WORDS), completion(reader));
        List<EventReader.Event> chunks = reader.events("");
        JsonObject usage = chunks.get(chunks.size() - 1).data().getJsonObject("usage");
        assertEquals(noted.tokensOut(), usage.getInteger("completion_tokens").longValue());
        completed(noted);
        assertEquals(false, noted.segment(1).getBoolean("estimated"));
    }

    /** Every word that counts as counted was given by an upstream that said so, and none that it said is missing. */
    private void agreesWithTheUpstream(Map<String, List<Noted>> diary) {
        long counted = diary.values().stream()
                .flatMap(List::stream)
                .flatMap(noted -> noted.segments().stream())
                .map(JsonObject.class::cast)
                .filter(segment -> !segment.getBoolean("estimated"))
                .mapToLong(segment -> segment.getInteger("tokens_out"))
                .sum();
        assertEquals(
                premium.given().stream()
                        .filter(Given::isWhole)
                        .mapToLong(Given::words)
                        .sum(),
                counted);
        long whole = premium.given().stream().filter(Given::isWhole).count();
        assertEquals(ANSWERS - 4, whole, "all but one that is bounded, one stopped, two whose readers left");
    }

    private void sumsAreThoseOfTheRows(Map<String, List<Noted>> diary) throws Exception {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet sums = statement.executeQuery(
                        "SELECT sum(requests) AS requests, sum(tokens_out) AS tokens FROM cascade.request_day")) {
            sums.next();
            assertEquals(ANSWERS, sums.getInt("requests"));
            assertEquals(
                    diary.values().stream()
                            .flatMap(List::stream)
                            .mapToLong(Noted::tokensOut)
                            .sum(),
                    sums.getLong("tokens"));
        }
    }

    private static void estimated(JsonObject segment, String level, String text) {
        assertEquals(level, segment.getString("level"));
        assertEquals(true, segment.getBoolean("estimated"), segment.encode());
        assertEquals(Segment.tokens(text.length()), segment.getInteger("tokens_out"), segment.encode());
    }

    private static void counted(JsonObject segment, String level, String text) {
        assertEquals(level, segment.getString("level"));
        assertEquals("premium", segment.getString("upstream"));
        assertEquals(false, segment.getBoolean("estimated"), segment.encode());
        assertEquals(words(text), segment.getInteger("tokens_out"), segment.encode());
    }

    private static int words(String text) {
        return (int) text.chars().filter(c -> c == 'w').count();
    }

    /** What stands of an answer, parted where another level or another node goes on. */
    private static List<String> parts(EventReader reader) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (EventReader.Event piece : reader.pieces()) {
            if (piece.name().equals("delta")) {
                part.append(piece.data().getString("text"));
            } else if (piece.name().equals("seam") && part.length() > 0) {
                parts.add(part.toString());
                part.setLength(0);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    private static String completion(EventReader reader) {
        StringBuilder text = new StringBuilder();
        for (EventReader.Event event : reader.events("")) {
            for (Object choice : event.data().getJsonArray("choices", new JsonArray())) {
                text.append(((JsonObject) choice)
                        .getJsonObject("delta", new JsonObject())
                        .getString("content", ""));
            }
        }
        return text.toString();
    }

    private Map<String, List<Noted>> diaryOf(int requests) throws Exception {
        until(() -> diary().size() >= requests);
        // Whatever is noted too much is written by then.
        Thread.sleep(1_500);
        return diary();
    }

    private Map<String, List<Noted>> diary() throws Exception {
        Map<String, List<Noted>> diary = new HashMap<>();
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM cascade.request ORDER BY at")) {
            while (rows.next()) {
                diary.computeIfAbsent(rows.getString("message"), message -> new ArrayList<>())
                        .add(new Noted(
                                rows.getInt("node"),
                                rows.getString("outcome"),
                                rows.getString("finish"),
                                rows.getInt("chars"),
                                rows.getLong("tokens_out"),
                                new JsonArray(rows.getString("segments"))));
            }
        }
        return diary;
    }

    private static Noted only(Map<String, List<Noted>> diary, EventReader reader) throws Exception {
        boolean chat = !reader.pieces().isEmpty();
        String id = chat
                ? idOf(reader)
                : reader.events("").get(0).data().getString("id").replace("chatcmpl-", "");
        return diary.entrySet().stream()
                .filter(entry -> entry.getKey().replace("-", "").equals(id.replace("-", "")))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not noted: " + id))
                .getValue()
                .get(0);
    }

    private static String idOf(EventReader reader) throws Exception {
        return reader.awaitLast().data().getString("message_id");
    }

    private EventReader ask(int node, String question) throws Exception {
        return ask(node, new JsonObject().put("message", question));
    }

    private EventReader ask(int node, JsonObject question) throws Exception {
        EventReader reader = keep(EventReader.ask(url(node, "/api/chat/message"), question));
        assertEquals(200, reader.status());
        return reader;
    }

    /** As a program asks, by OpenAI's interface. Its head comes with the first level that answers, so it is not waited for. */
    private EventReader complete(int node, String question) throws Exception {
        return keep(EventReader.later(
                url(node, "/v1/chat/completions"),
                new JsonObject()
                        .put("model", "skyai-auto")
                        .put("stream", true)
                        .put("stream_options", new JsonObject().put("include_usage", true))
                        .put(
                                "messages",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("role", "user")
                                                .put("content", question)))));
    }

    private EventReader keep(EventReader reader) {
        readers.add(reader);
        return reader;
    }

    private URI url(int node, String path) {
        return node == 3 ? thirdUrl.resolve(path) : nodes.get(node - 1).url(path);
    }

    private static String pathOf(EventReader reader) throws Exception {
        return "/api/chat/stream/" + reader.begun().getString("message_id");
    }

    private static JsonObject entry(String name, String url, String level) {
        return new JsonObject()
                .put("name", name)
                .put("base-url", url)
                .put("model", name)
                .put("level", level);
    }

    private static String firstUrl(Process process) throws Exception {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (line != null && !line.startsWith("http")) {
            line = lines.readLine();
        }
        assertFalse(line == null, "the upstream did not start");
        return line;
    }

    private static int[] others(int[] ports, int number) {
        return IntStream.range(0, ports.length)
                .filter(place -> place != number - 1)
                .map(place -> ports[place])
                .toArray();
    }
}
