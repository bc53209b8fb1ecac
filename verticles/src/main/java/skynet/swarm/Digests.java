package skynet.swarm;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import skynet.bus.NodeClass;
import skynet.bus.NodeNumber;
import skynet.bus.Nodes;

/** What the other members last said about the light nodes that beat at them. Belongs to one thread. */
final class Digests {
    /** A digest that is older counts no more: its member is gone, and its nodes will beat elsewhere. */
    static final int SECONDS_MAX = 30;

    private final Map<NodeNumber, Heard> heard = new HashMap<>();

    /** A digest and when it came. */
    private record Heard(Nodes.Digest digest, long atSeconds) {}

    /** Replaces what a member said before; there are at most {@value NodeNumber#MAX} of them. */
    void hear(Nodes.Digest digest, long nowSeconds) {
        heard.put(digest.from(), new Heard(digest, nowSeconds));
    }

    /** Live, suspect and dead nodes of each class at all who spoke lately. */
    Map<NodeClass, int[]> sums(long nowSeconds) {
        Map<NodeClass, int[]> sums = new EnumMap<>(NodeClass.class);
        heard.values().removeIf(one -> nowSeconds - one.atSeconds() > SECONDS_MAX);
        heard.values().forEach(one -> one.digest().counts().forEach(count -> {
            int[] sum = sums.computeIfAbsent(count.kind(), kind -> new int[3]);
            sum[0] += count.live();
            sum[1] += count.suspect();
            sum[2] += count.dead();
        }));
        return sums;
    }

    /** Beats a second at all who spoke lately. */
    int beatsPerSecond() {
        return heard.values().stream()
                .mapToInt(one -> one.digest().beatsPerSecond())
                .sum();
    }
}
