package skynet.swarm;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import skynet.bus.Bus;
import skynet.bus.Crypto;
import skynet.bus.Fault;
import skynet.bus.Mesh;
import skynet.bus.NodeClass;
import skynet.bus.NodeId;
import skynet.bus.NodeNumber;
import skynet.bus.Nodes;
import skynet.bus.Principal;
import skynet.bus.Swarm;
import skynet.kit.Allowance;
import skynet.kit.Duty;
import skynet.kit.Fence;
import skynet.kit.Room;
import skynet.kit.Vitals;

/**
 * Registers light nodes, hears their heartbeats and tells who lives. A node's presence is kept by the member at which it
 * beats: it has chosen that door already, so a beat crosses no bus, and a member that dies takes the presence of nobody
 * else with it. What each knows is told to the others as counts, on a timer; when a node moves, the member that it left
 * finds out as soon as it misses it, from the database, where the last heartbeat is written at most once a minute.
 */
public final class NodesVerticle extends Room {
    /** The right to take out others and to grant numbers of class S. */
    static final String ADMINISTER = "swarm:admin";

    /** Nodes written down by one statement. */
    static final int WRITE_MAX = 5_000;

    /** All pages are swept in this time. */
    static final long ROUND_MILLIS = 8_000;

    static final long SWEEP_MILLIS = 250;

    private static final long DIGEST_MILLIS = 5_000;
    private static final Duration MEMBERS = Duration.ofSeconds(2);

    private final NodeStore store;
    private final Pace pace;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final NodeNumber self;
    private final Vitals vitals;
    private final Digests digests = new Digests();
    private volatile Presence presence;
    private Allowance admission;
    private Registrars registrars;
    private Lookups lookups;
    private Duty hub;
    private boolean writing;
    private int beats;
    private int beatsPerSecond;

    /** A registry whose tokens and pauses are drawn from {@code random}, which is to be a secure one. */
    public NodesVerticle(
            Bus bus,
            NodeStore store,
            int beatsPerSecondMax,
            InstantSource clock,
            RandomGenerator random,
            NodeNumber self,
            Vitals vitals) {
        super(bus);
        this.store = store;
        this.pace = new Pace(beatsPerSecondMax);
        this.clock = clock;
        this.random = random;
        this.self = self;
        this.vitals = vitals;
    }

    @Override
    public Future<?> start() {
        presence = new Presence(seconds());
        admission = new Allowance(pace.beatsPerSecondMax(), pace.beatsPerSecondMax());
        registrars = new Registrars();
        lookups = new Lookups(vertx, store::hashes);
        hub = new Duty(bus, vertx, Mesh.HUB, clock);
        vitals.check("swarm", () -> Future.succeededFuture(figures()));
        vertx.setPeriodic(SWEEP_MILLIS, tick -> sweep());
        vertx.setPeriodic(DIGEST_MILLIS, tick -> tell());
        return Future.all(List.of(
                bus.listen(
                        Nodes.Gone.class,
                        gone -> context.runOnContext(now -> forget(gone.node().value()))),
                bus.listen(Nodes.Renewed.class, renewed -> context.runOnContext(now -> hear(renewed))),
                bus.listen(Nodes.Digest.class, digest -> context.runOnContext(now -> hear(digest))),
                bus.serve(Nodes.Register.class, this::register),
                bus.serve(Nodes.Remove.class, this::remove),
                bus.serve(Nodes.Verify.class, this::verify),
                bus.serve(Nodes.Beat.class, this::beat),
                bus.serve(Nodes.Look.class, this::look),
                bus.serve(Nodes.Find.class, this::find),
                bus.serve(Nodes.Keys.class, this::keys),
                bus.serve(Nodes.Card.class, card -> card())));
    }

    /** How many nodes of a class that beat here are in a state, as the last sweep counted; for figures, from any thread. */
    public int count(NodeClass kind, Nodes.State state) {
        Presence here = presence;
        return here == null ? 0 : here.count(kind, state);
    }

