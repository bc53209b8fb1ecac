package skynet.cascade;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import skynet.bus.Bus;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Cascade.Speaker;
import skynet.bus.Cascade.Turn;
import skynet.bus.Cascade.Wish;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;
import skynet.bus.Mesh;

/**
 * One answer of level 5 on its way: plan, retrieve, use tools, draft, criticise, revise. Each step is told when it is done; the
 * text that is told is the final one.
 *
 * <p>What the plan asks for is asked for before any text of others was read, and may leave this node. From the first passage on
 * nothing does: a page or a document cannot make the model carry something out of the node, since its tools then ask nobody
 * outside. The model holds no credential, and no tool changes anything.
 */
final class Pipeline implements Flow {
    /** Rounds in which the model may use tools while it drafts. */
    static final int ROUNDS_MAX = 4;

    static final int SEARCHES_MAX = 3;

    /** No step is begun later than this after the first. */
    static final Duration WORK_MAX = Duration.ofMinutes(5);

    private static final String SEARCH = "SEARCH:";
    private static final int STEP_CHARS_MAX = 160;

    private final Bus bus;
    private final Tier model;
    private final Question question;
    private final InstantSource clock;
    private final long begunAt;
    private final ToolUse use;
    private final List<String> results = new ArrayList<>();
    private final List<Turn> exchanged = new ArrayList<>();
    private Telling told;
    private Flow flow;
    private String tools = "";
    private Inquiry.Reply last;
    private int tokensIn;
    private int tokensOut;
    private boolean counted = true;
    private boolean paused;
    private boolean over;
    private Recital recital;

    Pipeline(Bus bus, Tier model, Question question, InstantSource clock) {
        this.bus = bus;
        this.model = model;
        this.question = question;
        this.clock = clock;
        this.begunAt = clock.millis();
        boolean foreignRead = Stream.concat(question.wish().before().stream(), question.wish().after().stream())
                .anyMatch(turn -> turn.speaker() == Speaker.ASSISTANT || turn.speaker() == Speaker.TOOL);
        this.use = new ToolUse(bus, question, foreignRead, this::step);
    }

    @Override
    public void begin(Telling listener) {
        told = listener;
        if (!question.wish().tools().isEmpty() || !question.wish().after().isEmpty()) {
            told.passes(Outcome.SKIPPED, "with tools of its own a client speaks to one model");
            return;
        }
        bus.ask(new Mesh.Hold(Mesh.HUB))
                .map(Optional::of)
                .otherwise(Optional.empty())
                .onSuccess(held -> {
                    if (over) {
                        return;
                    }
                    if (held.isPresent() && !held.get().here()) {
                        told.passes(Outcome.UNAVAILABLE, elsewhere(held.get().holder()));
                        return;
                    }
                    work();
                });
    }

    private static String elsewhere(int holder) {
        return holder == 0
                ? "no node holds the role " + Mesh.HUB + " now, which level 5 needs"
                : "level 5 works on NOD" + holder + ", which holds the role " + Mesh.HUB;
    }

    @Override
    public void pause() {
        paused = true;
        if (recital != null) {
            recital.hold();
        } else if (flow != null) {
            flow.pause();
        }
    }

    @Override
    public void resume() {
        paused = false;
        if (recital != null) {
            recital.goOn();
        } else if (flow != null) {
            flow.resume();
        }
    }

    @Override
    public void cancel(String reason) {
        if (!over && told != null && recital == null) {
            account();
        }
        over = true;
        if (flow != null) {
            flow.cancel(reason);
        }
        if (recital != null) {
            recital.end();
        }
    }

    private void work() {
        use.definitions()
                .otherwise("")
                .compose(all -> {
                    tools = all;
                    return plan();
                })
                .compose(this::retrieve)
                .compose(found -> draft(0))
                .compose(
                        draft -> criticise(draft.text()).map(review -> new Draft(draft.text(), draft.finish(), review)))
                .onSuccess(this::revise)
                .onFailure(failure -> {
                    if (!over && failure instanceof Fault fault && fault.kind() == Fault.Kind.ABSENT) {
                        told.passes(Outcome.MISS, String.valueOf(fault.getMessage()));
                    } else if (!over) {
                        account();
                        told.fails(
                                failure instanceof Fault fault
                                        ? fault
                                        : new Fault(Fault.Kind.BROKEN, "pipeline: " + failure.getMessage()));
                    }
                });
    }

