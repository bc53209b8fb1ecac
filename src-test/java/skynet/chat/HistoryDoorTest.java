package skynet.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Level;
import skynet.bus.Chat;
import skynet.bus.Crawl;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.Telemetry;
import skynet.kit.Database;
import skynet.testkit.Known;
import skynet.testkit.TestDatabase;
import skynet.web.Doors;
import skynet.web.WebVerticle;

/** What was said before, over HTTP, on a real database; the cascade behind it tells what it was told. */
@Timeout(180)
class HistoryDoorTest {
    private static final String HISTORY = "/api/chat/history";

    @TempDir
    static Path home;

    private static final Vertx VERTX = Vertx.vertx();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Queue<Telemetry.Verdict> JUDGED = new ConcurrentLinkedQueue<>();
    private static final Queue<Crawl.Propose> PROPOSED = new ConcurrentLinkedQueue<>();
    private static final Queue<String> WITHDRAWN = new ConcurrentLinkedQueue<>();
    private static final Promise<Void> SLOW = Promise.promise();
    private static final AtomicBoolean CRAWL_GONE = new AtomicBoolean();
    private static final Queue<String> FORGOTTEN = new ConcurrentLinkedQueue<>();
    private static final AtomicBoolean CASCADE_GONE = new AtomicBoolean();
    private static final Queue<Cascade.Ask> ASKED = new ConcurrentLinkedQueue<>();

    private static TestDatabase postgres;
    private static WebVerticle web;

    @BeforeAll
    static void start() throws Exception {
        postgres = TestDatabase.start(home);
        Database database = Database.open(VERTX, postgres.uri());
        Bus bus = new Bus(VERTX, InstantSource.system());
        await(Known.on(bus));
        await(bus.serve(Cascade.Ask.class, HistoryDoorTest::answer));
        await(bus.serve(
                Cascade.Halt.class,
                halt -> Future.succeededFuture(new Cascade.Placed(halt.id(), Cascade.State.ENDED, 0, List.of(), 0))));
        await(bus.serve(Telemetry.Rate.class, rate -> {
            JUDGED.add(rate.verdict());
            return Future.succeededFuture(new Telemetry.Noted(1));
        }));
        await(bus.serve(Crawl.Propose.class, pair -> {
            PROPOSED.add(pair);
            if (pair.answer().contains("refused")) {
                return Future.failedFuture(new Fault(Fault.Kind.FULL, "pairs: too many wait"));
            }
            if (pair.answer().contains("lost")) {
                return Future.failedFuture(new Fault(Fault.Kind.LATE, "crawl: no answer in time"));
            }
            Future<Void> ready = pair.answer().contains("slow") ? SLOW.future() : Future.succeededFuture();
            return ready.map(now -> new Crawl.Proposed(idOf(pair.answer()), "pending"));
        }));
        await(bus.serve(Crawl.Withdraw.class, withdraw -> {
            if (CRAWL_GONE.get()) {
                return Future.failedFuture(new Fault(Fault.Kind.UNAVAILABLE, "crawl: gone"));
            }
            WITHDRAWN.addAll(withdraw.ids());
            return Future.succeededFuture(new Crawl.Withdrawn(withdraw.ids().size()));
        }));
        await(bus.serve(Cascade.Forget.class, forget -> {
            if (CASCADE_GONE.get()) {
                return Future.failedFuture(new Fault(Fault.Kind.UNAVAILABLE, "cascade: gone"));
            }
            forget.ids().forEach(id -> FORGOTTEN.add(forget.tenant() + ' ' + id));
            return Future.succeededFuture(new Cascade.Gone(forget.ids().size()));
        }));
        await(VERTX.deployVerticle(new ChatVerticle(bus, new PostgresChatStore(database), UUID::randomUUID)));
        await(VERTX.deployVerticle(new HistoryVerticle(bus, new HistoryStore(database))));
        web = Doors.on(bus);
        await(VERTX.deployVerticle(web));
    }

    @AfterAll
    static void stop() throws Exception {
        await(VERTX.close());
        postgres.close();
    }