    private Future<Nodes.Registered> register(Nodes.Register asked) {
        if (asked.kind() == NodeClass.CORE) {
            throw new IllegalArgumentException(
                    "class: core (expected: S, D or M; members are numbered by their settings)");
        }
        if (asked.kind() == NodeClass.S && !asked.by().may(ADMINISTER)) {
            throw new Fault(
                    Fault.Kind.DENIED, "class: S is granted by an admin (expected: D or M, or " + ADMINISTER + ")");
        }
        return hub.perform(asked, fence -> register(asked, fence));
    }

    /** Only where the role of the hub is: numbers are given by one node at a time. */
    private Future<Nodes.Registered> register(Nodes.Register asked, Fence fence) {
        if (!registrars.admit(asked.address(), clock.millis())) {
            throw new Fault(
                    Fault.Kind.THROTTLED,
                    "registrations: too many (expected: one in " + Registrars.ADDRESS_SECONDS + " s, "
                            + Registrars.ADDRESS_AT_ONCE + " at once)");
        }
        return vertx.executeBlocking(() -> Proof.of(asked, seconds()), false)
                .compose(proof -> store.register(asked, proof, fence, node -> NodeToken.mint(node, random)))
                .map(kept -> {
                    ByteBuffer hash = ByteBuffer.wrap(kept.token().sha256());
                    lookups.forget(kept.node().value());
                    presence.admit(kept.node().value(), hash.getLong(), hash.getLong(), asked.mode(), seconds());
                    if (kept.again()) {
                        bus.publish(new Nodes.Renewed(self, kept.node()));
                    }
                    return new Nodes.Registered(
                            kept.node(), asked.mode(), kept.token().text(), kept.again(), kept.twin(), next());
                });
    }

    private Future<Nodes.Removed> remove(Nodes.Remove asked) {
        boolean own = asked.by().user().equals(asked.node().toString());
        boolean admin = asked.by().may(ADMINISTER);
        if (!own && !admin) {
            throw Fault.absent(asked.node() + ": not a node of yours");
        }
        if (!own && !asked.by().provedAt(seconds())) {
            throw new Fault(
                    Fault.Kind.DENIED,
                    "node: another's (expected: a second factor shown within " + Principal.PROOF_SECONDS + " s)");
        }
        return store.remove(asked.node(), !own).map(removed -> {
            if (!removed) {
                throw Fault.absent(asked.node() + ": vacant");
            }
            forget(asked.node().value());
            bus.publish(new Nodes.Gone(asked.node()));
            return new Nodes.Removed(asked.node());
        });
    }

    private Future<Nodes.Verified> verify(Nodes.Verify asked) {
        NodeToken token = NodeToken.read(asked.token()).orElseThrow(NodesVerticle::unknown);
        byte[] sha256 = token.sha256();
        ByteBuffer hash = ByteBuffer.wrap(sha256);
        long high = hash.getLong();
        long low = hash.getLong();
        int number = token.node().value();
        if (presence.knows(number, high, low)) {
            return Future.succeededFuture(new Nodes.Verified(token.node(), presence.mode(number)));
        }
        return lookups.hash(number).map(found -> {
            NodeStore.Hash kept = found.filter(
                            one -> MessageDigest.isEqual(one.sha256().getBytes(), sha256))
                    .orElseThrow(NodesVerticle::unknown);
            presence.admit(number, high, low, kept.mode(), seconds());
            return new Nodes.Verified(token.node(), kept.mode());
        });
    }

    private Future<Nodes.Beaten> beat(Nodes.Beat beat) {
        int next = next();
        // Asked first, so that one node that never rests takes no place from the others.
        if (presence.isEarly(beat.node().value(), seconds())
                || !admission.take(TimeUnit.MILLISECONDS.toNanos(clock.millis()))) {
            return Future.succeededFuture(new Nodes.Beaten(false, next));
        }
        if (!presence.beat(beat.node().value(), seconds(), next, beat.loadPercent())) {
            throw unknown();
        }
        beats++;
        return Future.succeededFuture(new Nodes.Beaten(true, next));
    }

