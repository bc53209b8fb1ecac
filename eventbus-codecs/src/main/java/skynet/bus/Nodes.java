package skynet.bus;

import java.util.List;
import java.util.Objects;

/**
 * What is said to and by the room swarm: which nodes are registered, which of them live, and the keys they are known by.
 * Members of the cluster are told by {@link Swarm} and joined in here. Keys, nonces and signatures are Base64url (RFC 4648
 * §5) without padding.
 */
public sealed interface Nodes extends BusMessage {
    /** Nodes on one page. */
    int PAGE_MAX = 200;

    /** What a light node takes part in. The order is part of the wire: append only. */
    enum Mode {
        /** It only says that it is there. */
        HEARTBEAT,
        /** It also passes on messages. */
        RELAY,
        /** It also computes. */
        COMPUTE;

        /** The name in answers: small letters. */
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** The mode of a name. */
        public static Mode of(String text) {
            for (Mode mode : values()) {
                if (mode.text().equals(text)) {
                    return mode;
                }
            }
            throw new IllegalArgumentException("mode: unknown (expected: heartbeat, relay or compute)");
        }
    }

    /** How a node does. The order is part of the wire: append only. */
    enum State {
        /** Registered; no heartbeat of it is known. */
        UNSEEN,
        LIVE,
        /** Three heartbeats are missing. */
        SUSPECT,
        /** Six heartbeats are missing. */
        DEAD,
        /** A place with a name that no member has taken. */
        PLANNED,
        /** A member that starts, or has not answered yet. */
        JOINING,
        /** A member that finishes what it has and goes. */
        LEAVING;

        /** The name in answers: small letters. */
        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * The public keys of a node.
     *
     * @param ed25519 32 bytes
     * @param mlDsa65 1952 bytes (FIPS 204), or empty
     * @param xWing 1216 bytes: the static key to which messages for this node are sealed, or empty
     */
    record PublicKeys(String ed25519, String mlDsa65, String xWing) {
        public PublicKeys {
            bounded("keys.ed25519", ed25519, 64);
            bounded("keys.ml_dsa_65", mlDsa65, 3_000);
            bounded("keys.x_wing", xWing, 2_000);
        }
    }

    /**
     * Registers a node, or finds it by its key. Registering again gives the same number and a new token. Whoever is asked
     * passes it on to the node that has the role {@link Mesh#HUB}.
     *
     * @param host the name under which the node called this one, as the signature says
     * @param address where it called from, for the limit on registrations
     * @param fingerprint 64 hexadecimal digits about the machine, or empty; a hint for duplicates, never a proof
     * @param timeSeconds when it was signed, in seconds since 1970
     * @param nonce 16 to 32 bytes, used once
     * @param signature Ed25519 over the proof's text
     * @param mlDsaSignature ML-DSA-65 over the same; with that key only
     */
    @Wire(value = "nodes.register", reach = Reach.NAMED_NODE)
    record Register(
            Principal by,
            String host,
            String address,
            NodeClass kind,
            Mode mode,
            PublicKeys keys,
            String fingerprint,
            long timeSeconds,
            String nonce,
            String signature,
            String mlDsaSignature)
            implements Nodes, Request<Registered> {
        public Register {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(kind, "class");
            Objects.requireNonNull(mode, "mode");
            Objects.requireNonNull(keys, "keys");
            bounded("host", host, 255);
            if (!fingerprint.isEmpty() && !fingerprint.matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException("fingerprint: malformed (expected: 64 of 0-9 a-f, or nothing)");
            }
            bounded("nonce", nonce, 64);
            bounded("signature", signature, 128);
            bounded("signature_ml_dsa_65", mlDsaSignature, 5_000);
        }
    }

    /**
     * The number of a node and the token by which it is known from now on; the token is told here and nowhere else.
     *
     * @param again whether the node was registered before
     * @param twin whether another node has the same fingerprint
     * @param nextMillis when to send the first heartbeat, in ms from now
     */
    @Wire("nodes.registered")
    record Registered(NodeId node, Mode mode, String token, boolean again, boolean twin, int nextMillis)
            implements Nodes {
        public Registered {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(mode, "mode");
            Objects.requireNonNull(token, "token");
        }

        @Override
        public String toString() {
            return "Registered[" + node + ", ****]";
        }
    }

    /** Takes a node out: itself, or any by who may administer the swarm. Its token is worth nothing from then on. */
    @Wire(value = "nodes.remove", reach = Reach.THIS_NODE)
    record Remove(Principal by, NodeId node) implements Nodes, Request<Removed> {
        public Remove {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(node, "node");
        }
    }

    /** The node that was taken out. */
    @Wire("nodes.removed")
    record Removed(NodeId node) implements Nodes {
        public Removed {
            Objects.requireNonNull(node, "node");
        }
    }

    /** A node was taken out: whoever remembers its token forgets it. Who misses this finds out within a minute. */
    @Wire("nodes.gone")
    record Gone(NodeId node) implements Nodes, Event {
        public Gone {
            Objects.requireNonNull(node, "node");
        }
    }

    /** A node was given a new token by a member: all others forget the old one, and nothing else. */
    @Wire("nodes.renewed")
    record Renewed(NodeNumber from, NodeId node) implements Nodes, Event {
        public Renewed {
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(node, "node");
        }
    }

    /** Asks whose token this is. */
    @Wire(value = "nodes.verify", reach = Reach.THIS_NODE)
    record Verify(String token) implements Nodes, Request<Verified> {
        public Verify {
            bounded("token", token, 128);
        }

        @Override
        public String toString() {
            return "Verify[****]";
        }
    }