    @BeforeEach
    void clean() throws Exception {
        postgres.execute("DELETE FROM chat.conversation");
        JUDGED.clear();
        PROPOSED.clear();
        ASKED.clear();
    }

    /** Answers with the question's number among those before; one that says "unknown" has no answer. */
    private static Future<Cascade.Answer> answer(Cascade.Ask ask) {
        ASKED.add(ask);
        if (ask.question().contains("seam")) {
            return Future.succeededFuture(new Cascade.Answer(
                    "Half and half.",
                    true,
                    Level.L4,
                    List.of(),
                    List.of(),
                    7,
                    List.of(),
                    "",
                    "",
                    "stop",
                    List.of(new Cascade.Seam(Level.L3, Level.L4, Cascade.Seam.Mode.CONTINUE, "gone", 5))));
        }
        boolean answered = !ask.question().contains("unknown");
        return Future.succeededFuture(new Cascade.Answer(
                answered ? "Answer to " + ask.question() + " [1]" : "I don't know from what I have.",
                answered,
                ask.wish().band() == Cascade.Band.PRO ? Level.L4 : Level.L1,
                List.of(),
                List.of(new Knowledge.Citation("book.md", "The book", 0, 0, 4, "Page")),
                7));
    }

    @Test
    void whatWasSaidIsListedOpenedRenamedAndDeleted() throws Exception {
        String conversation = say("user", "", "What is a heron?").getString("conversation_id");
        say("user", conversation, "And what does it eat?");
        JsonObject listed = get("user", HISTORY, 200);
        assertTrue(listed.getBoolean("kept"));
        JsonObject one = listed.getJsonArray("conversations").getJsonObject(0);
        assertEquals("What is a heron?", one.getString("title"));
        assertEquals(2, one.getInteger("count"));
        JsonObject opened = get("user", HISTORY + "/" + conversation, 200);
        JsonArray messages = opened.getJsonArray("messages");
        assertEquals(2, messages.size());
        assertEquals("And what does it eat?", messages.getJsonObject(1).getString("message"));
        JsonObject answer = messages.getJsonObject(0).getJsonArray("answers").getJsonObject(0);
        assertEquals("Answer to What is a heron? [1]", answer.getString("answer"));
        assertEquals(
                "book.md", answer.getJsonArray("citations").getJsonObject(0).getString("document"));
        assertFalse(opened.containsKey("next"));
        JsonObject renamed = json(send("user", "PATCH", HISTORY + "/" + conversation, "{\"title\":\" Herons \"}"), 200);
        assertEquals("Herons", renamed.getString("title"));
        assertEquals("Herons", get("user", HISTORY + "/" + conversation, 200).getString("title"));
        assertEquals(
                1,
                json(send("user", "DELETE", HISTORY + "/" + conversation, ""), 200)
                        .getInteger("deleted"));
        json(send("user", "DELETE", HISTORY + "/" + conversation, ""), 404);
        json(send("user", "GET", HISTORY + "/" + conversation, ""), 404);
        assertEquals(0, count("chat.message"));
    }

    @Test
    void whereALevelWentOnForAnotherIsKeptWithThePlace() throws Exception {
        String conversation = HISTORY + "/" + say("user", "", "With a seam?").getString("conversation_id");
        for (String path : List.of(conversation, conversation + "/export?format=json")) {
            JsonObject answer = get("user", path, 200)
                    .getJsonArray("messages")
                    .getJsonObject(0)
                    .getJsonArray("answers")
                    .getJsonObject(0);
            JsonObject seam = answer.getJsonArray("seams").getJsonObject(0);
            assertEquals(
                    new JsonObject()
                            .put("after", "L3")
                            .put("level", "L4")
                            .put("mode", "continue")
                            .put("reason", "gone")
                            .put("offset", 5),
                    seam);
        }
        String markdown = send("user", "GET", conversation + "/export?format=markdown", "")
                .body();
        assertTrue(markdown.contains("Half \n\n*L3 broke off. L4 goes on here.*\n\nand half."), markdown);
    }

