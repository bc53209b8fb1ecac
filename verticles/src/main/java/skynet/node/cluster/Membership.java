package skynet.node.cluster;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import skynet.bus.NodeNumber;
import skynet.bus.Peers;

/** Who is a member, answered from memory. */
interface Membership extends Peers {
    /** The cluster's name; empty when the node is alone by decision. */
    String name();

    Peer self();

    /** The number of this node; known before its address is. */
    default NodeNumber number() {
        return self().number();
    }

    /** Whether this node is still a member; one that is not any more has to be started again. */
    boolean alive();

    /** The other members by their numbers. */
    Map<NodeNumber, Peer> others();

    @Override
    default Map<NodeNumber, Set<String>> words() {
        Map<NodeNumber, Set<String>> words = new TreeMap<>();
        others().forEach((number, peer) -> words.put(number, peer.words()));
        return words;
    }
}
