package skynet.cascade;

import java.time.InstantSource;
import java.util.List;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Cascade.Step;
import skynet.bus.Cascade.Usage;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;
import skynet.bus.stream.Upstream;

/**
 * A question on its way through the levels, cheapest first, until one answers. A level that fails before it answers is passed
 * by silently; the question fails when none of the others answers either.
 */
final class Walk implements Upstream {
    /** Longest answer, in UTF-16 characters; it ends there with reason {@code length}. */
    static final int ANSWER_CHARS_MAX = 256 << 10;

    static final String UNKNOWN = "I don't know from what I have.";

    private final List<Tier> tiers;
    private final Question question;
    private final Sayer sayer;
    private final InstantSource clock;
    private final long begunAt;
    private int at = -1;
    private long stepBegunAt;
    private Flow flow;
    private Fault failure;
    private int chars;
    private boolean paused;
    private boolean over;

    Walk(List<Tier> tiers, Question question, Sayer sayer, InstantSource clock) {
        this.tiers = tiers;
        this.question = question;
        this.sayer = sayer;
        this.clock = clock;
        this.begunAt = clock.millis();
    }

    void begin() {
        next();
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
        if (!over) {
            over = true;
            if (flow != null) {
                flow.cancel(reason);
            }
        }
    }

    private void next() {
        if (++at == tiers.size()) {
            nobodyAnswered();
            return;
        }
        stepBegunAt = clock.millis();
        flow = tiers.get(at).answer(question);
        if (paused) {
            flow.pause();
        }
        flow.begin(new Heard(at));
    }

    private void nobodyAnswered() {
        over = true;
        if (failure != null) {
            sayer.fault(failure);
            return;
        }
        sayer.text(UNKNOWN);
        sayer.end(usage(false), "stop");
    }

    private Usage usage(boolean answered) {
        int last = Math.min(at, tiers.size() - 1);
        return new Usage(tiers.get(last).level(), answered, clock.millis() - begunAt);
    }

    private void step(Outcome outcome, String reason) {
        sayer.route(new Step(tiers.get(at).level(), outcome, clock.millis() - stepBegunAt, reason));
    }

    /** What one level tells; when it is not its turn any more, nobody listens. */
    private final class Heard implements Telling {
        private final int place;
        private boolean answering;

        Heard(int place) {
            this.place = place;
        }

        @Override
        public void answers(String why) {
            if (isHeard() && !answering) {
                answering = true;
                step(Outcome.HIT, why);
            }
        }

        @Override
        public void text(String chunk) {
            if (!isHeard() || chunk.isEmpty()) {
                return;
            }
            answers("");
            int room = ANSWER_CHARS_MAX - chars;
            chars += chunk.length();
            sayer.text(chunk.length() <= room ? chunk : chunk.substring(0, room));
            if (chunk.length() > room && !over) {
                over = true;
                flow.cancel("length");
                sayer.end(usage(true), "length");
            }
        }

        @Override
        public void cite(Citation citation) {
            if (isHeard()) {
                sayer.cite(citation);
            }
        }

        @Override
        public void end(String reason) {
            if (isHeard()) {
                over = true;
                sayer.end(usage(true), reason);
            }
        }

        @Override
        public void passes(Outcome outcome, String reason) {
            if (isHeard() && !answering) {
                step(outcome, reason);
                next();
            }
        }

        @Override
        public void fails(Fault fault) {
            if (!isHeard()) {
                return;
            }
            if (answering) {
                over = true;
                sayer.fault(fault);
            } else {
                failure = fault;
                passes(Outcome.UNAVAILABLE, String.valueOf(fault.getMessage()));
            }
        }

        private boolean isHeard() {
            return !over && place == at;
        }
    }
}