    @Test
    void nobodyElseFindsReadsChangesOrDeletesIt() throws Exception {
        JsonObject said = say("user", "", "A secret about herons");
        String conversation = HISTORY + "/" + said.getString("conversation_id");
        String message = "/api/chat/message/" + said.getString("message_id");
        for (String other : List.of("operator", "admin")) {
            json(send(other, "GET", conversation, ""), 404);
            json(send(other, "GET", conversation + "/export?format=markdown", ""), 404);
            json(send(other, "PATCH", conversation, "{\"title\":\"Mine\"}"), 404);
            json(send(other, "DELETE", conversation, ""), 404);
            json(send(other, "PUT", message + "/feedback", "{\"rating\":\"bad\"}"), 404);
            json(send(other, "PUT", message + "/correction", "{\"text\":\"No.\"}"), 404);
            json(send(other, "POST", "/api/chat/message", regenerate(said, UUID.randomUUID())), 404);
            assertEquals(List.of(), titles(get(other, HISTORY, 200)));
            assertEquals(List.of(), titles(get(other, HISTORY + "?q=herons", 200)));
            assertEquals(0, json(send(other, "DELETE", HISTORY, ""), 200).getInteger("deleted"));
        }
        assertEquals(List.of("A secret about herons"), titles(get("user", HISTORY, 200)));
        assertEquals(1, count("chat.message"));
    }

    @Test
    void guestsHaveNoListAndSeeNoOtherGuest() throws Exception {
        JsonObject said = say("", "", "A guest about herons");
        String conversation = HISTORY + "/" + said.getString("conversation_id");
        JsonObject listed = get("", HISTORY + "?q=herons", 200);
        assertFalse(listed.getBoolean("kept"));
        assertEquals(List.of(), titles(listed));
        for (String method : List.of("GET", "DELETE")) {
            json(send("", method, conversation, ""), 401);
        }
        json(send("", "PATCH", conversation, "{\"title\":\"Mine\"}"), 401);
        json(send("", "DELETE", HISTORY, ""), 401);
        json(send("", "GET", conversation + "/export", ""), 401);
        String message = "/api/chat/message/" + said.getString("message_id");
        json(send("", "PUT", message + "/correction", "{\"text\":\"No.\"}"), 401);
        assertEquals(
                "good",
                json(send("", "PUT", message + "/feedback", "{\"rating\":\"good\"}"), 200)
                        .getString("rating"));
        json(send("user", "GET", conversation, ""), 404);
    }

    @Test
    void searchFindsTheBeginningsOfWordsWhateverTheirCaseAndMarks() throws Exception {
        String first = say("user", "", "Kde hnízdí VOLAVKA popelavá?").getString("conversation_id");
        say("user", "", "What is a kingfisher?");
        for (String words : List.of("volav", "Hnizdi volavka", "POPELAVÁ", "answer kde", "volavka popelava")) {
            assertEquals(List.of("Kde hnízdí VOLAVKA popelavá?"), titles(search("user", words)), words);
        }
        JsonObject hit = search("user", "popel").getJsonArray("conversations").getJsonObject(0);
        assertTrue(hit.getString("excerpt").contains("popelavá"), hit.encode());
        assertEquals(first, hit.getString("conversation_id"));
        for (String words : List.of("olavka", "volavka kingfisher", "heron")) {
            assertEquals(List.of(), titles(search("user", words)), words);
        }
        json(send("user", "PATCH", HISTORY + "/" + first, "{\"title\":\"Birds of my pond\"}"), 200);
        assertEquals(List.of("Birds of my pond"), titles(search("user", "pond")));
    }

