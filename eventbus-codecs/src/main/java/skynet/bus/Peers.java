package skynet.bus;

import java.util.Map;
import java.util.Set;

/** The other nodes as this one sees them now. Asked on every remote ask, so it answers from memory. */
public interface Peers {
    /** Nobody: the node is alone. */
    Peers NONE = Map::of;

    /** The wire names that each other node knows; a request with a name that is missing is never sent to it. */
    Map<NodeNumber, Set<String>> words();
}