    /** The node whose token it is. */
    @Wire("nodes.verified")
    record Verified(NodeId node, Mode mode) implements Nodes {
        public Verified {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(mode, "mode");
        }
    }

    /**
     * A node says that it is there.
     *
     * @param loadPercent 0 to 100
     */
    @Wire(value = "nodes.beat", reach = Reach.THIS_NODE)
    record Beat(NodeId node, int loadPercent) implements Nodes, Request<Beaten> {
        public Beat {
            Objects.requireNonNull(node, "node");
            if (loadPercent < 0 || loadPercent > 100) {
                throw new IllegalArgumentException("load: " + loadPercent + " (expected: 0 to 100)");
            }
        }
    }

    /**
     * When to say so again.
     *
     * @param admitted false: it came too soon for this node's load, was not counted, and is to come again then
     * @param nextMillis ms from now
     */
    @Wire("nodes.beaten")
    record Beaten(boolean admitted, int nextMillis) implements Nodes {}

    /**
     * Asks who is in the swarm: members, counts of light nodes and a page of them.
     *
     * @param after the number after which the page begins; 0 at first
     * @param limit 0 to {@value #PAGE_MAX}
     * @param kind only light nodes of this class, by its letter; empty for all
     */
    @Wire(value = "nodes.look", reach = Reach.THIS_NODE)
    record Look(int after, int limit, String kind) implements Nodes, Request<Seen> {
        public Look {
            if (after < 0 || after > NodeId.MAX) {
                throw new IllegalArgumentException("after: " + after + " (expected: 0 to " + NodeId.MAX + ")");
            }
            if (limit < 0 || limit > PAGE_MAX) {
                throw new IllegalArgumentException("limit: " + limit + " (expected: 0 to " + PAGE_MAX + ")");
            }
            if (!kind.isEmpty()) {
                NodeClass.of(kind);
            }
        }
    }

    /**
     * Who is in the swarm.
     *
     * @param swarm the cluster's name; empty when the node is alone
     * @param hub the member that coordinates: the lowest one that is ready
     * @param core the members, and the places with a name that nobody has taken
     * @param counts of light nodes, by class
     * @param nodes a page of light nodes
     * @param next the cursor of the page that follows; 0 at the end
     */
    @Wire("nodes.seen")
    record Seen(
            String swarm,
            String hub,
            List<Node> core,
            List<Count> counts,
            List<Node> nodes,
            int next,
            int beatsPerSecond,
            int intervalMillis)
            implements Nodes {
        public Seen {
            Objects.requireNonNull(swarm, "swarm");
            Objects.requireNonNull(hub, "hub");
            core = List.copyOf(core);
            counts = List.copyOf(counts);
            nodes = List.copyOf(nodes);
        }
    }

    /** How many light nodes of a class are registered, and how they do; who is in none of the three was never seen. */
    record Count(NodeClass kind, int registered, int live, int suspect, int dead) {
        public Count {
            Objects.requireNonNull(kind, "kind");
        }
    }

    /**
     * One node.
     *
     * @param mode of a light node; empty for members
     * @param sinceSeconds when a member started, or a light node was registered, in seconds since 1970; 0 unknown
     * @param seenSeconds the last heartbeat that is known, in seconds since 1970; 0 none
     * @param home the member that it beats at; of a member its address
     * @param twinOf the number of the node with the same fingerprint; 0 none
     */
    record Node(
            NodeId node,
            String mode,
            List<String> roles,
            State state,
            long sinceSeconds,
            long seenSeconds,
            String home,
            int loadPercent,
            int twinOf,
            String release) {
        public Node {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(mode, "mode");
            roles = List.copyOf(roles);
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(home, "home");
            Objects.requireNonNull(release, "release");
        }
    }

    /** Asks for one node; {@link Fault.Kind#ABSENT} when its number is vacant. */
    @Wire(value = "nodes.find", reach = Reach.THIS_NODE)
    record Find(NodeId node) implements Nodes, Request<Found> {
        public Find {
            Objects.requireNonNull(node, "node");
        }
    }

    /** The node that was asked for. */
    @Wire("nodes.found")
    record Found(Node node) implements Nodes {
        public Found {
            Objects.requireNonNull(node, "node");
        }
    }

    /** Asks for the public keys of a node. */
    @Wire(value = "nodes.keys", reach = Reach.THIS_NODE)
    record Keys(NodeId node) implements Nodes, Request<Keyring> {
        public Keys {
            Objects.requireNonNull(node, "node");
        }
    }

    /** The public keys of a node. */
    @Wire("nodes.keyring")
    record Keyring(NodeId node, PublicKeys keys) implements Nodes {
        public Keyring {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(keys, "keys");
        }
    }

    /** Asks a member for its own public keys. */
    @Wire(value = "nodes.card", reach = Reach.NAMED_NODE)
    record Card(NodeNumber node) implements Nodes, Request<Keyring> {
        public Card {
            Objects.requireNonNull(node, "node");
        }
    }

    /** What a member sees of the light nodes that beat at it, told to the others on a timer, never for one node. */
    @Wire("nodes.digest")
    record Digest(NodeNumber from, List<Count> counts, int beatsPerSecond) implements Nodes, Event {
        public Digest {
            Objects.requireNonNull(from, "from");
            counts = List.copyOf(counts);
        }
    }

    private static void bounded(String name, String text, int charsMax) {
        if (text.length() > charsMax) {
            throw new IllegalArgumentException(
                    name + ": " + text.length() + " characters (expected: at most " + charsMax + ")");
        }
    }
}
