package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Band;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Cascade.Policy;
import skynet.bus.Cascade.Seam;
import skynet.bus.Cascade.Segment;
import skynet.bus.Cascade.Speaker;
import skynet.bus.Cascade.Step;
import skynet.bus.Cascade.Turn;
import skynet.bus.Cascade.Wish;
import skynet.bus.Fault;
import skynet.kit.CascadeConfig;
import skynet.kit.UpstreamConfig;
import skynet.kit.UpstreamConfig.Kind;
import skynet.kit.UpstreamConfig.Limits;
import skynet.testkit.StandInUpstream;
import skynet.testkit.StandInUpstream.Trouble;

class UpstreamsTest {
    private static final String TOOLS =
            """
            [{"type":"function","function":{"name":"weather","description":"Tells the weather","parameters":
            {"type":"object","properties":{"city":{"type":"string","minLength":1,"pattern":"^[A-Z]"}},"required":["city"]}}}]
            """;
    private static final Limits QUICK = new Limits(100, 2, 2, 60, 0);

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final List<Diary.Entry> diary = new CopyOnWriteArrayList<>();
    private final List<Seam> seams = new CopyOnWriteArrayList<>();
    private StandInUpstream one;
    private StandInUpstream two;
    private Upstreams upstreams;

    @BeforeEach
    void start() throws Exception {
        one = StandInUpstream.start(vertx);
        two = StandInUpstream.start(vertx);
    }

    @AfterEach
    void end() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void eachWireFormatIsSpoken() throws Exception {
        for (Kind kind : Kind.values()) {
            Answer answer = ask(question("count"), config("one", kind, one, Level.L3, Limits.STANDARD));
            assertEquals(StandInUpstream.words(5), answer.text(), kind.name());
            assertEquals("stop", answer.finish());
            Segment segment = answer.segments().get(0);
            assertEquals(
                    "one L3 11 5 false",
                    segment.upstream() + " " + segment.level() + " " + segment.tokensIn() + " " + segment.tokensOut()
                            + " " + segment.estimated(),
                    kind.name());
            assertTrue(segment.model().startsWith("model"), kind + " " + segment);
        }
        assertEquals(List.of("Bearer sk-one", "sk-one", "Bearer sk-one"), one.keys());
    }

    @Test
    void whatWasSaidBeforeAndTheOptionsReachEachUpstream() throws Exception {
        Wish wish = new Wish(
                Band.ANY,
                Policy.NODE,
                77,
                false,
                List.of(
                        new Turn(Speaker.SYSTEM, "Be brief."),
                        new Turn(Speaker.USER, "Hello"),
                        new Turn(Speaker.ASSISTANT, "Good day")),
                "",
                "{\"temperature\":0.25,\"stop\":[\"x\"],\"seed\":7,\"evil\":1}",
                List.of());
        for (Kind kind : Kind.values()) {
            ask(new Question("t", "And now?", "", wish), config("one", kind, one, Level.L3, Limits.STANDARD));
            JsonObject asked = one.asked().get(one.asked().size() - 1);
            String all = asked.encode();
            for (String part : List.of("Be brief.", "Hello", "Good day", "And now?", "0.25", "77", "\"x\"")) {
                assertTrue(all.contains(part), kind + " lacks " + part + ": " + all);
            }
            assertFalse(all.contains("evil"), all);
        }
        JsonObject openAi = one.asked().get(0);
        assertEquals(7, openAi.getInteger("seed"));
        assertEquals(77, openAi.getInteger("max_tokens"));
        assertEquals("system", openAi.getJsonArray("messages").getJsonObject(0).getString("role"));
    }

    @Test
    void aFormOfAnswerReachesWhoKnowsItAndTheOthersArePassedBy() throws Exception {
        String schema = "{\"type\":\"object\",\"properties\":{\"height\":{\"type\":\"integer\",\"minimum\":7}},"
                + "\"required\":[\"height\"],\"additionalProperties\":false}";
        for (Kind kind : Kind.values()) {
            ask(
                    wishing(
                            "{\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"tower\",\"schema\":"
                                    + schema + "}}}",
                            ""),
                    config("one", kind, one, Level.L3, Limits.STANDARD));
            String asked = one.asked().get(one.asked().size() - 1).encode();
            assertTrue(asked.contains("\"minimum\":7"), kind + ": " + asked);
        }
        Question json = wishing("{\"response_format\":{\"type\":\"json_object\"}}", "");
        ask(json, config("one", Kind.OLLAMA, one, Level.L3, Limits.STANDARD));
        assertEquals("json", one.asked().get(one.asked().size() - 1).getString("format"));
        Answer other = ask(
                json,
                config("one", Kind.ANTHROPIC, one, Level.L3, Limits.STANDARD),
                config("two", Kind.OPENAI, two, Level.L3, Limits.STANDARD));
        assertEquals("two", other.segments().get(0).upstream());
        assertEquals(4, one.asked().size());
        assertTrue(other.route().get(0).reason().contains("response_format: json_object"), other.toString());
    }

