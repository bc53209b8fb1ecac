package skynet.cascade.model;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.IntConsumer;

/**
 * Which neighbours are joined to what, in the order in which they were learned. A word is joined by always taking the pair of
 * the lowest rank, the leftmost of several; pairs wait in a queue, so that a word of 100,000 letters takes no time either.
 */
final class Merges {
    private static final int NONE = -1;

    /** Two tokens side by side, the left one in the upper half; and their rank, with what they become in the lower half. */
    private final Map<Long, Long> pairs = new HashMap<>();

    private long ranks;

    /** Learns the next pair; one that is known keeps its rank no longer. */
    void add(int left, int right, int both) {
        pairs.put((long) left << 32 | right, ranks++ << 32 | both);
    }

    /** Joins the first tokens of a word and tells what becomes of them. */
    void join(int[] ids, int count, IntConsumer told) {
        int[] next = new int[count];
        int[] before = new int[count];
        PriorityQueue<Long> queue = new PriorityQueue<>();
        for (int at = 0; at < count; at++) {
            next[at] = at + 1 < count ? at + 1 : NONE;
            before[at] = at - 1;
        }
        for (int at = 0; at + 1 < count; at++) {
            offer(queue, ids, next, at);
        }
        while (!queue.isEmpty()) {
            long best = queue.poll();
            int at = (int) best;
            Long pair = ids[at] == NONE || next[at] == NONE ? null : pairs.get((long) ids[at] << 32 | ids[next[at]]);
            if (pair == null || pair >>> 32 != best >>> 32) {
                continue;
            }
            int gone = next[at];
            ids[at] = pair.intValue();
            ids[gone] = NONE;
            next[at] = next[gone];
            if (next[at] != NONE) {
                before[next[at]] = at;
            }
            offer(queue, ids, next, at);
            if (before[at] != NONE) {
                offer(queue, ids, next, before[at]);
            }
        }
        for (int at = 0; at != NONE && at < count; at = next[at]) {
            told.accept(ids[at]);
        }
    }

    private void offer(PriorityQueue<Long> queue, int[] ids, int[] next, int at) {
        Long pair = next[at] == NONE ? null : pairs.get((long) ids[at] << 32 | ids[next[at]]);
        if (pair != null) {
            queue.add(pair >>> 32 << 32 | at);
        }
    }
}
