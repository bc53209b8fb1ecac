package skynet.cascade.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtSession;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GeneratorTest {
    @TempDir
    static Path home;

    private static Generator generator;

    @BeforeAll
    static void open() throws Exception {
        generator = TestModel.ready(home);
    }

    @AfterAll
    static void close() {
        generator.close();
    }

    @Test
    void writesTheTokensOfTheReference() throws Exception {
        ModelFiles files = ModelFiles.read(TestModel.PLACE);
        JsonArray answers = TestModel.json("vectors.json").getJsonArray("answers");
        try (LanguageModel model = LanguageModel.open(files, 1)) {
            for (Object one : answers) {
                int[] prompt = files.tokenizer().encode(((JsonObject) one).getString("prompt"));
                assertArrayEquals(ids((JsonObject) one, "ids"), prompt);
                assertArrayEquals(ids((JsonObject) one, "answer"), greedy(model, prompt, prompt.length - 1));
                assertArrayEquals(ids((JsonObject) one, "answer"), greedy(model, prompt, 0));
            }
        }
        assertTrue(answers.size() > 4);
    }

    /** With so many tokens of the prompt read in one step, and the others one by one. */
    private static int[] greedy(LanguageModel model, int[] prompt, int together) throws Exception {
        List<Integer> written = new ArrayList<>();
        Sampler sampler = new Sampler(Sampling.greedy(0), prompt);
        try (Attention attention = model.attention();
                OrtSession.RunOptions options = new OrtSession.RunOptions()) {
            if (together > 0) {
                model.read(attention, prompt, 0, together, options);
            }
            float[] scores = {};
            for (int at = together; at < prompt.length; at++) {
                scores = model.scores(attention, prompt[at], options);
            }
            while (written.size() < 48) {
                int next = sampler.next(scores);
                written.add(next);
                if (next == 0) {
                    break;
                }
                scores = model.scores(attention, next, options);
            }
        }
        return written.stream().mapToInt(id -> id).toArray();
    }

    @Test
    void tellsTheTextOfTheReferenceAndCountsItsTokens() throws Exception {
        BytePairs tokenizer = BytePairs.of(TestModel.json("tokenizer.json"));
        for (Object one : TestModel.json("vectors.json").getJsonArray("answers")) {
            JsonObject answer = (JsonObject) one;
            int[] ids = ids(answer, "answer");
            boolean ended = ids[ids.length - 1] == 0;
            Characters characters = new Characters();
            StringBuilder text = new StringBuilder();
            IntStream.of(ids).forEach(id -> text.append(characters.take(tokenizer.bytes(id))));
            Told told = new Told();
            generator.begin(answer.getString("prompt"), Sampling.greedy(ids.length), told);
            assertEquals(ended ? "stop" : "length", told.end());
            assertEquals(text + characters.rest(), told.text.toString());
            assertEquals(answer.getJsonArray("ids").size(), told.tokensIn);
            assertEquals(ids.length - (ended ? 1 : 0), told.tokensOut);
        }
    }

    @Test
    void writesSeveralSideBySideAsEachAlone() throws Exception {
        List<String> alone = new ArrayList<>();
        for (int at = 0; at < Generator.GENERATIONS_MAX; at++) {
            Told told = new Told();
            generator.begin("Number " + at, Sampling.greedy(40), told);
            told.end();
            alone.add(told.text.toString());
        }
        TestModel.await(() -> generator.answering() == 0);
        List<Told> together = new ArrayList<>();
        for (int at = 0; at < Generator.GENERATIONS_MAX; at++) {
            together.add(new Told());
            generator.begin("Number " + at, Sampling.greedy(40), together.get(at));
        }
        for (int at = 0; at < Generator.GENERATIONS_MAX; at++) {
            together.get(at).end();
            assertEquals(alone.get(at), together.get(at).text.toString());
        }
    }

    @Test
    void theSameSeedWritesTheSame() throws Exception {
        List<String> texts = new ArrayList<>();
        for (long seed : new long[] {1, 1, 2, 3}) {
            Told told = new Told();
            generator.begin("The", new Sampling(1.2, 0.95, 0, 1, seed, 30, List.of()), told);
            told.end();
            texts.add(told.text.toString());
        }
        assertEquals(texts.get(0), texts.get(1));
        assertNotEquals(1, texts.stream().distinct().count());
    }

    @Test
    void endsBeforeAStopWord() throws Exception {
        Told whole = new Told();
        generator.begin("The node", Sampling.greedy(40), whole);
        whole.end();
        String text = whole.text.toString();
        String word = text.substring(10, 13);
        Told told = new Told();
        generator.begin("The node", new Sampling(0, 1, 0, 1, 0, 40, List.of(word)), told);
        assertEquals("stop", told.end());
        assertEquals(text.substring(0, text.indexOf(word)), told.text.toString());
    }

    @Test
    void writesNoMoreThanIsHeardAndGivesItsPlaceBackWhenStopped() throws Exception {
        TestModel.await(() -> generator.answering() == 0);
        AtomicInteger texts = new AtomicInteger();
        Told deaf = new Told() {
            @Override
            public void text(Generation by, String piece, int in, int out) {
                texts.incrementAndGet();
            }
        };
        Generation generation =
                generator.begin("The", Sampling.greedy(150), deaf).orElseThrow();
        TestModel.await(() -> texts.get() == Generation.UNHEARD_MAX);
        Told other = new Told();
        generator.begin("A", Sampling.greedy(30), other);
        other.end();
        assertEquals(Generation.UNHEARD_MAX, texts.get());
        generation.heard();
        TestModel.await(() -> texts.get() == Generation.UNHEARD_MAX + 1);
        generation.stop();
        TestModel.await(() -> generator.answering() == 0);
        assertEquals(Generation.UNHEARD_MAX + 1, texts.get());
    }

    @Test
    void refusesMoreThanItWritesAtOnce() throws Exception {
        TestModel.await(() -> generator.answering() == 0);
        List<Generation> held = new ArrayList<>();
        for (int at = 0; at < Generator.GENERATIONS_MAX; at++) {
            held.add(generator.begin("The", Sampling.greedy(150), new Told()).orElseThrow());
            held.get(at).hold();
        }
        assertEquals("writes 4 answers already", generator.refusal().orElseThrow());
        assertTrue(generator.begin("The", Sampling.greedy(1), new Told()).isEmpty());
        held.forEach(Generation::stop);
        TestModel.await(() -> generator.refusal().isEmpty());
    }

    @Test
    void saysWhenAPromptIsTooLongAndLeavesOutTheOldestLinesBefore() throws Exception {
        Told told = new Told();
        generator.begin(
                List.of(new Line("system", "s"), new Line("user", "word ".repeat(300))), "", Sampling.greedy(10), told);
        assertTrue(told.end().startsWith("too long"));
        Told shorter = new Told();
        generator.begin(
                List.of(new Line("system", "s"), new Line("user", "word ".repeat(300)), new Line("user", "And?")),
                "",
                Sampling.greedy(10),
                shorter);
        shorter.end();
        BytePairs tokenizer = BytePairs.of(TestModel.json("tokenizer.json"));
        int expected = Layout.CHATML
                .prompt(tokenizer, List.of(new Line("system", "s"), new Line("user", "And?")), "", 1_000, () -> false)
                .orElseThrow()
                .length;
        assertEquals(expected, shorter.tokensIn);
    }

    @Test
    void whoWaitsIsToldWhenItBreaksAndSoIsWhoeverAsksHowItDoes() throws Exception {
        Generator breaking = TestModel.ready(home);
        Told waiting = new Told();
        breaking.begin("The", Sampling.greedy(150), waiting).orElseThrow().hold();
        Told fatal = new Told() {
            @Override
            public void text(Generation by, String piece, int in, int out) {
                throw new NoClassDefFoundError("a part that is not there");
            }
        };
        breaking.begin("The", Sampling.greedy(150), fatal);
        String why = "java.lang.NoClassDefFoundError: a part that is not there";
        assertEquals("failed: " + why, waiting.end());
        assertEquals("failed: " + why, fatal.end());
        assertEquals(why, breaking.refusal().orElseThrow());
        assertEquals(0, breaking.answering());
        assertTrue(breaking.begin("The", Sampling.greedy(1), new Told()).isEmpty());
        breaking.close();
    }

    @Test
    void endsAtTheLengthThatTheModelCanLookBackOn() throws Exception {
        Told told = new Told();
        generator.begin("The", new Sampling(1, 1, 0, 1, 5, 100_000, List.of()), told);
        String end = told.end();
        assertTrue(end.equals("stop") || told.tokensIn + told.tokensOut == 256, end + " after " + told.tokensOut);
    }

    private static int[] ids(JsonObject from, String name) {
        return from.getJsonArray(name).stream().mapToInt(id -> (Integer) id).toArray();
    }

    /** Hears everything at once. */
    static class Told implements Generation.Listener {
        final StringBuilder text = new StringBuilder();
        final CompletableFuture<String> ended = new CompletableFuture<>();
        volatile int tokensIn;
        volatile int tokensOut;

        String end() throws Exception {
            return ended.get(30, TimeUnit.SECONDS);
        }

        @Override
        public void text(Generation by, String piece, int in, int out) {
            text.append(piece);
            by.heard();
        }

        @Override
        public void end(String reason, int in, int out) {
            tokensIn = in;
            tokensOut = out;
            ended.complete(reason);
        }

        @Override
        public void tooLong(int tokensMax) {
            ended.complete("too long: " + tokensMax);
        }

        @Override
        public void fails(String why) {
            ended.complete("failed: " + why);
        }
    }
}