    @Test
    void aToolThatHasToBeCalledIsTheOnlyOneOrIsRefused() throws Exception {
        String two = TOOLS.substring(0, TOOLS.lastIndexOf(']'))
                + ",{\"type\":\"function\",\"function\":{\"name\":\"other\"}}]";
        Question forced = wishing("{\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"other\"}}}", two);
        ask(forced, config("one", Kind.ANTHROPIC, one, Level.L3, Limits.STANDARD));
        JsonObject asked = one.asked().get(0);
        assertEquals(1, asked.getJsonArray("tools").size());
        assertEquals("other", asked.getJsonArray("tools").getJsonObject(0).getString("name"));
        assertEquals("any", asked.getJsonObject("tool_choice").getString("type"));
        Answer answer = ask(
                forced,
                config("one", Kind.OLLAMA, one, Level.L3, Limits.STANDARD),
                config("two", Kind.OPENAI, this.two, Level.L3, Limits.STANDARD));
        assertEquals("two", answer.segments().get(0).upstream());
        assertEquals(1, one.asked().size());
    }

    private static Question wishing(String options, String tools) {
        return new Question(
                "t", "Answer", "", new Wish(Band.ANY, Policy.NODE, 0, false, List.of(), tools, options, List.of()));
    }

    @Test
    void toolsAreCalledAndTheirResultsGoBackInEachFormat() throws Exception {
        for (Kind kind : Kind.values()) {
            UpstreamConfig config = config("one", kind, one, Level.L3, Limits.STANDARD);
            Answer answer = ask(new Question("t", "Weather?", "", tools(List.of())), config);
            assertEquals("tool_calls", answer.finish(), kind.name());
            JsonObject call = new JsonArray(answer.calls()).getJsonObject(0);
            assertEquals("weather", call.getJsonObject("function").getString("name"));
            assertEquals(
                    "Brno", new JsonObject(call.getJsonObject("function").getString("arguments")).getString("city"));
            assertTrue(one.asked().get(one.asked().size() - 1).encode().contains("^[A-Z]"), kind.name());
            Answer told = ask(
                    new Question(
                            "t",
                            "Weather?",
                            "",
                            tools(List.of(
                                    new Turn(Speaker.ASSISTANT, "", answer.calls()),
                                    new Turn(Speaker.TOOL, "sunny in Brno", call.getString("id"))))),
                    config);
            assertEquals(StandInUpstream.words(5), told.text(), kind.name());
            assertTrue(one.asked().get(one.asked().size() - 1).encode().contains("sunny in Brno"));
        }
    }

    @Test
    void anUpstreamThatStumblesBeforeItsFirstWordIsAskedAgain() throws Exception {
        one.suffers(Trouble.ERROR, 0, 2);
        assertEquals(
                StandInUpstream.words(5),
                ask(question("q"), openAi("one", one, Level.L3)).text());
        assertEquals(3, one.asked().size());
        one.suffers(Trouble.DOWN, 0, 1);
        assertEquals(
                StandInUpstream.words(5),
                ask(question("q"), openAi("one", one, Level.L3)).text());
        one.suffers(Trouble.BUSY, 0, 1);
        long begun = System.nanoTime();
        assertEquals(
                StandInUpstream.words(5),
                ask(question("q"), openAi("one", one, Level.L3)).text());
        assertTrue(System.nanoTime() - begun > 950_000_000L, "it asked to be left alone for a second");
    }

    @Test
    void anErrorThatIsReportedInTheStreamIsNoAnswer() throws Exception {
        for (Kind kind : Kind.values()) {
            UpstreamConfig config = config("one", kind, one, Level.L3, Limits.STANDARD);
            one.suffers(Trouble.REPORTS, 1, 1);
            assertEquals(StandInUpstream.words(5), ask(question("q"), config).text(), "asked again: " + kind);
            one.suffers(Trouble.REPORTS, 3);
            assertEquals("interrupted", ask(question("q"), config).finish(), kind.name());
            assertTrue(seams.get(0).reason().contains("reports an error"), seams.toString());
            assertFalse(seams.get(0).reason().contains("sk-"), seams.toString());
        }
        one.suffers(Trouble.REPORTS, 1);
        assertTrue(refusal(openAi("one", one, Level.L3)).contains("reports an error (overloaded_error)"));
    }

