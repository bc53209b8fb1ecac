package skynet.cascade;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;

/** One answer of a model that is given passages: they are looked for, then the model is asked, and what it refers to is told. */
final class GroundedFlow implements Flow {
    private final GroundedTier tier;
    private final Question question;
    private Flow flow;
    private boolean paused;
    private boolean cancelled;

    GroundedFlow(GroundedTier tier, Question question) {
        this.tier = tier;
        this.question = question;
    }

    @Override
    public void begin(Telling told) {
        if (!tier.condition().available()) {
            flow = tier.answer(question, new Evidence());
            flow.begin(told);
            return;
        }
        tier.look(question).onComplete(found -> {
            if (cancelled) {
                return;
            }
            if (found.failed()) {
                // An answer without passages is better than none.
                told.progress(GroundedTier.BLIND + found.cause().getMessage());
            }
            ask(found.succeeded() ? found.result() : new Evidence(), told);
        });
    }

    @Override
    public void pause() {
        paused = true;
        if (flow != null) {
            flow.pause();
        }
    }

    @Override
    public void resume() {
        paused = false;
        if (flow != null) {
            flow.resume();
        }
    }

    @Override
    public void cancel(String reason) {
        cancelled = true;
        if (flow != null) {
            flow.cancel(reason);
        }
    }

    private void ask(Evidence evidence, Telling told) {
        flow = tier.answer(question, evidence);
        if (paused) {
            flow.pause();
        }
        if (evidence.count() == 0) {
            flow.begin(told);
            return;
        }
        told.progress(GroundedTier.GIVEN + evidence.count() + (evidence.count() == 1 ? " passage" : " passages")
                + " of the documents");
        told.given(evidence.passages(), evidence.json().length() + Instructions.GROUNDED.length());
        flow.begin(new Referring(told, evidence));
    }

    /** Once more without passages: with them it is more than the model takes. */
    private void askAlone(Telling told, Fault refusal) {
        told.progress("taken back from the model: all passages, " + refusal.getMessage());
        told.given(List.of(), 0);
        flow = tier.answer(question, new Evidence());
        if (paused) {
            flow.pause();
        }
        flow.begin(told);
    }

    /** Passes everything on, and each passage at its first mark, so that whoever stops there has it too. */
    private final class Referring implements Telling {
        private final Telling told;
        private final Evidence evidence;
        private final Marks marks = new Marks();
        private final Set<Integer> cited = new HashSet<>();
        private boolean hasSaid;

        Referring(Telling told, Evidence evidence) {
            this.told = told;
            this.evidence = evidence;
        }

        @Override
        public void answers(String why) {
            told.answers(why);
        }

        @Override
        public void progress(String done) {
            told.progress(done);
        }

        @Override
        public void from(String upstream, String model) {
            told.from(upstream, model);
        }

        @Override
        public void used(int tokensIn, int tokensOut) {
            told.used(tokensIn, tokensOut);
        }

        @Override
        public void calls(String calls) {
            told.calls(calls);
        }

        @Override
        public void text(String chunk) {
            hasSaid = true;
            told.text(chunk);
            evidence.of(marks.hear(chunk)).stream()
                    .filter(passage -> cited.add(passage.mark()))
                    .forEach(told::cite);
        }

        @Override
        public void cite(Citation citation) {
            told.cite(citation);
        }

        @Override
        public void end(String reason) {
            told.end(reason);
        }

        @Override
        public void passes(Outcome outcome, String reason) {
            told.passes(outcome, reason);
        }

        @Override
        public void fails(Fault fault) {
            boolean isRefused = fault.kind() == Fault.Kind.INVALID || fault.kind() == Fault.Kind.TOO_LARGE;
            if (isRefused && !hasSaid && !cancelled) {
                askAlone(told, fault);
            } else {
                told.fails(fault);
            }
        }
    }
}
