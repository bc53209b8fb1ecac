package skynet.bus;

import java.util.List;
import java.util.Objects;

/**
 * What is said about the duties that one node at a time has for all of them: who holds which role, and since which epoch.
 * A holder may be wrong about itself for a moment; what keeps that harmless is the epoch in every guarded write.
 */
public sealed interface Mesh extends BusMessage {
    /** Numbers light nodes and keeps their keys. */
    String HUB = "hub";

    /** Every role; a node that runs alone holds them all. */
    List<String> ROLES = List.of(HUB);

    /** Asks this node who holds which role, as the database says now; UNAVAILABLE when it cannot be asked. */
    @Wire(value = "mesh.look", reach = Reach.THIS_NODE)
    record Look() implements Mesh, Request<View> {}

    /**
     * Who holds what.
     *
     * @param node who answers
     * @param chain the nodes in the order in which they stand in for each other
     */
    @Wire("mesh.view")
    record View(NodeNumber node, List<NodeNumber> chain, List<Lease> leases) implements Mesh {
        public View {
            Objects.requireNonNull(node, "node");
            chain = List.copyOf(chain);
            leases = List.copyOf(leases);
        }
    }

    /**
     * A role and who has it.
     *
     * @param holder the number of the last holder; 0 when there never was one
     * @param epoch counts the takeovers; a guarded write of an earlier epoch is refused
     * @param leftMillis for how long the holder has it still, by the database's clock; 0 or less: nobody has it
     */
    record Lease(String role, int holder, long epoch, long leftMillis) {
        public Lease {
            Objects.requireNonNull(role, "role");
        }
    }

    /** Asks this node, from memory and at once, who has a role. */
    @Wire(value = "mesh.hold", reach = Reach.THIS_NODE)
    record Hold(String role) implements Mesh, Request<Held> {
        public Hold {
            if (!ROLES.contains(role)) {
                throw new IllegalArgumentException("role: " + role + " (expected: one of " + ROLES + ")");
            }
        }
    }

    /**
     * What this node believes.
     *
     * @param holder who has the role; 0 when nobody is known to
     * @param epoch since when; what a guarded write of this node carries
     * @param here whether it is this node, by its own monotonic clock
     */
    @Wire("mesh.held")
    record Held(String role, int holder, long epoch, boolean here) implements Mesh {
        public Held {
            Objects.requireNonNull(role, "role");
        }
    }

    /** A role was given back; whoever is next need not wait until somebody misses it. */
    @Wire("mesh.released")
    record Released(String role, NodeNumber by) implements Mesh, Event {
        public Released {
            Objects.requireNonNull(role, "role");
            Objects.requireNonNull(by, "by");
        }
    }
}