    @Test
    void whateverIsWrongBeforeTheFirstWordTheNextUpstreamAnswersSilently() throws Exception {
        for (Trouble trouble : List.of(
                Trouble.DOWN,
                Trouble.MUTE,
                Trouble.PAGE,
                Trouble.UNAUTHORIZED,
                Trouble.QUOTA,
                Trouble.ERROR,
                Trouble.REDIRECT,
                Trouble.NONSENSE)) {
            one.suffers(trouble, 1);
            Answer answer =
                    ask(question("q"), config("one", Kind.OPENAI, one, Level.L3, QUICK), openAi("two", two, Level.L3));
            assertEquals(StandInUpstream.words(5), answer.text(), trouble.name());
            assertEquals(List.of(), seams, trouble.name());
            assertEquals("two", answer.segments().get(0).upstream());
            assertEquals(1, answer.segments().size());
            assertEquals(Outcome.UNAVAILABLE, answer.route().get(0).outcome());
            assertFalse(answer.toString().contains("sk-"), answer.toString());
        }
    }

    @Test
    void whatIsWrongHasAName() throws Exception {
        assertRefused(Trouble.UNAUTHORIZED, "401, it refuses our key");
        assertRefused(Trouble.QUOTA, "our quota there is used up");
        assertRefused(Trouble.REDIRECT, "307, it sends us elsewhere");
        assertRefused(Trouble.PAGE, "answers text/html");
        assertRefused(Trouble.ERROR, "503 (overloaded_error)");
        assertRefused(Trouble.MUTE, "no answer within 2 s");
        assertRefused(Trouble.DOWN, "closed the connection");
        assertRefused(Trouble.NONSENSE, "says what is no answer");
        two.kill().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
        assertTrue(refusal(config("two", Kind.OPENAI, two, Level.L3, QUICK)).contains("cannot be reached"));
    }

    @Test
    void anAnswerThatIsCutGoesOnElsewhereBehindASeam() throws Exception {
        for (Trouble trouble : List.of(Trouble.CUT, Trouble.SHORT, Trouble.SILENT, Trouble.NONSENSE, Trouble.REPORTS)) {
            for (Kind kind : Kind.values()) {
                seams.clear();
                one.says(40, 2).suffers(trouble, 20);
                two.says(40, 2);
                Answer answer = ask(
                        question("q"),
                        config("one", kind, one, Level.L3, QUICK),
                        config("two", kind, two, Level.L4, QUICK));
                String at = trouble + " " + kind;
                assertEquals(StandInUpstream.words(40), answer.text(), at);
                assertEquals("stop", answer.finish(), at);
                assertEquals("SkyAI Advanced", answer.brand(), at);
                assertEquals(1, seams.size(), at);
                assertEquals(Seam.Mode.CONTINUE, seams.get(0).mode(), at);
                assertEquals(2, answer.segments().size(), at);
                assertTrue(answer.segments().get(0).estimated(), at);
                assertEquals(21, answer.segments().get(1).tokensOut(), at);
                Diary.Entry entry = diary.get(diary.size() - 1);
                assertEquals(answer.text().length(), entry.chars(), at);
                assertEquals(answer.segments(), entry.segments(), at);
            }
        }
    }

    @Test
    void withoutAnybodyElseTheAnswerEndsAndSaysWhatIsMissing() throws Exception {
        one.says(40, 2).suffers(Trouble.CUT, 20);
        Answer answer = ask(question("q"), openAi("one", one, Level.L3));
        assertEquals(StandInUpstream.words(19), answer.text());
        assertEquals("interrupted", answer.finish());
        assertEquals(Seam.Mode.MISSING, seams.get(0).mode());
        assertTrue(seams.get(0).reason().contains("upstream one: its answer was cut"), seams.toString());
    }

    @Test
    void stopClosesTheSocketOfTheUpstreamWithinASecond() throws Exception {
        one.says(10_000, 5);
        UpstreamConfig config = openAi("one", one, Level.L3);
        Collected heard = new Collected();
        Walk[] walk = new Walk[1];
        Levels levels = levels(config);
        run(() -> {
            walk[0] = levels.walk("i", question("q"), heard);
            walk[0].begin();
        });
        until(() -> heard.text().length() > 20);
        assertEquals(1, one.open());
        long stopped = System.nanoTime();
        run(() -> walk[0].cancel("stopped"));
        until(() -> one.open() == 0);
        assertTrue(one.closedAt() - stopped < 1_000_000_000L, "ns: " + (one.closedAt() - stopped));
        assertEquals(Diary.Outcome.STOPPED, diary.get(0).outcome());
        assertEquals(heard.text().length(), diary.get(0).chars());
        assertEquals(0, upstreams.vitals().getJsonObject(0).getInteger("answering"));
    }

