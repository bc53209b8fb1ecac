package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Kind;
import skynet.bus.codec.Lines;

class WalkTest {
    private final Fault gone = new Fault(Fault.Kind.UNAVAILABLE, "upstream: gone");
    private static final Citation CITATION = new Citation("d", "t", 0, 0, 1, "x");

    private final List<String> done = new ArrayList<>();

    @Test
    void theFirstLevelThatHasAnAnswerGivesIt() {
        Answer answer = walk(
                        tier(Level.L0, told -> told.passes(Outcome.MISS, "not yet")),
                        tier(Level.L1, told -> {
                            told.answers("found");
                            told.text("one ");
                            told.text("two");
                            told.cite(CITATION);
                            told.end("stop");
                        }),
                        tier(Level.L3, told -> told.text("never")))
                .whole()
                .result();
        assertEquals("one two", answer.text());
        assertEquals(Level.L1, answer.level());
        assertEquals(List.of(CITATION), answer.citations());
        assertEquals(
                List.of(Outcome.MISS, Outcome.HIT),
                answer.route().stream().map(Cascade.Step::outcome).toList());
    }

    @Test
    void aLevelThatFailsBeforeItAnswersIsPassedBySilently() {
        Answer answer = walk(tier(Level.L3, told -> told.fails(gone)), tier(Level.L4, told -> {
                    told.text("from the next");
                    told.end("stop");
                }))
                .whole()
                .result();
        assertEquals("from the next", answer.text());
        assertEquals(Outcome.UNAVAILABLE, answer.route().get(0).outcome());
    }

    @Test
    void whenOneFailedAndNobodyAnswersTheQuestionFails() {
        Collected said =
                walk(tier(Level.L1, told -> told.fails(gone)), tier(Level.L3, told -> told.passes(Outcome.MISS, "")));
        assertEquals(gone, said.whole().cause());
        assertFalse(walk(tier(Level.L1, told -> told.passes(Outcome.MISS, "")))
                .whole()
                .result()
                .answered());
    }

    @Test
    void aLevelThatFailsInTheMiddleInterruptsItsAnswer() {
        Collected said = walk(tier(Level.L3, told -> {
            told.text("half ");
            told.fails(gone);
            told.text("an answer");
            told.end("stop");
        }));
        assertEquals(gone, said.whole().cause());
        assertEquals("half ", said.text());
    }

    @Test
    void anAnswerEndsAtItsLongest() {
        Collected said = walk(tier(Level.L3, told -> {
            for (int i = 0; i < 200; i++) {
                told.text("x".repeat(2_000));
            }
        }));
        assertEquals(Walk.ANSWER_CHARS_MAX, said.whole().result().text().length());
        assertEquals(List.of("cancel length"), done);
    }

    @Test
    void whatIsCancelledSaysNothingMore() {
        Telling[] late = new Telling[1];
        Collected said = new Collected();
        Walk walk = new Walk(
                List.of(tier(Level.L3, told -> late[0] = told)),
                new Question("t", "q", ""),
                said,
                InstantSource.system());
        walk.pause();
        walk.begin();
        assertEquals(List.of("pause"), done);
        walk.cancel("stopped");
        late[0].text("late");
        late[0].end("stop");
        assertEquals("", said.text());
        assertFalse(said.whole().isComplete());
    }

    @Test
    void theRestOfAnAnswerFollowsWhatWasKeptOfIt() {
        Collected kept = new Collected();
        kept.add(frame(Kind.ROUTE, Lines.line(new Cascade.Step(Level.L3, Outcome.HIT, 1, "")) + "\n"));
        kept.add(frame(Kind.TEXT, "one tw"));
        Collected rest = new Collected();
        Resumed resumed = new Resumed(kept, rest);
        new Walk(
                        List.of(tier(Level.L3, told -> {
                            told.text("o");
                            told.text("ne two");
                            told.text(" three");
                            told.cite(CITATION);
                            told.end("stop");
                        })),
                        new Question("t", "q", kept.text()),
                        resumed,
                        InstantSource.system())
                .begin();
        assertEquals("o three", rest.text());
        assertEquals(0, rest.steps());
        assertEquals(1, rest.citations());
        assertTrue(rest.whole().succeeded());
    }

    @Test
    void aRestOfAnotherMindIsAnInterruption() {
        for (List<String> other : List.of(List.of("one two THREE"), List.of("one"), List.<String>of())) {
            Collected kept = new Collected();
            kept.add(frame(Kind.TEXT, "one two three"));
            Collected rest = new Collected();
            Resumed resumed = new Resumed(kept, rest);
            other.forEach(resumed::text);
            resumed.end(new Cascade.Usage(Level.L3, true, 1), "stop");
            assertEquals(Fault.Kind.UNAVAILABLE, ((Fault) rest.whole().cause()).kind());
            assertEquals("", rest.text());
        }
    }

    private static Frame frame(Kind kind, String body) {
        return new Frame("a", 1, 1, kind, body);
    }

    private Collected walk(Tier... tiers) {
        Collected said = new Collected();
        new Walk(List.of(tiers), new Question("t", "q", ""), said, InstantSource.system()).begin();
        return said;
    }

    private Tier tier(Level level, Consumer<Telling> way) {
        return new Tier() {
            @Override
            public Level level() {
                return level;
            }

            @Override
            public Flow answer(Question question) {
                return new Flow() {
                    @Override
                    public void begin(Telling told) {
                        way.accept(told);
                    }

                    @Override
                    public void pause() {
                        done.add("pause");
                    }

                    @Override
                    public void resume() {
                        done.add("resume");
                    }

                    @Override
                    public void cancel(String reason) {
                        done.add("cancel " + reason);
                    }
                };
            }
        };
    }
}