    @Test
    void whatIsSearchedForIsOnlyEverWords() throws Exception {
        say("user", "", "It's a heron; nothing else.");
        say("operator", "", "What others said of herons");
        for (String words : List.of(
                "'; DROP TABLE chat.message; --",
                "heron' OR '1'='1",
                "x') UNION SELECT * FROM auth.account --",
                "!heron",
                "a | heron:*",
                "':*",
                "\\",
                "\\' heron",
                "% _",
                "((((",
                "<-> & |",
                "\u0301")) {
            assertFalse(titles(search("user", words)).contains("What others said of herons"), words);
        }
        assertEquals(List.of("It's a heron; nothing else."), titles(search("user", "it's")));
        assertEquals(2, count("chat.message"));
        json(send("user", "GET", HISTORY + "?q=" + "a".repeat(201), ""), 413);
        json(send("user", "GET", HISTORY + "?q=a%00b", ""), 400);
        json(send("user", "GET", HISTORY + "?x=1", ""), 400);
    }

    @Test
    void pagesJoinWithoutAGapOrATwin() throws Exception {
        String conversation = "";
        for (int number = 1; number <= 7; number++) {
            say("user", "", "Alone " + number);
            conversation = say("user", conversation, "Together " + number).getString("conversation_id");
        }
        assertEquals(8, new HashSet<>(paged(HISTORY + "?limit=3", "conversations", "conversation_id")).size());
        assertEquals(
                7, paged(HISTORY + "?limit=3&q=alone", "conversations", "title").size());
        assertEquals(
                List.of(
                        "Together 1",
                        "Together 2",
                        "Together 3",
                        "Together 4",
                        "Together 5",
                        "Together 6",
                        "Together 7"),
                paged(HISTORY + "/" + conversation + "?limit=2", "messages", "message"));
        for (String cursor : List.of("x", "AAAA", "!!", "MTIzNA", "a".repeat(5_000))) {
            int status = send("user", "GET", HISTORY + "?cursor=" + cursor, "").statusCode();
            assertTrue(status == 400 || status == 414, cursor + ": " + status);
        }
        json(send("user", "GET", HISTORY + "?limit=101", ""), 400);
    }

    @Test
    void anExportHoldsAllThatWasSaid() throws Exception {
        String conversation = "";
        for (int number = 1; number <= 60; number++) {
            conversation = say("user", conversation, "Question " + number).getString("conversation_id");
        }
        HttpResponse<String> json = send("user", "GET", HISTORY + "/" + conversation + "/export", "");
        JsonObject whole = json(json, 200);
        assertEquals(60, whole.getJsonArray("messages").size());
        assertEquals(
                "Question 60", whole.getJsonArray("messages").getJsonObject(59).getString("message"));
        assertEquals(
                "attachment; filename=\"question-1.json\"",
                json.headers().firstValue("Content-Disposition").orElse(""));
        HttpResponse<String> markdown =
                send("user", "GET", HISTORY + "/" + conversation + "/export?format=markdown", "");
        assertTrue(markdown.body().startsWith("# Question 1\n"), markdown.body().substring(0, 40));
        assertTrue(markdown.body().contains("> Question 60\n\nAnswer to Question 60 [1]\n\n[1] The book, `book.md`"));
        json(send("user", "GET", HISTORY + "/" + conversation + "/export?format=pdf", ""), 400);
    }

    @Test
    void anotherAnswerIsKeptBesideTheFirstAndARetryAsksNobody() throws Exception {
        JsonObject said = say("user", "", "What is a heron?");
        UUID version = UUID.randomUUID();
        JsonObject body = new JsonObject(regenerate(said, version)).put("model", "skyai-pro");
        JsonObject again = json(send("user", "POST", "/api/chat/message", body.encode()), 200);
        assertEquals("L4", again.getString("level"));
        assertEquals(said.getString("conversation_id"), again.getString("conversation_id"));
        assertEquals(again, json(send("user", "POST", "/api/chat/message", body.encode()), 200));
        assertEquals(2, ASKED.size());
        JsonArray messages = get("user", HISTORY + "/" + said.getString("conversation_id"), 200)
                .getJsonArray("messages");
        assertEquals(1, messages.size());
        JsonArray answers = messages.getJsonObject(0).getJsonArray("answers");
        assertEquals(List.of(said.getString("message_id"), version.toString()), texts(answers, "message_id"));
        assertEquals(
                1,
                get("user", HISTORY, 200)
                        .getJsonArray("conversations")
                        .getJsonObject(0)
                        .getInteger("count"));
        JsonObject both = new JsonObject(regenerate(said, UUID.randomUUID())).put("message", "And this?");
        json(send("user", "POST", "/api/chat/message", both.encode()), 400);
        JsonObject taken = new JsonObject(regenerate(say("user", "", "Else?"), version));
        json(send("user", "POST", "/api/chat/message", taken.encode()), 409);
        for (int number = 3; number <= Chat.VERSIONS_MAX; number++) {
            json(send("user", "POST", "/api/chat/message", regenerate(said, UUID.randomUUID())), 200);
        }
        json(send("user", "POST", "/api/chat/message", regenerate(said, UUID.randomUUID())), 409);
    }