    @Test
    void whoDoesNotReadHoldsUpTheUpstreamThroughTheSocket() throws Exception {
        one.says(100_000, 1).padded("x".repeat(1_000));
        Collected heard = new Collected();
        Walk[] walk = new Walk[1];
        Levels levels = levels(openAi("one", one, Level.L3));
        run(() -> {
            walk[0] = levels.walk("i", question("q"), heard);
            walk[0].begin();
        });
        until(() -> heard.text().length() > 5_000);
        run(() -> walk[0].pause());
        int before = heard.text().length();
        one.says(100_000, 0);
        int spoken = -1;
        while (spoken != one.spoken()) {
            spoken = one.spoken();
            Thread.sleep(300);
        }
        assertTrue(heard.text().length() <= before + 1_200, "heard after the pause");
        assertTrue(spoken < 20_000, "the upstream could say " + spoken + " words to nobody");
        run(() -> walk[0].resume());
        assertEquals("length", get(heard).finish());
        assertEquals(Walk.ANSWER_CHARS_MAX, heard.text().length());
        until(() -> one.open() == 0);
    }

    @Test
    void anUpstreamThatFailsAgainAndAgainRestsAndIsTriedOnce() throws Exception {
        one.suffers(Trouble.ERROR, 0, 3);
        UpstreamConfig config = openAi("one", one, Level.L3);
        Levels levels = levels(config);
        assertTrue(refusal(levels).contains("503"));
        int asked = one.asked().size();
        assertTrue(refusal(levels).contains("resting for"));
        assertEquals(asked, one.asked().size());
        assertEquals("resting", upstreams.vitals().getJsonObject(0).getString("state"));
        assertFalse(levels.health().isAvailable(Level.L3));
    }

    @Test
    void aQuestionEndsTheSameWhenTheModelIsFoundDownAndWhileItRests() throws Exception {
        for (String text : List.of("What does NOD7 do?", "Write a short birthday poem for my grandfather.")) {
            one.suffers(Trouble.ERROR, 0, 3);
            Levels models = levels(openAi("one", one, Level.L3));
            List<Tier> tiers = new ArrayList<>(models.tiers());
            tiers.add(declining(Level.L1));
            Router router = new Router(Policy.COST, 0, (level, tokens) -> 0);
            Levels levels = new Levels(tiers, router, diary::add, InstantSource.system());
            for (String cause : List.of("upstream one: 503", "upstream one: resting for ")) {
                Collected heard = new Collected();
                run(() -> levels.walk("i", question(text), heard).begin());
                assertTrue(refusal(heard).startsWith(cause), refusal(heard));
                Fault fault = (Fault) heard.whole().cause();
                assertEquals(Fault.Kind.UNAVAILABLE, fault.kind());
                assertTrue(fault.retrySeconds() > 0 && fault.retrySeconds() <= 5, fault.retrySeconds() + " s");
                assertEquals(
                        List.of(Level.L1, Level.L3),
                        heard.route().stream().map(Step::level).sorted().toList());
            }
        }
    }

    private static Tier declining(Level level) {
        return new Tier() {
            @Override
            public Level level() {
                return level;
            }

            @Override
            public Flow answer(Question question) {
                return new KnownFlow(told -> {
                    told.passes(Outcome.MISS, "no passage");
                    return Future.succeededFuture(Optional.empty());
                });
            }
        };
    }

    @Test
    void noMoreAnswersAtOnceThanAreAllowed() throws Exception {
        one.says(200, 5);
        Levels levels = levels(config("one", Kind.OPENAI, one, Level.L3, new Limits(2, 30, 20, 60, 0)));
        List<Collected> heard = new ArrayList<>();
        run(() -> {
            for (int i = 0; i < 3; i++) {
                Collected collected = new Collected();
                heard.add(collected);
                levels.walk("i", question("q"), collected).begin();
            }
        });
        assertTrue(refusal(heard.get(2)).contains("2 answers already"));
        assertEquals(StandInUpstream.words(200), get(heard.get(0)).text());
    }

