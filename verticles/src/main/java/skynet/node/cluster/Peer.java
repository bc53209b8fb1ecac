package skynet.node.cluster;

import java.util.Set;
import skynet.bus.NodeNumber;

/** What a member says about itself when it joins; {@code since} is in seconds since 1970. */
record Peer(NodeNumber number, String address, long since, String release, Set<String> words) {
    Peer {
        words = Set.copyOf(words);
    }
}
