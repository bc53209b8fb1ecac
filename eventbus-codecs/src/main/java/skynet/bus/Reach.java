package skynet.bus;

/** How far a request may travel from the node on which it is asked. */
public enum Reach {
    /** Served by this node when it can, by any other when it cannot. */
    ANY_NODE,
    /** Served by this node or not at all; no other node ever sees it. */
    THIS_NODE,
    /** Served by the node that the asker names. */
    NAMED_NODE
}
