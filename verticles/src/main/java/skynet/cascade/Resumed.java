package skynet.cascade;

import skynet.bus.Cascade.Step;
import skynet.bus.Cascade.Usage;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;

/**
 * The rest of an answer of which the beginning is kept: leaves out what was said before, as long as the same is said again.
 * When it is not, the answer is interrupted, for its beginning and its end would be of two minds.
 */
final class Resumed implements Sayer {
    private final Sayer sayer;
    private final String said;
    private int matched;
    private int stepsKnown;
    private int citationsKnown;
    private boolean over;

    Resumed(Collected kept, Sayer sayer) {
        this.sayer = sayer;
        this.said = kept.text();
        this.stepsKnown = kept.steps();
        this.citationsKnown = kept.citations();
    }

    @Override
    public void route(Step step) {
        if (!over && --stepsKnown < 0) {
            sayer.route(step);
        }
    }

    @Override
    public void text(String chunk) {
        int same = Math.min(chunk.length(), said.length() - matched);
        if (over) {
            return;
        }
        if (!said.regionMatches(matched, chunk, 0, same)) {
            interrupt();
            return;
        }
        matched += same;
        if (same < chunk.length()) {
            sayer.text(chunk.substring(same));
        }
    }

    @Override
    public void cite(Citation citation) {
        if (!over && --citationsKnown < 0) {
            sayer.cite(citation);
        }
    }

    @Override
    public void end(Usage usage, String reason) {
        if (over) {
            return;
        }
        if (matched < said.length()) {
            interrupt();
        } else {
            over = true;
            sayer.end(usage, reason);
        }
    }

    @Override
    public void fault(Fault fault) {
        if (!over) {
            over = true;
            sayer.fault(fault);
        }
    }

    private void interrupt() {
        over = true;
        sayer.fault(interrupted());
    }

    /** What a reader hears when the rest of an answer will not come. */
    static Fault interrupted() {
        return new Fault(
                Fault.Kind.UNAVAILABLE, "answer: interrupted, the node that gave it is gone (expected: ask again)");
    }
}
