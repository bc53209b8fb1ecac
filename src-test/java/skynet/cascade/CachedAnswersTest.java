package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static skynet.testkit.Wait.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Band;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Policy;
import skynet.bus.Cascade.Speaker;
import skynet.bus.Cascade.Turn;
import skynet.bus.Cascade.Wish;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.Knowledge.Citation;
import skynet.bus.Knowledge.Consulted;
import skynet.bus.Knowledge.Depth;
import skynet.bus.Knowledge.Vector;
import skynet.bus.Telemetry;
import skynet.kit.Vitals;
import skynet.sim.NoAnswerStore;

/** The levels of a node without models, before a knowledge room that knows one document and makes the vectors it is told to. */
class CachedAnswersTest {
    private static final String QUESTION = "What does NOD7 do?";
    private static final String ALIKE = "Please tell me what NOD7 does";

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx, InstantSource.system());
    private final List<Knowledge.Consult> consulted = new ArrayList<>();
    private Depth knowsAt = Depth.QUICK;
    private String text = "NOD7 watches.";
    private final Semaphore seen = new Semaphore(0);
    private List<Float> other = List.of(1f, 0.1f);

    @BeforeEach
    void open() throws Exception {
        await(bus.serve(Knowledge.Consult.class, consult -> {
            consulted.add(consult);
            boolean knows = consult.question().contains("NOD7") && consult.depth() == knowsAt;
            return Future.succeededFuture(new Consulted(
                    knows,
                    knows ? text : "",
                    knows ? List.of(new Citation("nod7.md", "NOD7", 0, 0, text.length(), text)) : List.of(),
                    knows ? "found" : "nothing"));
        }));
        await(bus.serve(
                Knowledge.Embed.class,
                embed -> Future.succeededFuture(
                        new Knowledge.Embedded(List.of(new Vector(List.of(1f, 0f)), new Vector(other)), "m", 2))));
        await(bus.serve(Knowledge.Read.class, read -> {
            seen.release();
            return read.document().equals("gone.md")
                    ? Future.failedFuture(Fault.absent("document: gone"))
                    : Future.succeededFuture(new Knowledge.Document(read.document(), "t", "Of gardens and pears."));
        }));
        await(vertx.deployVerticle(
                new CascadeVerticle(bus, InstantSource.system(), new Vitals(), new NoAnswerStore())));
    }

    @AfterEach
    void end() throws Exception {
        await(vertx.close());
    }

    @Test
    void theSecondAskIsLevel0WithTheSameCitations() throws Exception {
        Answer first = ask("guests", QUESTION);
        Answer second = ask("guests", "what does nod7 do");
        assertEquals(Level.L1, first.level());
        assertEquals(Level.L0, second.level());
        assertEquals(first.text(), second.text());
        assertEquals(first.citations(), second.citations());
        assertEquals(Level.L0, ask("guests", ALIKE).level());
    }

    @Test
    void anAnswerGoesWithTheMessageThatItWasGivenTo() throws Exception {
        String message = UUID.randomUUID().toString();
        await(bus.ask(new Cascade.Ask("guests", QUESTION, Cascade.Wish.NONE, message)));
        await(bus.ask(new Cascade.Forget("guests", List.of(UUID.randomUUID().toString()))));
        assertEquals(Level.L0, ask("guests", QUESTION).level());
        await(bus.ask(new Cascade.Forget("guests", List.of(message))));
        assertEquals(Level.L1, ask("guests", QUESTION).level());
    }

    @Test
    void level2IsAskedAfterLevel1AndShownWhenItAnswered() throws Exception {
        knowsAt = Depth.DEEP;
        assertEquals(Level.L2, ask("guests", QUESTION).level());
        assertEquals(
                List.of(Depth.QUICK, Depth.DEEP),
                consulted.stream().map(Knowledge.Consult::depth).toList());
        assertEquals(Level.L0, ask("guests", QUESTION).level());
    }

    @Test
    void anotherTenantIsAnsweredFromTheDocumentsAndForItself() throws Exception {
        ask("guests", QUESTION);
        assertEquals(Level.L1, ask("ann", QUESTION).level());
        assertEquals(Level.L1, ask("ben", ALIKE).level());
        assertEquals("ben", consulted.get(consulted.size() - 1).tenant());
    }

    @Test
    void likeWordsWithFarVectorsAreNotServed() throws Exception {
        ask("guests", QUESTION);
        other = List.of(0f, 1f);
        assertEquals(Level.L1, ask("guests", ALIKE).level());
    }

    @Test
    void nearVectorsOfAnotherQuestionAreNotServed() throws Exception {
        ask("guests", QUESTION);
        for (String near :
                List.of("What does NOD77 do?", "What does NOD7 not do?", "Who does NOD7?", "When does NOD7 do?")) {
            assertEquals(
                    0,
                    ask("guests", near).route().stream()
                            .filter(step -> step.level() == Level.L0 && step.outcome() == Cascade.Outcome.HIT)
                            .count(),
                    near);
        }
    }

    @Test
    void aRefusalIsNotKept() throws Exception {
        assertFalse(ask("guests", "Who grows pears?").answered());
        Answer again = ask("guests", "Who grows pears?");
        assertEquals(Cascade.Outcome.MISS, again.route().get(0).outcome());
    }

    @Test
    void aChangeOfTheSourceEndsItsAnswersAndThatOfAnotherDoesNot() throws Exception {
        ask("guests", QUESTION);
        change("pears.md");
        assertEquals(Level.L0, ask("guests", QUESTION).level());
        text = "NOD7 sleeps.";
        bus.publish(new Knowledge.Changed("nod7.md", ""));
        Answer anew = ask("guests", QUESTION);
        for (int tries = 0; anew.level() == Level.L0 && tries < 1_000; tries++) {
            anew = ask("guests", QUESTION);
        }
        assertEquals(Level.L1, anew.level());
        assertEquals("NOD7 sleeps.", anew.text());
        assertEquals("no answer is kept", anew.route().get(0).reason());
        change("gone.md");
        assertEquals(Level.L0, ask("guests", QUESTION).level());
    }

    @Test
    void moreChangesThanCanBeFollowedEndAllAnswers() throws Exception {
        ask("guests", QUESTION);
        int many = 3 * SourceWatch.WAITING_MAX;
        for (int i = 0; i < many; i++) {
            bus.publish(new Knowledge.Changed("many-" + i + ".md", ""));
        }
        assertTrue(seen.tryAcquire(20, TimeUnit.SECONDS));
        assertEquals(Level.L1, ask("guests", QUESTION).level());
    }

    @Test
    void whatIsAskedInAConversationIsServedWhenItStandsAlone() throws Exception {
        ask("guests", QUESTION);
        List<Turn> before = List.of(new Turn(Speaker.USER, "Hi"), new Turn(Speaker.ASSISTANT, "Hello"));
        Wish talk = new Wish(Band.ANY, Policy.NODE, 0, false, before, "");
        assertEquals(
                Level.L0,
                await(bus.ask(new Cascade.Ask("guests", QUESTION, talk))).level());
    }

    @Test
    void theLevelsSayWhatTheyAre() throws Exception {
        List<Telemetry.Condition> levels =
                await(bus.ask(new Telemetry.LookAtLevels())).levels();
        assertEquals(6, levels.size());
        assertTrue(levels.get(2).available());
        assertEquals(new Telemetry.Condition(Level.L5, false, "no upstream configured"), levels.get(5));
    }

    private Answer ask(String tenant, String question) throws Exception {
        return await(bus.ask(new Cascade.Ask(tenant, question)));
    }

    /** Tells of a change, and waits until the room has asked for the document. */
    private void change(String document) throws Exception {
        seen.drainPermits();
        bus.publish(new Knowledge.Changed(document, ""));
        assertTrue(seen.tryAcquire(20, TimeUnit.SECONDS), document);
    }
}
