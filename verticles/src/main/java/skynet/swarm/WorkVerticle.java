package skynet.swarm;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.NodeId;
import skynet.bus.NodeNumber;
import skynet.bus.Nodes;
import skynet.bus.Principal;
import skynet.bus.Work;
import skynet.kit.Room;
import skynet.kit.Vitals;

/**
 * Gives work to light nodes that an operator granted to compute: to those that are attached here, or through the member to
 * which an idle one is attached. Whoever asks does the work itself when nobody can, or says so in time. A grant that is taken
 * back ends what its node has at once on all members that hear it, and within {@value #LOOK_MILLIS} ms on those that do not.
 */
public final class WorkVerticle extends Room {
    static final long LOOK_MILLIS = 5_000;

    /** What another member said of its hands is believed for so long. */
    static final long BELIEVED_MILLIS = 3 * LOOK_MILLIS;

    /** How much longer than a job the way to another member and back may take. */
    private static final int WAY_MILLIS = 250;

    private final GrantStore store;
    private final InstantSource clock;
    private final NodeNumber self;
    private final Vitals vitals;
    private final Hands hands = new Hands();
    private final Map<String, Promise<Work.Done>> waiting = new HashMap<>();
    private final Map<NodeNumber, Heard> others = new TreeMap<>();
    private long jobs;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private long changes;

    /** What another member said of its hands, and when. */
    private record Heard(List<Work.Hand> hands, long atMillis) {}

    public WorkVerticle(Bus bus, GrantStore store, InstantSource clock, NodeNumber self, Vitals vitals) {
        super(bus);
        this.store = store;
        this.clock = clock;
        this.self = self;
        this.vitals = vitals;
    }

    @Override
    public Future<?> start() {
        vitals.check("compute", () -> Future.succeededFuture(figures()));
        vertx.setPeriodic(LOOK_MILLIS, tick -> {
            tell();
            look();
        });
        return Future.all(List.of(
                bus.listen(Work.Hands.class, heard -> context.runOnContext(now -> hear(heard))),
                bus.listen(Work.Changed.class, changed -> context.runOnContext(now -> changed(changed.node()))),
                bus.listen(Nodes.Gone.class, gone -> context.runOnContext(now -> changed(gone.node()))),
                bus.serve(Work.Seek.class, this::seek),
                bus.serve(Work.Compute.class, ask -> compute(ask.question(), ask.passages(), ask.millis())),
                bus.serve(Work.Attach.class, this::attach),
                bus.serve(Work.Detach.class, this::detach),
                bus.serve(Work.Deliver.class, this::deliver),
                bus.serve(Work.Strike.class, this::strike),
                bus.serve(Work.Grant.class, this::grant),
                bus.serve(Work.Look.class, this::standings)));
    }

    /** Jobs that light nodes attached here did; for figures, from any thread. */
    public long done() {
        return done.get();
    }

    /** Jobs that they did not do in time. */
    public long late() {
        return late.get();
    }

    /** Answers that were none. */
    public long refused() {
        return refused.get();
    }

    private Future<Work.Done> seek(Work.Seek asked) {
        return compute(asked.question(), asked.passages(), asked.millis())
                .recover(failure -> isBusy(failure) ? elsewhere(asked) : Future.failedFuture(failure));
    }

    private static boolean isBusy(Throwable failure) {
        return failure instanceof Fault fault && fault.kind() == Fault.Kind.BUSY;
    }

    /** Asks the member that had the most idle hands when it was last heard; one only, for the asker waits. */
    private Future<Work.Done> elsewhere(Work.Seek asked) {
        long now = clock.millis();
        NodeNumber best = null;
        int most = 0;
        for (Map.Entry<NodeNumber, Heard> other : others.entrySet()) {
            int free = now - other.getValue().atMillis() > BELIEVED_MILLIS
                    ? 0
                    : other.getValue().hands().stream()
                            .mapToInt(hand -> hand.slots() - hand.busy())
                            .sum();
            if (free > most) {
                most = free;
                best = other.getKey();
            }
        }
        return best == null
                ? Future.failedFuture(nobody())
                : bus.ask(
                        new Work.Compute(asked.question(), asked.passages(), asked.millis()),
                        best,
                        Duration.ofMillis(asked.millis() + WAY_MILLIS));
    }

