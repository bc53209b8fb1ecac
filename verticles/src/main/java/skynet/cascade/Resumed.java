package skynet.cascade;

import java.util.List;
import skynet.bus.Cascade.Seam;
import skynet.bus.Cascade.Step;
import skynet.bus.Cascade.Usage;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;

/**
 * The rest of an answer of which the beginning is kept: leaves out steps and citations that its reader knows. The walk itself
 * leaves out the text.
 */
final class Resumed implements Sayer {
    private final Sayer sayer;
    private final List<Step> steps;
    private final List<Citation> citations;
    private int stepsKnown;
    private boolean apart;

    Resumed(Collected kept, Sayer sayer) {
        this.sayer = sayer;
        this.steps = kept.route();
        this.citations = kept.citations();
    }

    @Override
    public void route(Step step) {
        apart |= stepsKnown >= steps.size() || !isSame(steps.get(stepsKnown), step);
        stepsKnown++;
        if (apart) {
            sayer.route(step);
        }
    }

    private static boolean isSame(Step one, Step other) {
        return one.level() == other.level() && one.outcome() == other.outcome();
    }

    @Override
    public void seam(Seam seam) {
        sayer.seam(seam);
    }

    @Override
    public void text(String chunk) {
        sayer.text(chunk);
    }

    @Override
    public void cite(Citation citation) {
        if (!citations.contains(citation)) {
            sayer.cite(citation);
        }
    }

    @Override
    public void end(Usage usage, String reason) {
        sayer.end(usage, reason);
    }

    @Override
    public void fault(Fault fault) {
        sayer.fault(fault);
    }

    /** What a reader hears when the rest of an answer will not come. */
    static Fault interrupted() {
        return new Fault(
                Fault.Kind.UNAVAILABLE, "answer: interrupted, the node that gave it is gone (expected: ask again)");
    }
}