    @Test
    void whatWasSaidBeforeIsToldToTheLevelThatAnswers() throws Exception {
        JsonObject first = say("user", "", "What is a heron?");
        String conversation = first.getString("conversation_id");
        say("user", conversation, "Something unknown");
        json(
                send(
                        "user",
                        "POST",
                        "/api/chat/message",
                        new JsonObject(regenerate(first, UUID.randomUUID()))
                                .put("model", "skyai-pro")
                                .encode()),
                200);
        say("user", conversation, "What does it eat?");
        List<Cascade.Ask> asked = List.copyOf(ASKED);
        assertEquals(List.of(), asked.get(0).wish().before());
        assertEquals(List.of(), asked.get(2).wish().before());
        assertEquals(
                List.of(
                        new Cascade.Turn(Cascade.Speaker.USER, "What is a heron?"),
                        new Cascade.Turn(Cascade.Speaker.ASSISTANT, "Answer to What is a heron? [1]")),
                asked.get(3).wish().before());
        for (int number = 0; number < 6; number++) {
            say("user", conversation, number + "ž".repeat(5_000));
        }
        List<Cascade.Turn> before = List.copyOf(ASKED).get(9).wish().before();
        assertEquals(2, before.size());
        assertTrue(before.get(0).text().startsWith("4ž"));
        assertTrue(before.get(1).text().endsWith(" […]"));
    }

    @Test
    void ratingsAreIdempotentAndOnlyAChangeIsTold() throws Exception {
        JsonObject said = say("user", "", "What is a heron?");
        String feedback = "/api/chat/message/" + said.getString("message_id") + "/feedback";
        for (int again = 0; again < 3; again++) {
            json(send("user", "PUT", feedback, "{\"rating\":\"bad\",\"reason\":\"old\"}"), 200);
        }
        json(send("user", "PUT", feedback, "{\"rating\":\"bad\"}"), 200);
        json(send("user", "PUT", feedback, "{\"rating\":\"good\"}"), 200);
        assertEquals("good", rating(said));
        json(send("user", "PUT", feedback, "{\"rating\":\"none\"}"), 200);
        json(send("user", "PUT", feedback, "{\"rating\":\"none\"}"), 200);
        assertEquals("none", rating(said));
        assertEquals(
                List.of(Telemetry.Verdict.BAD, Telemetry.Verdict.BAD, Telemetry.Verdict.GOOD, Telemetry.Verdict.NONE),
                List.copyOf(JUDGED));
        json(send("user", "PUT", feedback, "{\"rating\":\"awful\"}"), 400);
        json(send("user", "PUT", feedback, "{\"rating\":\"bad\",\"reason\":\"" + "a".repeat(1_001) + "\"}"), 413);
        json(send("user", "PUT", "/api/chat/message/no-id/feedback", "{\"rating\":\"bad\"}"), 404);
    }

