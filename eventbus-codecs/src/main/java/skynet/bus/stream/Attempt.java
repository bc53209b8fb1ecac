package skynet.bus.stream;

import java.util.ArrayList;
import java.util.List;
import skynet.bus.Stream.Begin;

/**
 * One try of one node at computing an answer, and the history of those before it. Its number is the fence: the store takes
 * nothing from an attempt that has a successor.
 *
 * @param begins where each attempt began, this one last
 */
public record Attempt(String id, int owner, List<Begin> begins) {
    public Attempt {
        begins = Begin.inOrder(begins);
    }

    /** The first try. */
    public static Attempt first(String id, int owner) {
        return new Attempt(id, owner, List.of(new Begin(1, 1)));
    }

    /** The next try, by another owner, after the last frame that the store kept. */
    public Attempt takenOver(int newOwner, long keptSeq) {
        List<Begin> longer = new ArrayList<>(begins);
        longer.add(new Begin(number() + 1, keptSeq + 1));
        return new Attempt(id, newOwner, longer);
    }

    /** From 1. */
    public int number() {
        return begins.get(begins.size() - 1).attempt();
    }

    /** Number of the first frame of this try. */
    public long firstSeq() {
        return begins.get(begins.size() - 1).seq();
    }
}