    private Future<Nodes.Seen> look(Nodes.Look asked) {
        NodeClass first = asked.kind().isEmpty() ? NodeClass.S : NodeClass.of(asked.kind());
        NodeClass last = asked.kind().isEmpty() ? NodeClass.M : first;
        Future<Swarm.Roster> members = bus.ask(new Swarm.Members(), MEMBERS);
        Future<List<Nodes.Node>> page = asked.limit() == 0
                ? Future.succeededFuture(List.of())
                : store.page(asked.after(), first, last, asked.limit());
        Future<Map<NodeClass, Integer>> tallies = store.tallies();
        Future<Mesh.Held> held = bus.ask(new Mesh.Hold(Mesh.HUB));
        return Future.all(members, page, tallies, held)
                .map(all ->
                        seen(members.result(), held.result().holder(), page.result(), tallies.result(), asked.limit()));
    }

    private Nodes.Seen seen(
            Swarm.Roster roster, int holder, List<Nodes.Node> page, Map<NodeClass, Integer> tallies, int limit) {
        return new Nodes.Seen(
                roster.cluster(),
                holder == 0 ? "" : new NodeNumber(holder).toString(),
                core(roster),
                counts(tallies),
                page.stream().map(this::fresh).toList(),
                limit == 0 || page.size() < limit
                        ? 0
                        : page.get(page.size() - 1).node().value(),
                beatsPerSecond + digests.beatsPerSecond(),
                pace.intervalMillis(presence.known()));
    }

    private List<Nodes.Node> core(Swarm.Roster roster) {
        Map<NodeId, Nodes.Node> core = new TreeMap<>();
        for (int place = 1; place <= NodeClass.CORE.last(); place++) {
            NodeId node = new NodeId(place);
            if (Roles.planned(node)) {
                core.put(node, new Nodes.Node(node, "", Roles.of(node), Nodes.State.PLANNED, 0, 0, "", 0, 0, ""));
            }
        }
        roster.members().forEach(member -> {
            NodeId node = new NodeId(member.number().value());
            core.put(
                    node,
                    new Nodes.Node(
                            node,
                            "",
                            Roles.of(node),
                            state(member.state()),
                            member.since(),
                            0,
                            member.address(),
                            0,
                            0,
                            member.release()));
        });
        return List.copyOf(core.values());
    }

    private static Nodes.State state(Swarm.State state) {
        return switch (state) {
            case JOINING -> Nodes.State.JOINING;
            case READY -> Nodes.State.LIVE;
            case LEAVING -> Nodes.State.LEAVING;
            case SILENT -> Nodes.State.SUSPECT;
        };
    }

    private Future<Nodes.Found> find(Nodes.Find asked) {
        NodeId node = asked.node();
        if (node.value() > NodeNumber.MAX) {
            return light(node);
        }
        return bus.ask(new Swarm.Members(), MEMBERS).compose(roster -> core(roster).stream()
                .filter(one -> one.node().equals(node))
                .findFirst()
                .map(one -> Future.succeededFuture(new Nodes.Found(one)))
                .orElseGet(() -> light(node)));
    }

    private Future<Nodes.Found> light(NodeId node) {
        return store.one(node)
                .map(found -> new Nodes.Found(fresh(found.orElseThrow(() -> Fault.absent(node + ": vacant")))));
    }

    private Future<Nodes.Keyring> keys(Nodes.Keys asked) {
        NodeId node = asked.node();
        if (node.value() == self.value()) {
            return card();
        }
        if (node.value() > NodeNumber.MAX) {
            return keyring(node);
        }
        NodeNumber number = new NodeNumber(node.value());
        return bus.ask(new Swarm.Members(), MEMBERS)
                .compose(roster -> roster.members().stream()
                                .anyMatch(member -> member.number().equals(number))
                        ? bus.ask(new Nodes.Card(number), number, MEMBERS)
                        : keyring(node));
    }

    private Future<Nodes.Keyring> keyring(NodeId node) {
        return store.keys(node)
                .map(keys -> new Nodes.Keyring(
                        node, keys.orElseThrow(() -> Fault.absent(node + ": no keys of it are known"))));
    }

    /** This member's own keys. */
    private Future<Nodes.Keyring> card() {
        return bus.ask(new Crypto.Identity())
                .map(own -> new Nodes.Keyring(
                        new NodeId(self.value()), new Nodes.PublicKeys(own.ed25519(), own.mlDsa65(), own.xWing())));
    }