    @Test
    void aQuestionForALevelThatIsNotThereSaysSo() throws Exception {
        Wish pro = new Wish(Band.PRO, Policy.NODE, 0, false, List.of(), "");
        Collected heard = new Collected();
        Levels levels = levels();
        run(() -> levels.walk("i", new Question("t", "q", "", pro), heard).begin());
        assertEquals("L4: no upstream configured", refusal(heard));
    }

    @Test
    void theClockOfRestsDoubles() {
        Breaker breaker = new Breaker();
        for (int i = 0; i < Breaker.FAILURES_MAX; i++) {
            assertEquals(Optional.empty(), breaker.refusal(0));
            breaker.begun();
            breaker.failed(0, "503");
        }
        assertTrue(breaker.refusal(Breaker.REST_MILLIS - 1).isPresent());
        assertEquals(Optional.empty(), breaker.refusal(Breaker.REST_MILLIS));
        breaker.begun();
        assertTrue(breaker.refusal(Breaker.REST_MILLIS).isPresent(), "one tries it, the others wait");
        breaker.failed(Breaker.REST_MILLIS, "503");
        assertTrue(breaker.refusal(3 * Breaker.REST_MILLIS - 1).isPresent());
        breaker.begun();
        breaker.well();
        assertEquals("well", breaker.state(3 * Breaker.REST_MILLIS));
    }

    private static Wish tools(List<Turn> after) {
        return new Wish(Band.ANY, Policy.NODE, 0, false, List.of(), TOOLS, "", after);
    }

    private static Question question(String text) {
        return new Question("t", text, "");
    }

    private void assertRefused(Trouble trouble, String why) throws Exception {
        one.suffers(trouble, 1);
        String refusal = refusal(config("one", Kind.OPENAI, one, Level.L3, QUICK));
        assertTrue(refusal.startsWith("upstream one: ") && refusal.contains(why), trouble + ": " + refusal);
        assertFalse(refusal.contains("sk-"), refusal);
    }

    private String refusal(UpstreamConfig config) throws Exception {
        return refusal(levels(config));
    }

    private String refusal(Levels levels) throws Exception {
        Collected heard = new Collected();
        run(() -> levels.walk("i", question("q"), heard).begin());
        return refusal(heard);
    }

    private static String refusal(Collected heard) throws Exception {
        try {
            return "answered: " + get(heard);
        } catch (ExecutionException e) {
            return ((Fault) e.getCause()).getMessage();
        }
    }

    private static Answer get(Collected heard) throws Exception {
        return heard.whole().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static UpstreamConfig openAi(String name, StandInUpstream at, Level level) {
        return config(name, Kind.OPENAI, at, level, Limits.STANDARD);
    }

    private static UpstreamConfig config(String name, Kind kind, StandInUpstream at, Level level, Limits limits) {
        return new UpstreamConfig(
                name,
                kind,
                UpstreamConfig.url(at.url(""), Optional.of(kind)),
                Optional.of("sk-" + name),
                "model",
                level,
                0,
                0,
                limits);
    }

    private Levels levels(UpstreamConfig... configs) throws Exception {
        run(() -> upstreams = new Upstreams(
                vertx, new CascadeConfig(List.of(configs)), InstantSource.system(), new SplittableRandom(1)));
        return new Levels(upstreams.tiers(), new CheapestFirst(), diary::add, InstantSource.system());
    }

    private Answer ask(Question question, UpstreamConfig... configs) throws Exception {
        seams.clear();
        Levels levels = levels(configs);
        Collected heard = new Collected();
        run(() -> levels.walk("i", question, new Seams(heard)).begin());
        return get(heard);
    }

    private void run(Runnable work) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.runOnContext(now -> {
            try {
                work.run();
                done.complete(null);
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        done.get(20, TimeUnit.SECONDS);
    }

    private static void until(BooleanSupplier done) throws Exception {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!done.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "too late");
            Thread.sleep(5);
        }
    }

    /** Takes down the seams, too. */
    private final class Seams implements Sayer {
        private final Sayer sayer;

        Seams(Sayer sayer) {
            this.sayer = sayer;
        }

        @Override
        public void route(skynet.bus.Cascade.Step step) {
            sayer.route(step);
        }

        @Override
        public void seam(Seam seam) {
            seams.add(seam);
            sayer.seam(seam);
        }

        @Override
        public void text(String chunk) {
            sayer.text(chunk);
        }

        @Override
        public void cite(skynet.bus.Knowledge.Citation citation) {
            sayer.cite(citation);
        }

        @Override
        public void end(skynet.bus.Cascade.Usage usage, String reason) {
            sayer.end(usage, reason);
        }

        @Override
        public void fault(Fault fault) {
            sayer.fault(fault);
        }
    }
}