    @Test
    void aCorrectionStandsBesideItsAnswerAndWaitsAsAPairOnce() throws Exception {
        JsonObject said = say("user", "", "What is a heron?");
        String correction = "/api/chat/message/" + said.getString("message_id") + "/correction";
        for (int again = 0; again < 2; again++) {
            assertTrue(json(send("user", "PUT", correction, "{\"text\":\"A tall bird.\"}"), 200)
                    .getBoolean("proposed"));
        }
        assertFalse(json(send("user", "PUT", correction, "{\"text\":\"It is refused.\"}"), 200)
                .getBoolean("proposed"));
        JsonObject kept = json(send("user", "PUT", correction, "{\"text\":\" A tall grey bird. \"}"), 200);
        assertEquals("A tall grey bird.", kept.getString("text"));
        assertEquals(
                List.of("A tall bird.", "It is refused.", "A tall grey bird."),
                PROPOSED.stream().map(Crawl.Propose::answer).toList());
        assertEquals("What is a heron?", PROPOSED.peek().question());
        assertEquals("A tall grey bird.", firstAnswer(said).getString("correction"));
        json(send("user", "PUT", correction, "{\"text\":\"\"}"), 200);
        assertFalse(firstAnswer(said).containsKey("correction"));
        json(send("user", "PUT", correction, "{\"text\":\"" + "a".repeat(8_001) + "\"}"), 413);
    }

    @Test
    void whatWasProposedIsTakenBackWithItsCorrectionAndWithItsConversation() throws Exception {
        WITHDRAWN.clear();
        JsonObject said = say("user", "", "What is an egret?");
        String correction = "/api/chat/message/" + said.getString("message_id") + "/correction";
        json(send("user", "PUT", correction, "{\"text\":\"A white bird.\"}"), 200);
        json(send("user", "PUT", correction, "{\"text\":\"A small white bird.\"}"), 200);
        until(() -> WITHDRAWN.contains(idOf("A white bird.")));
        assertFalse(WITHDRAWN.contains(idOf("A small white bird.")));
        json(send("user", "DELETE", HISTORY + "/" + said.getString("conversation_id"), ""), 200);
        until(() -> WITHDRAWN.contains(idOf("A small white bird.")));
    }

