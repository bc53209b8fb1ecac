package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Cascade.Wish;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.Knowledge.Citation;
import skynet.cascade.model.Generator;
import skynet.cascade.model.TestModel;
import skynet.kit.CascadeConfig;
import skynet.kit.Vitals;

/** The model of the owner at level 2, from the question to the answer. */
@Timeout(60)
class LocalTierTest {
    private static final String HARD =
            "Prove step by step that the sum of the first n odd numbers is n^2, then derive the integral of x^3 *"
                    + " exp(-x) dx, and explain the trade-offs of three algorithms with their complexity.";

    @TempDir
    static Path home;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final Vitals vitals = new Vitals();
    private final AtomicBoolean known = new AtomicBoolean();

    @AfterEach
    void end() throws Exception {
        await(vertx.close());
    }

    @Test
    void answersWhatNoDocumentAnswersUnderTheBrandOfItsLevel() throws Exception {
        node(TestModel.PLACE);
        Answer answer = await(bus.ask(new Cascade.Ask("guests", "What is it?", wish("{\"temperature\":0}", 20))));
        assertTrue(answer.answered());
        assertEquals(Level.L2, answer.level());
        assertEquals("SkyAI Standard", answer.brand());
        assertFalse(answer.text().isBlank());
        assertEquals(answer.text().stripLeading(), answer.text());
        assertEquals(1, answer.segments().size());
        Cascade.Segment segment = answer.segments().get(0);
        assertEquals("model", segment.model());
        assertEquals("", segment.upstream());
        assertFalse(segment.estimated());
        assertTrue(segment.tokensIn() > 10 && segment.tokensOut() <= 20, segment.toString());
        assertEquals("length", answer.finish());
        assertEquals(
                List.of("L0 MISS", "L1 MISS", "L2 MISS", "L2 HIT"),
                answer.route().stream()
                        .map(step -> step.level() + " " + step.outcome())
                        .toList());
    }

    @Test
    void documentsAnswerBeforeIt() throws Exception {
        node(TestModel.PLACE);
        known.set(true);
        Answer answer = await(bus.ask(new Cascade.Ask("guests", "What is it?")));
        assertEquals("It is known.", answer.text());
        assertEquals("", answer.segments().get(0).model());
    }

    @Test
    void whatItSaidInOneConversationIsNotServedInAnother() throws Exception {
        node(TestModel.PLACE);
        await(bus.ask(new Cascade.Ask("guests", "What is it?", said("apples"))));
        Answer other = await(bus.ask(new Cascade.Ask("guests", "What is it?", said("pears"))));
        assertEquals(Level.L2, other.level());
        Answer same = await(bus.ask(new Cascade.Ask("guests", "What is it?", said("pears"))));
        assertEquals(other.finish().equals("stop") ? Level.L0 : Level.L2, same.level());
    }

    @Test
    void aFileThatIsNoModelLeavesTheNodeAsItWas() throws Exception {
        Path broken = TestModel.copy(home);
        Files.writeString(broken.resolve("model.onnx"), "no model");
        node(broken);
        Answer answer = await(bus.ask(new Cascade.Ask("guests", "What is it?")));
        assertFalse(answer.answered());
        assertEquals(Walk.UNKNOWN, answer.text());
        assertEquals("unavailable", model().getString("state"));
        assertTrue(model().getString("cause").startsWith("model.onnx: "), model().encode());
    }

    @Test
    void leavesWhatIsHardToAStrongerModelAndAnswersItAtLast() throws Exception {
        Generator generator = TestModel.ready(home);
        try {
            LocalTier tier = LocalTier.inTurn(vertx, generator, new SplittableRandom(1), () -> true);
            Told hard = tell(tier, new Question("t", HARD, "", wish("", 5)));
            assertTrue(hard.end().startsWith("SKIPPED left to a stronger model: predicted "), hard.end());
            assertEquals(
                    "length",
                    tell(tier, new Question("t", "What is it?", "", wish("", 5)))
                            .end());
            assertEquals(
                    "length",
                    tell(tier.atLast(), new Question("t", HARD, "", wish("", 5)))
                            .end());
            assertTrue(tier.atLast().isLast());
        } finally {
            generator.close();
        }
    }

