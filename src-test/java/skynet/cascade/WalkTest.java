package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Cascade.Seam;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;
import skynet.bus.Stream.Frame;
import skynet.bus.Stream.Kind;
import skynet.bus.codec.Lines;
import skynet.bus.stream.StreamSource;

class WalkTest {
    private final Fault gone = new Fault(Fault.Kind.UNAVAILABLE, "upstream: gone");
    private static final Citation CITATION = new Citation("d", "t", 0, 0, 1, "x");

    private final List<String> done = new ArrayList<>();
    private final List<Seam> seams = new ArrayList<>();
    private final List<Diary.Entry> diary = new ArrayList<>();

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
    void aTierThatStandsInForAllIsAskedAtLast() {
        Tier last = tier(Level.L2, told -> {
            told.text("from the last");
            told.end("stop");
        });
        Answer answer = walk(
                        new Tier() {
                            @Override
                            public Level level() {
                                return last.level();
                            }

                            @Override
                            public boolean isLast() {
                                return true;
                            }

                            @Override
                            public Flow answer(Question question) {
                                return last.answer(question);
                            }
                        },
                        tier(Level.L2, told -> told.passes(Outcome.MISS, "nothing")),
                        tier(Level.L3, told -> told.fails(gone)))
                .whole()
                .result();
        assertEquals("from the last", answer.text());
        assertEquals(
                List.of("L2 MISS", "L3 UNAVAILABLE", "L2 HIT"),
                answer.route().stream()
                        .map(step -> step.level() + " " + step.outcome())
                        .toList());
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
    void whereALevelBreaksOffTheNextOneGoesOnBehindASeam() {
        Collected said = walk(
                tier(Level.L3, told -> {
                    told.from("one", "small");
                    told.text("half ");
                    told.fails(gone);
                    told.text("never heard");
                    told.end("stop");
                }),
                tier(Level.L4, told -> {
                    told.from("two", "large");
                    told.text("ha");
                    told.text("lf an answer");
                    told.used(40, 3);
                    told.end("stop");
                }));
        Answer answer = said.whole().result();
        assertEquals("half an answer", answer.text());
        assertEquals("SkyAI Advanced", answer.brand());
        assertEquals("stop", answer.finish());
        assertEquals(List.of(new Seam(Level.L3, Level.L4, Seam.Mode.CONTINUE, "upstream: gone", 5)), seams);
        assertEquals(seams, answer.seams());
        assertEquals(
                List.of("one small 2 true", "two large 3 false"),
                answer.segments().stream()
                        .map(one -> one.upstream() + " " + one.model() + " " + one.tokensOut() + " " + one.estimated())
                        .toList());
    }

    @Test
    void aLevelThatCannotGoOnFromThereBeginsAnew() {
        Collected said = walk(
                tier(Level.L4, told -> {
                    told.text("half ");
                    told.fails(gone);
                }),
                tier(Level.L1, told -> {
                    told.text("ha");
                    told.text("ndsome");
                    told.end("stop");
                }));
        Answer answer = said.whole().result();
        assertEquals("half \n\nhandsome", answer.text());
        assertEquals("SkyAI Standard", answer.brand());
        assertEquals(Seam.Mode.RESTART, seams.get(0).mode());
        assertEquals(2, answer.segments().size());
    }

    @Test
    void whenNobodyCanGoOnTheAnswerEndsAndSaysThatItsRestIsMissing() {
        Collected said = walk(
                tier(Level.L3, told -> {
                    told.text("half ");
                    told.fails(gone);
                }),
                tier(Level.L4, told -> told.fails(new Fault(Fault.Kind.UNAVAILABLE, "other: gone"))));
        Answer answer = said.whole().result();
        assertEquals("half ", answer.text());
        assertEquals("interrupted", answer.finish());
        assertEquals(1, answer.segments().size());
        assertEquals(
                List.of(new Seam(Level.L3, Level.L3, Seam.Mode.MISSING, "the rest is missing: upstream: gone", 5)),
                seams);
    }

    @Test
    void eachQuestionIsTakenDownOnceWithWhatWasDelivered() {
        walk(tier(Level.L3, told -> {
            told.text("half ");
            told.fails(gone);
        }));
        walk(tier(Level.L1, told -> told.passes(Outcome.MISS, "")));
        walk(tier(Level.L1, told -> {
            told.text("all");
            told.end("stop");
            told.end("stop");
        }));
        Walk stopped = levels(tier(Level.L3, told -> told.text("some")))
                .walk("i", new Question("t", "q", ""), new Collected());
        stopped.begin();
        stopped.cancel("stopped");
        stopped.cancel("stopped");
        Walk lost = levels(tier(Level.L3, told -> told.text("some")))
                .walk("i", new Question("t", "q", ""), new Collected());
        lost.begin();
        lost.cancel(StreamSource.TAKEN_OVER);
        assertEquals(
                List.of("FAILED 5 interrupted", "UNKNOWN 0 stop", "HIT 3 stop", "STOPPED 4 stopped"),
                diary.stream()
                        .map(entry -> entry.outcome() + " " + entry.chars() + " " + entry.finish())
                        .toList());
        assertEquals(64, diary.get(0).hash().length());
        assertEquals(1, diary.get(3).segments().size());
    }

    @Test
    void whoCountsNoTokensOfAnAnswerDidNotCount() {
        Answer answer = walk(tier(Level.L3, told -> {
                    told.from("one", "m");
                    told.text("12345678");
                    told.used(0, 0);
                    told.end("stop");
                }))
                .whole()
                .result();
        assertTrue(answer.segments().get(0).estimated());
        assertEquals(2, answer.segments().get(0).tokensOut());
    }

    @Test
    void anEmptyAnswerIsNone() {
        Answer answer = walk(tier(Level.L3, told -> told.end("stop")), tier(Level.L4, told -> {
                    told.calls("[]");
                    told.end("tool_calls");
                }))
                .whole()
                .result();
        assertEquals(Level.L4, answer.level());
        assertEquals("[]", answer.calls());
        assertEquals("tool_calls", answer.finish());
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
        Walk walk = levels(tier(Level.L3, told -> late[0] = told)).walk("i", new Question("t", "q", ""), said);
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
        levels(tier(Level.L3, told -> {
                    told.text("o");
                    told.text("ne two");
                    told.text(" three");
                    told.cite(CITATION);
                    told.end("stop");
                }))
                .walk("i", new Question("t", "q", kept.text()), resumed, kept.segments(0))
                .begin();
        assertEquals("o three", rest.text());
        assertEquals(List.of(), rest.route());
        assertEquals(List.of(CITATION), rest.citations());
        assertTrue(rest.whole().succeeded());
    }

    @Test
    void aRestOfAnotherMindBeginsAnewBehindASeam() {
        for (String other : List.of("one two THREE", "one")) {
            seams.clear();
            Collected kept = new Collected();
            kept.add(frame(Kind.TEXT, "one two three"));
            Collected rest = new Collected();
            levels(tier(Level.L3, told -> {
                        told.text(other);
                        told.end("stop");
                    }))
                    .walk("i", new Question("t", "q", kept.text()), new Resumed(kept, heard(rest)), kept.segments(0))
                    .begin();
            assertEquals("\n\n" + other, rest.text());
            assertEquals(Seam.Mode.RESTART, seams.get(0).mode());
            assertEquals("one two three".length(), seams.get(0).offset());
            assertEquals(2, rest.whole().result().segments().size());
        }
    }

    private static Frame frame(Kind kind, String body) {
        return new Frame("a", 1, 1, kind, body);
    }

    private Collected walk(Tier... tiers) {
        Collected said = new Collected();
        levels(tiers).walk("i", new Question("t", "q", ""), heard(said)).begin();
        return said;
    }

    private Levels levels(Tier... tiers) {
        List<Level> order = Stream.of(tiers).map(Tier::level).distinct().toList();
        return new Levels(
                List.of(tiers),
                (question, health) -> new Plan(order, new JsonObject()),
                diary::add,
                InstantSource.system());
    }

    private Sayer heard(Collected by) {
        return new Sayer() {
            @Override
            public void route(Cascade.Step step) {
                by.route(step);
            }

            @Override
            public void seam(Seam seam) {
                seams.add(seam);
                by.seam(seam);
            }

            @Override
            public void text(String chunk) {
                by.text(chunk);
            }

            @Override
            public void cite(Citation citation) {
                by.cite(citation);
            }

            @Override
            public void end(Cascade.Usage usage, String reason) {
                by.end(usage, reason);
            }

            @Override
            public void fault(Fault fault) {
                by.fault(fault);
            }
        };
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
