package skynet.cascade;

import java.util.List;
import skynet.bus.Cascade.Seam;
import skynet.bus.Cascade.Step;
import skynet.bus.Cascade.Usage;
import skynet.bus.Fault;
import skynet.bus.Knowledge.Citation;

/** Who hears a walk through the levels: its steps, the text of the one that answers, and the end. */
interface Sayer {
    void route(Step step);

    /** Another level goes on, or nobody does. */
    void seam(Seam seam);

    void text(String chunk);

    void cite(Citation citation);

    /** Passages on which the text may stand, whether it says so or not. */
    default void given(List<Citation> passages) {}

    /** Nothing follows. */
    void end(Usage usage, String reason);

    /** Nothing follows, and the answer is not complete. */
    void fault(Fault fault);
}