    @Test
    void aCorrectionThatIsDeletedWhileItIsProposedLeavesNoPairAlsoWhenItCannotBeTakenBackAtOnce() throws Exception {
        JsonObject said = say("user", "", "What is a rail?");
        String correction = "/api/chat/message/" + said.getString("message_id") + "/correction";
        CompletableFuture<HttpResponse<String>> slow = CompletableFuture.supplyAsync(() -> {
            try {
                return send("user", "PUT", correction, "{\"text\":\"A slow bird.\"}");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        until(() -> !PROPOSED.isEmpty());
        json(send("user", "DELETE", HISTORY + "/" + said.getString("conversation_id"), ""), 200);
        CRAWL_GONE.set(true);
        SLOW.complete();
        assertFalse(json(slow.get(30, TimeUnit.SECONDS), 200).getBoolean("proposed"));
        CRAWL_GONE.set(false);
        say("user", "", "What else?");
        json(send("user", "DELETE", HISTORY, ""), 200);
        until(() -> WITHDRAWN.contains(idOf("A slow bird.")));
        until(() -> count("chat.withdrawn WHERE due_at <= now()") == 0);
    }

    @Test
    void aPairThatMayHaveBeenProposedIsTakenBackWhenNobodySaysInTimeThatItWas() throws Exception {
        JsonObject said = say("user", "", "What is a coot?");
        String correction = "/api/chat/message/" + said.getString("message_id") + "/correction";
        assertFalse(json(send("user", "PUT", correction, "{\"text\":\"A lost bird.\"}"), 200)
                .getBoolean("proposed"));
        String pair = PROPOSED.remove().id();
        assertFalse(WITHDRAWN.contains(pair));
        postgres.execute("UPDATE chat.withdrawn SET due_at = now()");
        json(send("user", "DELETE", HISTORY, ""), 200);
        until(() -> WITHDRAWN.contains(pair));
    }

    @Test
    void whatIsKeptOfTheAnswersGoesWithTheirConversationAlsoWhenItCannotAtOnce() throws Exception {
        JsonObject first = say("user", "", "What is a bittern?");
        String version = UUID.randomUUID().toString();
        JsonObject again = new JsonObject(regenerate(first, UUID.fromString(version)));
        json(send("user", "POST", "/api/chat/message", again.encode()), 200);
        JsonObject other = say("user", "", "What is a crane?");
        JsonObject left = say("operator", "", "What is a stork?");
        CASCADE_GONE.set(true);
        json(send("user", "DELETE", HISTORY + "/" + first.getString("conversation_id"), ""), 200);
        CASCADE_GONE.set(false);
        json(send("user", "DELETE", HISTORY, ""), 200);
        for (String gone : List.of(first.getString("message_id"), version, other.getString("message_id"))) {
            until(() -> FORGOTTEN.contains("people " + gone));
        }
        assertFalse(FORGOTTEN.contains("people " + left.getString("message_id")));
        until(() -> count("chat.forgotten WHERE due_at <= now()") == 0);
        int told = FORGOTTEN.size();
        postgres.execute("UPDATE chat.forgotten SET due_at = now()");
        JsonObject said = new JsonObject()
                .put("message", "What is a crane, please?")
                .put("message_id", other.getString("message_id"));
        json(send("user", "POST", "/api/chat/message", said.encode()), 200);
        json(send("user", "DELETE", HISTORY, ""), 200);
        until(() -> FORGOTTEN.size() >= told + 3);
        until(() -> count("chat.forgotten WHERE due_at <= now()") == 0);
        assertEquals(1, count("chat.forgotten"));
    }

    private static String idOf(String answer) {
        return UUID.nameUUIDFromBytes(answer.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static void until(Callable<Boolean> state) throws Exception {
        long end = System.nanoTime() + 10_000_000_000L;
        while (!state.call()) {
            assertTrue(System.nanoTime() < end, "withdrawn up to now: " + WITHDRAWN);
            Thread.sleep(20);
        }
    }

    @Test
    void aConversationThatIsFullTakesNoMoreAndTheOldestConversationGivesWay() throws Exception {
        String conversation = say("user", "", "First").getString("conversation_id");
        postgres.execute("INSERT INTO chat.message (id, conversation, question) SELECT gen_random_uuid(), '"
                + conversation + "', 'more' FROM generate_series(2, " + Chat.MESSAGES_MAX + ")");
        JsonObject body = new JsonObject().put("message", "One more").put("conversation_id", conversation);
        json(send("user", "POST", "/api/chat/message", body.encode()), 409);
        assertEquals(Chat.MESSAGES_MAX, count("chat.message"));
        postgres.execute(
                "INSERT INTO chat.conversation (id, tenant, owner, title, said_at) SELECT gen_random_uuid(), 'people', 'user',"
                        + " 'old', now() - make_interval(days => n) FROM generate_series(1, "
                        + (Chat.CONVERSATIONS_MAX - 1)
                        + ") AS n");
        postgres.execute(
                "INSERT INTO chat.conversation (id, tenant, owner, title, said_at) VALUES (gen_random_uuid(), 'people',"
                        + " 'operator', 'not mine', now() - interval '9 years')");
        say("user", "", "One more conversation");
        assertEquals(Chat.CONVERSATIONS_MAX + 1, count("chat.conversation"));
        assertEquals(List.of("not mine"), titles(get("operator", HISTORY, 200)));
        json(send("user", "PATCH", HISTORY + "/" + conversation, "{\"title\":\"" + "a".repeat(201) + "\"}"), 413);
        json(send("user", "PATCH", HISTORY + "/" + conversation, "{\"title\":\" \"}"), 400);
        json(send("user", "POST", "/api/chat/message", "{\"message\":\"" + "a".repeat(16_001) + "\"}"), 413);
    }

    @Test
    void whatGuestsSaidIsDeletedAfterAMonthAndTheOldestWhenItIsTooMuch() throws Exception {
        for (int guest = 0; guest < 4; guest++) {
            say("", "", "A guest " + guest);
        }
        say("user", "", "A user");
        postgres.execute(
                "UPDATE chat.conversation SET said_at = now() - interval '31 days' WHERE title IN ('A guest 0', 'A user')");
        HistoryStore store = new HistoryStore(Database.open(VERTX, postgres.uri()));
        assertEquals(1, await(store.forgetGuests(HistoryVerticle.GUEST_DAYS, 100)));
        assertEquals(1, await(store.forgetGuests(HistoryVerticle.GUEST_DAYS, 2)));
        assertEquals(3, count("chat.conversation"));
        assertEquals(List.of("A user"), titles(get("user", HISTORY, 200)));
    }

    @Test
    void twoTabsSpeakInOneConversationAtOnceAndNothingIsLost() throws Exception {
        String conversation = say("user", "", "Begin").getString("conversation_id");
        List<CompletableFuture<HttpResponse<String>>> tabs = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            JsonObject body = new JsonObject()
                    .put("message", "Tab " + number % 2 + " says " + number)
                    .put("conversation_id", conversation);
            tabs.add(HTTP.sendAsync(
                    request("user", "POST", "/api/chat/message", body.encode()), HttpResponse.BodyHandlers.ofString()));
        }
        Set<String> ids = new HashSet<>();
        for (CompletableFuture<HttpResponse<String>> tab : tabs) {
            JsonObject said = json(tab.get(30, TimeUnit.SECONDS), 200);
            assertEquals(conversation, said.getString("conversation_id"));
            ids.add(said.getString("message_id"));
        }
        assertEquals(20, ids.size());
        assertEquals(
                21, paged(HISTORY + "/" + conversation, "messages", "message").size());
    }

    private static JsonObject say(String who, String conversation, String message) throws Exception {
        JsonObject body = new JsonObject().put("message", message);
        if (!conversation.isEmpty()) {
            body.put("conversation_id", conversation);
        }
        return json(send(who, "POST", "/api/chat/message", body.encode()), 200);
    }

    private static String regenerate(JsonObject said, UUID version) {
        return new JsonObject()
                .put("regenerate", said.getString("message_id"))
                .put("message_id", version.toString())
                .encode();
    }

    private static String rating(JsonObject said) throws Exception {
        return firstAnswer(said).getString("rating");
    }

    private static JsonObject firstAnswer(JsonObject said) throws Exception {
        return get("user", HISTORY + "/" + said.getString("conversation_id"), 200)
                .getJsonArray("messages")
                .getJsonObject(0)
                .getJsonArray("answers")
                .getJsonObject(0);
    }

    private static JsonObject search(String who, String words) throws Exception {
        return get(who, HISTORY + "?q=" + URLEncoder.encode(words, StandardCharsets.UTF_8), 200);
    }

    private static List<String> paged(String path, String list, String field) throws Exception {
        List<String> all = new ArrayList<>();
        String cursor = "";
        do {
            JsonObject page = get(
                    "user",
                    path + (cursor.isEmpty() ? "" : (path.contains("?") ? "&" : "?") + "cursor=" + cursor),
                    200);
            all.addAll(texts(page.getJsonArray(list), field));
            assertNotEquals(cursor, page.getString("next"));
            cursor = page.getString("next", "");
        } while (!cursor.isEmpty());
        return all;
    }

    private static List<String> titles(JsonObject listed) {
        return texts(listed.getJsonArray("conversations"), "title");
    }

    private static List<String> texts(JsonArray objects, String field) {
        return objects.stream().map(one -> ((JsonObject) one).getString(field)).toList();
    }

    private static JsonObject get(String who, String path, int status) throws Exception {
        return json(send(who, "GET", path, ""), status);
    }

    private static JsonObject json(HttpResponse<String> response, int status) {
        assertEquals(status, response.statusCode(), response.body());
        return new JsonObject(response.body());
    }

    private static HttpResponse<String> send(String who, String method, String path, String body) throws Exception {
        return HTTP.send(request(who, method, path, body), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(String who, String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return (who.isEmpty() ? request : request.header("Authorization", "Bearer " + who)).build();
    }

    private static int count(String table) throws Exception {
        return Integer.parseInt(postgres.one("SELECT count(*) FROM " + table));
    }
}
