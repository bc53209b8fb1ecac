package skynet.bus;

import java.util.List;
import java.util.Objects;

/** What is said about and between the nodes of a cluster: who is a member, and whether the link to it is warm. */
public sealed interface Swarm extends BusMessage {
    /** Asks this node which members it sees. */
    @Wire(value = "swarm.members", reach = Reach.THIS_NODE)
    record Members() implements Swarm, Request<Roster> {}

    /** The members in order of their numbers; a node that runs alone is the only one, in a cluster without a name. */
    @Wire("swarm.roster")
    record Roster(String cluster, List<Member> members) implements Swarm {
        public Roster {
            Objects.requireNonNull(cluster, "cluster");
            members = List.copyOf(members);
        }
    }

    /**
     * One member.
     *
     * @param address where the others reach it; alone, its front door
     * @param since when it started, in seconds since 1970
     */
    record Member(NodeNumber number, String address, boolean self, long since, String release, State state) {
        public Member {
            Objects.requireNonNull(number, "number");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(release, "release");
            Objects.requireNonNull(state, "state");
        }
    }

    /** How a member does. The order is part of the wire: append only. */
    enum State {
        /** It starts, or has not answered this node yet. */
        JOINING,
        READY,
        /** It finishes what it has and goes. */
        LEAVING,
        /** It is a member and does not answer. */
        SILENT
    }

    /**
     * Says hello to a node, every two seconds; the first one opens the link, so that no user's request has to.
     *
     * @param back whether this is itself caused by a greeting, and must not cause another
     */
    @Wire(value = "swarm.greet", reach = Reach.NAMED_NODE)
    record Greet(NodeNumber from, State state, boolean back) implements Swarm, Request<Greeting> {
        public Greet {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(state, "state");
        }
    }

    /** The same from the other side. */
    @Wire("swarm.greeting")
    record Greeting(NodeNumber from, State state) implements Swarm {
        public Greeting {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(state, "state");
        }
    }

    /** Asks a member, through whichever member hears it, to finish what it has and go. It ends as after SIGTERM. */
    @Wire(value = "swarm.drain", reach = Reach.THIS_NODE)
    record Drain(NodeNumber number) implements Swarm, Request<Draining> {
        public Drain {
            Objects.requireNonNull(number, "number");
        }
    }

    /** The same, said to the member itself. */
    @Wire(value = "swarm.go", reach = Reach.NAMED_NODE)
    record Go(NodeNumber number) implements Swarm, Request<Draining> {
        public Go {
            Objects.requireNonNull(number, "number");
        }
    }

    /** The member that goes. */
    @Wire("swarm.draining")
    record Draining(NodeNumber number) implements Swarm {
        public Draining {
            Objects.requireNonNull(number, "number");
        }
    }
}
