package skynet.swarm;

import java.util.List;
import java.util.Map;
import skynet.bus.NodeId;
import skynet.bus.Nodes;

/** What each named place of the swarm is for; NOD6 is vacant, its crawler went to NOD5. */
final class Roles {
    private static final Map<Integer, List<String>> PLACES = Map.of(
            1, List.of("core", "chat", "admin"),
            2, List.of("failover"),
            3, List.of("backup"),
            4, List.of("ledger", "economy"),
            5, List.of("skyos-api", "crawler"),
            7, List.of("intelligence"),
            8, List.of("relay"),
            9, List.of("storage"));

    private Roles() {}

    /** The roles of a member by its number; none for NOD6 and from NOD10 on. */
    static List<String> of(NodeId node) {
        return PLACES.getOrDefault(node.value(), List.of());
    }

    /** The roles of a light node. */
    static List<String> of(Nodes.Mode mode) {
        return List.of(mode.text());
    }

    /** Whether a number has a name of its own although no member may have taken it. */
    static boolean planned(NodeId node) {
        return PLACES.containsKey(node.value());
    }
}