    private Future<Work.Done> compute(String question, List<Work.Passage> passages, int millis) {
        String job = Long.toString(++jobs);
        return hands.give(job)
                .map(given -> {
                    Promise<Work.Done> promise = Promise.promise();
                    waiting.put(job, promise);
                    long timer = vertx.setTimer(millis, rung -> expire(job, given.node(), millis));
                    bus.tell(new Work.Job(given.node(), given.session(), job, question, passages, millis), bus.self());
                    return promise.future().onComplete(ended -> vertx.cancelTimer(timer));
                })
                .orElseGet(() -> Future.failedFuture(nobody()));
    }

    private void expire(String job, NodeId node, int millis) {
        Promise<Work.Done> promise = waiting.remove(job);
        if (promise != null) {
            late.incrementAndGet();
            promise.fail(new Fault(Fault.Kind.LATE, node + ": did not answer (expected: within " + millis + " ms)"));
        }
    }

    private static Fault nobody() {
        return new Fault(Fault.Kind.BUSY, "light nodes: none is idle (expected: one that is attached and granted)");
    }

    private Future<Work.Attached> attach(Work.Attach asked) {
        if (hands.count() >= Work.HANDS_MAX) {
            return Future.failedFuture(new Fault(
                    Fault.Kind.BUSY, "light nodes: " + Work.HANDS_MAX + " are attached (expected: another member)"));
        }
        NodeId node = asked.node();
        long before = changes;
        return store.grants(List.of(node)).compose(grants -> {
            if (changes != before) {
                return attach(asked);
            }
            String refusal = refusal(node, grants);
            if (!refusal.isEmpty()) {
                return Future.failedFuture(new Fault(Fault.Kind.DENIED, refusal));
            }
            hands.session(node).ifPresent(session -> dismiss(node, session, "it came again"));
            long session = hands.attach(node, asked.slots());
            tell();
            return Future.succeededFuture(new Work.Attached(node, session));
        });
    }

    /** Why a node is given nothing; empty when it may be. */
    private static String refusal(NodeId node, Map<NodeId, GrantStore.Grant> grants) {
        GrantStore.Grant grant = grants.get(node);
        if (grant == null) {
            return node + ": not granted to compute (expected: an operator says skynet swarm grant " + node
                    + " compute)";
        }
        return grant.holds()
                ? ""
                : node + ": " + grant.strikes() + " answers that were none, the last for " + grant.strike()
                        + " (expected: fewer than " + Work.STRIKES_MAX + "; an operator may grant it anew)";
    }

    private Future<Work.Noted> detach(Work.Detach gone) {
        if (hands.session(gone.node())
                .filter(session -> session == gone.session())
                .isPresent()) {
            release(gone.node(), gone.session(), "is gone");
        }
        return Future.succeededFuture(new Work.Noted());
    }

    /** What a node had is nobody's now: its askers do it themselves. */
    private void release(NodeId node, long session, String why) {
        hands.detach(node, session).forEach(job -> {
            Promise<Work.Done> promise = waiting.remove(job);
            if (promise != null) {
                promise.fail(new Fault(Fault.Kind.UNAVAILABLE, node + ": " + why + " (expected: an answer)"));
            }
        });
        tell();
    }

    private void dismiss(NodeId node, long session, String why) {
        release(node, session, "was let go");
        bus.tell(new Work.Dismissed(node, session, why), bus.self());
    }

    private Future<Work.Noted> deliver(Work.Deliver said) {
        boolean failed = !said.failure().isEmpty();
        if (!hands.take(said.node(), said.session(), said.id(), !failed)) {
            return Future.failedFuture(Fault.absent("id: no job of " + said.node()));
        }
        Promise<Work.Done> promise = waiting.remove(said.id());
        if (promise == null) {
            return Future.succeededFuture(new Work.Noted());
        }
        if (failed) {
            promise.fail(new Fault(Fault.Kind.UNAVAILABLE, said.node() + ": could not do it"));
        } else {
            done.incrementAndGet();
            promise.complete(new Work.Done(said.node(), said.answered(), said.quotes()));
        }
        return Future.succeededFuture(new Work.Noted());
    }