    @Test
    void goesOnFromWhatStands() throws Exception {
        Generator generator = TestModel.ready(home);
        try {
            LocalTier tier = LocalTier.inTurn(vertx, generator, new SplittableRandom(1), () -> false);
            Told told = tell(tier, new Question("t", "What is it?", "It is the node", wish("", 8)));
            assertEquals("length", told.end());
            assertEquals("It is the node", told.texts.get(0));
            assertTrue(told.texts.size() > 1);
        } finally {
            generator.close();
        }
    }

    @Test
    void writesNothingWhileNobodyReadsAndStopsWhenTold() throws Exception {
        Generator generator = TestModel.ready(home);
        try {
            LocalTier tier = LocalTier.inTurn(vertx, generator, new SplittableRandom(1), () -> false);
            Told told = new Told();
            Flow flow = tier.answer(new Question("t", "What is it?", "", wish("{\"temperature\":0}", 150)));
            CompletableFuture<Void> done = new CompletableFuture<>();
            vertx.getOrCreateContext().runOnContext(go -> {
                flow.pause();
                flow.begin(told);
                done.complete(null);
            });
            done.get(10, TimeUnit.SECONDS);
            assertEquals(
                    "length",
                    tell(tier, new Question("t", "And that?", "", wish("", 5))).end());
            assertEquals(List.of(), told.texts);
            assertEquals(1, generator.answering());
            vertx.getOrCreateContext().runOnContext(go -> flow.resume());
            TestModel.await(() -> told.texts.size() > 2);
            long begun = System.nanoTime();
            vertx.getOrCreateContext().runOnContext(go -> flow.cancel("stop"));
            TestModel.await(() -> generator.answering() == 0);
            assertTrue(System.nanoTime() - begun < 1_000_000_000L);
            assertFalse(told.ended.isDone());
        } finally {
            generator.close();
        }
    }

    /** A node whose documents know nothing, or one thing. */
    private void node(Path place) throws Exception {
        await(bus.serve(
                Knowledge.Consult.class,
                consult -> Future.succeededFuture(
                        known.get()
                                ? new Knowledge.Consulted(
                                        true,
                                        "It is known.",
                                        List.of(new Citation("d", "D", 0, 0, 12, "It is known.")),
                                        "found")
                                : new Knowledge.Consulted(false, "", List.of(), "nothing"))));
        CascadeConfig config = CascadeConfig.NONE.with(Optional.of(TestModel.config(place, home)), "auto");
        await(vertx.deployVerticle(new CascadeVerticle(
                bus, InstantSource.system(), vitals, null, config, new SplittableRandom(1), Optional.empty())));
        TestModel.await(() -> !model().getString("cause", "").equals("is being loaded"));
    }

    private JsonObject model() {
        try {
            return await(vitals.examine())
                    .checks()
                    .get("cascade")
                    .getJsonObject("data")
                    .getJsonObject("model");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Wish wish(String options, int tokensMax) {
        return new Wish(Cascade.Band.ANY, Cascade.Policy.NODE, tokensMax, false, List.of(), "", options, List.of());
    }

    private static Wish said(String text) {
        return new Wish(
                Cascade.Band.ANY,
                Cascade.Policy.NODE,
                30,
                false,
                List.of(new Cascade.Turn(Cascade.Speaker.USER, text)),
                "");
    }

    private Told tell(Tier tier, Question question) {
        Told told = new Told();
        vertx.getOrCreateContext().runOnContext(go -> tier.answer(question).begin(told));
        return told;
    }

    /** Hears what a level tells. */
    private static final class Told implements Telling {
        final List<String> texts = Collections.synchronizedList(new ArrayList<>());
        final CompletableFuture<String> ended = new CompletableFuture<>();

        String end() throws Exception {
            return ended.get(30, TimeUnit.SECONDS);
        }

        @Override
        public void answers(String why) {}

        @Override
        public void text(String chunk) {
            texts.add(chunk);
        }

        @Override
        public void cite(Citation citation) {}

        @Override
        public void end(String reason) {
            ended.complete(reason);
        }

        @Override
        public void passes(Outcome outcome, String reason) {
            ended.complete(outcome + " " + reason);
        }

        @Override
        public void fails(Fault fault) {
            ended.complete(fault.toString());
        }
    }
}