    /** What is known here is newer than what was written down. */
    private Nodes.Node fresh(Nodes.Node node) {
        int number = node.node().value();
        long seen = presence.seenSeconds(number);
        return seen < node.seenSeconds() || seen == 0
                ? node
                : new Nodes.Node(
                        node.node(),
                        node.mode(),
                        node.roles(),
                        presence.state(number, seconds()),
                        node.sinceSeconds(),
                        seen,
                        self.toString(),
                        presence.loadPercent(number),
                        node.twinOf(),
                        node.release());
    }

    private List<Nodes.Count> counts(Map<NodeClass, Integer> registered) {
        Map<NodeClass, int[]> elsewhere = digests.sums(seconds());
        List<Nodes.Count> counts = new ArrayList<>();
        for (Nodes.Count here : own()) {
            int[] more = elsewhere.getOrDefault(here.kind(), new int[3]);
            counts.add(new Nodes.Count(
                    here.kind(),
                    registered.getOrDefault(here.kind(), 0),
                    here.live() + more[0],
                    here.suspect() + more[1],
                    here.dead() + more[2]));
        }
        return counts;
    }

    /** The counts of the nodes that beat here. */
    private List<Nodes.Count> own() {
        List<Nodes.Count> own = new ArrayList<>();
        for (NodeClass kind : List.of(NodeClass.S, NodeClass.D, NodeClass.M)) {
            own.add(new Nodes.Count(
                    kind,
                    0,
                    presence.count(kind, Nodes.State.LIVE),
                    presence.count(kind, Nodes.State.SUSPECT),
                    presence.count(kind, Nodes.State.DEAD)));
        }
        return own;
    }

    private void tell() {
        beatsPerSecond = (int) (beats * 1_000L / DIGEST_MILLIS);
        beats = 0;
        bus.publish(new Nodes.Digest(self, own(), beatsPerSecond));
    }

    private void hear(Nodes.Digest digest) {
        if (!digest.from().equals(self)) {
            digests.hear(digest, seconds());
        }
    }

    private void hear(Nodes.Renewed renewed) {
        if (!renewed.from().equals(self)) {
            forget(renewed.node().value());
        }
    }

    /** Knows a node's token no more, also when the database is just about to tell the one of before. */
    private void forget(int number) {
        lookups.forget(number);
        presence.forget(number);
    }

    /** Goes on with the sweep; what is due is written down by one statement at a time, or stays due. */
    private void sweep() {
        NodeStore.Beats due = new NodeStore.Beats();
        int pages = (int) (presence.pagesUsed() * SWEEP_MILLIS / ROUND_MILLIS) + 1;
        presence.sweep(seconds(), pages, (number, seen, interval, load) -> {
            if (writing || due.numbers().size() >= WRITE_MAX) {
                return false;
            }
            due.add(number, seen, Math.max(1, interval), load);
            return true;
        });
        if (!due.numbers().isEmpty()) {
            writing = true;
            store.see(self.value(), due)
                    .onSuccess(written -> settle(due, written))
                    .onFailure(failure -> due.numbers().forEach(presence::unwritten))
                    .onComplete(done -> writing = false);
        }
    }

    /** Who was not written down is registered no more, or beats at another member now. */
    private void settle(NodeStore.Beats due, List<Integer> written) {
        if (written.size() < due.numbers().size()) {
            List<Integer> lost = new ArrayList<>(due.numbers());
            lost.removeAll(new HashSet<>(written));
            lost.forEach(presence::forget);
        }
    }

    private JsonObject figures() {
        return new JsonObject()
                .put("nodes", presence.known())
                .put("bytes", presence.bytes())
                .put("beats_per_second", beatsPerSecond)
                .put("beats_per_second_max", pace.beatsPerSecondMax())
                .put("interval", String.format(Locale.ROOT, "%d s", pace.intervalMillis(presence.known()) / 1_000));
    }

    private int next() {
        return pace.nextMillis(presence.known(), random.nextDouble());
    }

    private long seconds() {
        return Math.floorDiv(clock.millis(), 1_000L);
    }

    private static Fault unknown() {
        return new Fault(
                Fault.Kind.UNAUTHENTICATED,
                "token: of no registered node (expected: one from POST /v1/nodes/register)");
    }
}