    private Future<Work.Struck> strike(Work.Strike strike) {
        refused.incrementAndGet();
        return store.strike(strike.node(), strike.reason()).map(strikes -> {
            if (strikes.orElse(Work.STRIKES_MAX) >= Work.STRIKES_MAX) {
                bus.publish(new Work.Changed(strike.node()));
            }
            return new Work.Struck(strike.node(), strikes.orElse(0));
        });
    }

    private Future<Work.Granted> grant(Work.Grant asked) {
        Principal by = asked.by();
        NodeId node = asked.node();
        if (!by.may(NodesVerticle.ADMINISTER)) {
            throw new Fault(
                    Fault.Kind.DENIED, "scope: " + NodesVerticle.ADMINISTER + " is not among those of this token");
        }
        Future<Boolean> change =
                asked.allowed() ? store.grant(node, by.user().isEmpty() ? by.tenant() : by.user()) : store.revoke(node);
        return change.compose(changed -> changed || !asked.allowed()
                        ? Future.succeededFuture()
                        : store.mode(node).map(mode -> {
                            throw mode.<Fault>map(other -> new Fault(
                                            Fault.Kind.CONFLICT,
                                            node + ": registered in mode " + other + " (expected: compute)"))
                                    .orElseGet(() -> Fault.absent(node + ": vacant"));
                        }))
                .map(granted -> {
                    bus.publish(new Work.Changed(node));
                    return new Work.Granted(node, asked.allowed());
                });
    }

    private Future<Work.Seen> standings(Work.Look asked) {
        return store.grants(asked.nodes()).map(grants -> {
            Map<NodeId, Work.Standing> attached = attached();
            List<Work.Standing> standings = new ArrayList<>();
            for (NodeId node : asked.nodes()) {
                GrantStore.Grant grant = grants.get(node);
                Work.Standing at = attached.get(node);
                if (grant != null || at != null) {
                    standings.add(new Work.Standing(
                            node,
                            grant != null,
                            grant == null ? 0 : grant.strikes(),
                            grant == null ? "" : grant.strike(),
                            at == null ? "" : at.home(),
                            at == null ? 0 : at.slots(),
                            at == null ? 0 : at.busy(),
                            at == null ? 0 : at.done()));
                }
            }
            return new Work.Seen(standings);
        });
    }

    /** Where each node is attached that is attached anywhere, as far as it is known here. */
    private Map<NodeId, Work.Standing> attached() {
        Map<NodeId, Work.Standing> attached = new HashMap<>();
        others.forEach((number, heard) -> {
            if (clock.millis() - heard.atMillis() <= BELIEVED_MILLIS) {
                heard.hands().forEach(hand -> attached.put(hand.node(), standing(hand, number)));
            }
        });
        hands.all().forEach(hand -> attached.put(hand.node(), standing(hand, self)));
        return attached;
    }

    private static Work.Standing standing(Work.Hand hand, NodeNumber home) {
        return new Work.Standing(hand.node(), false, 0, "", home.toString(), hand.slots(), hand.busy(), hand.done());
    }

    private void tell() {
        bus.publish(new Work.Hands(self, hands.all()));
    }

    private void hear(Work.Hands heard) {
        if (!heard.from().equals(self)) {
            others.put(heard.from(), new Heard(heard.hands(), clock.millis()));
            others.values().removeIf(other -> clock.millis() - other.atMillis() > BELIEVED_MILLIS);
        }
    }

    private void changed(NodeId node) {
        changes++;
        hands.session(node).ifPresent(session -> check(List.of(node)));
    }

    /** Looks whether all that are attached still may be: a change may not have been heard. */
    private void look() {
        if (hands.count() > 0) {
            check(hands.all().stream().map(Work.Hand::node).toList());
        }
    }

    private void check(List<NodeId> nodes) {
        store.grants(nodes)
                .onSuccess(grants -> nodes.forEach(node -> {
                    String refusal = refusal(node, grants);
                    if (!refusal.isEmpty()) {
                        hands.session(node).ifPresent(session -> dismiss(node, session, refusal));
                    }
                }));
    }

    private JsonObject figures() {
        return new JsonObject()
                .put("attached", hands.count())
                .put("waiting", waiting.size())
                .put("done", done.get())
                .put("late", late.get())
                .put("refused", refused.get());
    }
}