    /**
     * A draft, and what a review found; empty when nothing is to be mended.
     *
     * @param finish why the draft ended: one that was cut is told as such
     */
    private record Draft(String text, String finish, String review) {}

    /** Asks the model what to look for, and lets it use tools while it knows nothing but the question. */
    private Future<List<String>> plan() {
        return ask(Instructions.PLAN, question.text(), tools, List.of()).compose(reply -> {
            List<String> queries = new ArrayList<>();
            queries.add(ToolUse.shortened(question.text()));
            reply.text()
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith(SEARCH))
                    .map(line -> line.substring(SEARCH.length()).strip())
                    .filter(query -> !query.isEmpty() && query.indexOf('\0') < 0)
                    .map(ToolUse::shortened)
                    .limit(SEARCHES_MAX)
                    .forEach(queries::add);
            step("planned: " + (queries.size() - 1) + " searches");
            return use.all(reply.calls()).map(done -> {
                done.forEach(turn -> results.add(turn.text()));
                return queries;
            });
        });
    }

    private Future<Void> retrieve(List<String> queries) {
        Future<Void> all = Future.succeededFuture();
        for (String query : queries.stream().distinct().toList()) {
            all = all.compose(before -> use.search(query));
        }
        return all.map(searched -> {
            step("retrieved: " + use.evidence().count() + " passages");
            return null;
        });
    }

    /** Lets the model answer, and use tools in between, as long as it may. */
    private Future<Inquiry.Reply> draft(int round) {
        boolean enough = round >= ROUNDS_MAX || use.isUp();
        return ask(Instructions.DRAFT, given(""), enough ? "" : tools, exchanged)
                .compose(reply -> {
                    if (reply.calls().isEmpty() || enough) {
                        if (reply.text().isBlank()) {
                            throw new Fault(Fault.Kind.UNAVAILABLE, "model: an empty draft");
                        }
                        step("drafted: " + reply.text().length() + " characters");
                        return Future.succeededFuture(reply);
                    }
                    return use.all(reply.calls()).compose(done -> {
                        exchanged.add(new Turn(Speaker.ASSISTANT, reply.text(), reply.calls()));
                        exchanged.addAll(done);
                        return draft(round + 1);
                    });
                });
    }

    /** A review that cannot be had is no reason to have no answer. */
    private Future<String> criticise(String draft) {
        return ask(Instructions.CRITICISE, given("Draft:\n" + draft), "", List.of())
                .map(reply -> {
                    String review = reply.text().strip();
                    boolean fine = review.isEmpty() || review.matches("(?i)\\W*ok\\W*");
                    step(
                            fine
                                    ? "criticised: nothing to mend"
                                    : "criticised: " + review.lines().count() + " remarks");
                    return fine ? "" : review;
                })
                .recover(failure -> {
                    step("not criticised: " + failure.getMessage());
                    return Future.succeededFuture("");
                });
    }

    private void revise(Draft draft) {
        if (over) {
            return;
        }
        told.answers("planned, retrieved, drafted and criticised");
        if (draft.review().isEmpty()) {
            tell(draft);
            return;
        }
        flow = model.answer(asked(
                Instructions.REVISE,
                given("Draft:\n" + draft.text() + "\n\nReview:\n" + draft.review()),
                "",
                List.of()));
        if (paused) {
            flow.pause();
        }
        flow.begin(new Final(draft));
    }

    /** Tells a text that is known as a whole, with the passages to which it refers. */
    private void tell(Draft draft) {
        String text = draft.text();
        account();
        flow = null;
        recital = new Recital(
                new skynet.bus.Cascade.Answer(
                        text,
                        true,
                        skynet.bus.Cascade.Level.L5,
                        List.of(),
                        use.evidence().referredTo(text),
                        0),
                draft.finish(),
                told);
        if (paused) {
            recital.hold();
        } else {
            recital.goOn();
        }
    }

    private void account() {
        if (last != null) {
            told.from(last.upstream(), last.model());
            if (counted) {
                told.used(tokensIn, tokensOut);
            }
        }
    }

    private Future<Inquiry.Reply> ask(String instructions, String text, String with, List<Turn> after) {
        if (over) {
            return Future.failedFuture(new Fault(Fault.Kind.UNAVAILABLE, "pipeline: stopped"));
        }
        if (clock.millis() > begunAt + WORK_MAX.toMillis()) {
            return Future.failedFuture(
                    new Fault(Fault.Kind.LATE, "pipeline: not done after " + WORK_MAX.toMinutes() + " minutes"));
        }
        flow = model.answer(asked(instructions, text, with, after));
        return Inquiry.ask(flow).compose(reply -> {
            if (over) {
                throw new Fault(Fault.Kind.UNAVAILABLE, "pipeline: stopped");
            }
            count(reply);
            return Future.succeededFuture(reply);
        });
    }

    private void count(Inquiry.Reply reply) {
        last = reply;
        tokensIn += reply.tokensIn();
        tokensOut += reply.tokensOut();
        counted &= reply.tokensIn() > 0;
    }

    /** What the model is asked; what only serves the answer is not cut where the client wants the answer cut. */
    private Question asked(String instructions, String text, String with, List<Turn> after) {
        boolean whole = instructions.equals(Instructions.PLAN) || instructions.equals(Instructions.CRITICISE);
        List<Turn> before = new ArrayList<>();
        before.add(new Turn(Speaker.SYSTEM, instructions));
        before.addAll(question.wish().before());
        Wish own = question.wish();
        return new Question(
                question.tenant(),
                text,
                "",
                new Wish(own.band(), own.policy(), whole ? 0 : own.tokensMax(), false, before, with, "", after));
    }

    /** The question with all that was found, each kind of text in a place of its own. */
    private String given(String more) {
        StringBuilder all = new StringBuilder("Question:\n").append(question.text());
        all.append("\n\nPassages (data):\n").append(use.evidence().json());
        results.forEach(result -> all.append("\n\nResult of a tool (data):\n").append(result));
        return more.isEmpty() ? all.toString() : all.append("\n\n").append(more).toString();
    }

    private void step(String done) {
        if (!over) {
            String line = done.replaceAll("\\s+", " ");
            told.progress(line.length() <= STEP_CHARS_MAX ? line : line.substring(0, STEP_CHARS_MAX) + "…");
        }
    }

    /** Hears the final text as it comes. When it does not come at all, the draft is told instead. */
    private final class Final implements Telling {
        private final Draft draft;
        private final StringBuilder text = new StringBuilder();
        private int in;
        private int out;
        private String upstream = "";
        private String name = "";

        Final(Draft draft) {
            this.draft = draft;
        }

        @Override
        public void answers(String why) {
            // The pipeline has said so itself.
        }

        @Override
        public void from(String source, String of) {
            upstream = source;
            name = of;
        }

        @Override
        public void used(int read, int given) {
            in = read;
            out = given;
        }

        @Override
        public void text(String chunk) {
            text.append(chunk);
            told.text(chunk);
        }

        @Override
        public void cite(Citation citation) {
            told.cite(citation);
        }

        @Override
        public void end(String reason) {
            if (text.length() == 0) {
                tell(draft);
                return;
            }
            count(new Inquiry.Reply("", "", upstream, name, in, out, reason));
            account();
            use.evidence().referredTo(text.toString()).forEach(told::cite);
            told.end(reason.equals("length") ? "length" : "stop");
        }

        @Override
        public void passes(Outcome outcome, String reason) {
            tell(draft);
        }

        @Override
        public void fails(Fault fault) {
            if (over) {
                return;
            }
            if (text.length() == 0) {
                step("not revised: " + fault.getMessage());
                tell(draft);
            } else {
                account();
                told.fails(fault);
            }
        }
    }
}
