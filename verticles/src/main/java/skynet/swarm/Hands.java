package skynet.swarm;

import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import skynet.bus.NodeId;
import skynet.bus.Work;

/**
 * The light nodes that are attached to this member, and the jobs that each has. A job stays with its node until the node has
 * said something to it or is gone, also when nobody waits for it any more: a node that hangs is given no more than it has
 * slots. Belongs to one thread.
 */
final class Hands {
    /** Those that were given a job longest ago come first. */
    private final Map<NodeId, Hand> hands = new LinkedHashMap<>();

    private long sessions;

    private static final class Hand {
        final long session;
        final int slots;
        final Set<String> jobs = new HashSet<>();
        long done;

        Hand(long session, int slots) {
            this.session = session;
            this.slots = slots;
        }

        double share() {
            return (double) jobs.size() / slots;
        }
    }

    /** To whom a job was given. */
    record Given(NodeId node, long session) {}

    /** Takes a node in; returns its session. Whoever was attached under its number is to be detached before. */
    long attach(NodeId node, int slots) {
        if (hands.putIfAbsent(node, new Hand(++sessions, slots)) != null) {
            throw new IllegalStateException(node + ": attached already");
        }
        return sessions;
    }

    /** The session of a node that is attached. */
    Optional<Long> session(NodeId node) {
        return Optional.ofNullable(hands.get(node)).map(hand -> hand.session);
    }

    /** Lets a node go; returns the jobs that it had. Nothing happens when it is in another session by now. */
    Set<String> detach(NodeId node, long session) {
        Hand hand = hands.get(node);
        if (hand == null || hand.session != session) {
            return Set.of();
        }
        hands.remove(node);
        return Set.copyOf(hand.jobs);
    }

    /** Gives a job to the node that has the least to do for its size; nobody when all have as much as they take. */
    Optional<Given> give(String job) {
        Optional<NodeId> idle = hands.entrySet().stream()
                .filter(entry -> entry.getValue().jobs.size() < entry.getValue().slots)
                .min(Comparator.comparingDouble(entry -> entry.getValue().share()))
                .map(Map.Entry::getKey);
        return idle.map(node -> {
            Hand hand = hands.remove(node);
            hands.put(node, hand);
            hand.jobs.add(job);
            return new Given(node, hand.session);
        });
    }

    /** Takes a job back from a node; false when the node does not have it. */
    boolean take(NodeId node, long session, String job, boolean done) {
        Hand hand = hands.get(node);
        if (hand == null || hand.session != session || !hand.jobs.remove(job)) {
            return false;
        }
        hand.done += done ? 1 : 0;
        return true;
    }

    int count() {
        return hands.size();
    }

    /** All of them. */
    List<Work.Hand> all() {
        return hands.entrySet().stream()
                .map(entry -> new Work.Hand(
                        entry.getKey(),
                        entry.getValue().slots,
                        entry.getValue().jobs.size(),
                        entry.getValue().done))
                .toList();
    }
}
