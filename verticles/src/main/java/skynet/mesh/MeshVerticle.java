package skynet.mesh;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Mesh;
import skynet.bus.NodeNumber;
import skynet.kit.Room;
import skynet.kit.Vitals;

/**
 * Takes roles, keeps them and gives them back, and tells who has which. At most one node acts in a role: it stops by its own
 * monotonic clock before the lease can end, and what it sent before is refused by its epoch (see {@link skynet.kit.Fence}).
 */
public final class MeshVerticle extends Room {
    private static final Logger LOG = LoggerFactory.getLogger(MeshVerticle.class);
    private static final long TICK_MILLIS = 50;
    private static final Duration RELEASE_MAX = Duration.ofSeconds(1);
    private static final long LOOK_MILLIS_MAX = 2_000;

    private final LeaseStore store;
    private final NodeNumber self;
    private final List<NodeNumber> chain;
    private final LongSupplier millis;
    private final Vitals vitals;
    private final Map<String, Tenure> tenures = new LinkedHashMap<>();
    private final Map<String, Boolean> held = new LinkedHashMap<>();
    private final LongAdder takeovers = new LongAdder();
    private final LongAdder demotions = new LongAdder();
    private long startedAt;
    private boolean drained;

    /**
     * @param chain the numbers of the nodes that stand in for each other, the first one first
     * @param nanos a monotonic clock, such as {@link System#nanoTime}
     */
    public MeshVerticle(
            Bus bus, LeaseStore store, NodeNumber self, List<Integer> chain, LongSupplier nanos, Vitals vitals) {
        super(bus);
        this.store = store;
        this.self = self;
        this.chain = chain.stream().map(NodeNumber::new).toList();
        this.millis = () -> TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong());
        this.vitals = vitals;
        int place = this.chain.contains(self) ? this.chain.indexOf(self) : this.chain.size();
        for (String role : Mesh.ROLES) {
            tenures.put(role, new Tenure(store, role, self.value(), place));
            held.put(role, false);
        }
    }

    @Override
    public Future<?> start() {
        startedAt = millis.getAsLong();
        vitals.check("mesh", this::vital);
        vertx.setPeriodic(TICK_MILLIS, tick -> tick());
        return Future.all(
                bus.serve(Mesh.Look.class, ask -> view()),
                bus.serve(Mesh.Hold.class, this::held),
                bus.listen(Mesh.Released.class, given -> context.runOnContext(now -> hurry(given.role()))));
    }

    /** Gives all roles back, unless a drain has done so before. */
    @Override
    public Future<?> stop() {
        return release();
    }

    /** How many times this node took a role. */
    public long takeovers() {
        return takeovers.sum();
    }

    /** How many times it stopped acting in one without giving it back. */
    public long demotions() {
        return demotions.sum();
    }

    /** In how many roles it acts now. */
    public long roles() {
        long now = millis.getAsLong();
        return tenures.values().stream().filter(tenure -> tenure.holds(now)).count();
    }

    private void tick() {
        if (vitals.draining()) {
            release();
        }
        for (Tenure tenure : tenures.values()) {
            notice(tenure);
            tenure.tick(millis.getAsLong())
                    .onFailure(failure -> LOG.debug("{}: {}", tenure.role(), failure.toString()))
                    .onComplete(done -> notice(tenure));
        }
    }

    /** Tells of what has changed; nothing depends on it. */
    private void notice(Tenure tenure) {
        boolean now = tenure.holds(millis.getAsLong());
        if (now == held.put(tenure.role(), now)) {
            return;
        }
        if (now) {
            takeovers.increment();
            LOG.info("{} takes the role {}, epoch {}", self, tenure.role(), tenure.epoch());
        } else if (drained) {
            LOG.info("{} gives the role {} back", self, tenure.role());
        } else {
            demotions.increment();
            LOG.warn("{} no longer acts as {}: its lease was not renewed in time", self, tenure.role());
        }
    }

    private void hurry(String role) {
        Tenure tenure = tenures.get(role);
        if (tenure != null && !tenure.holds(millis.getAsLong())) {
            tenure.hurry();
        }
    }

    private Future<?> release() {
        if (drained) {
            return Future.succeededFuture();
        }
        drained = true;
        List<Future<?>> given = new ArrayList<>();
        for (Tenure tenure : tenures.values()) {
            if (tenure.holds(millis.getAsLong())) {
                given.add(tenure.release(millis.getAsLong())
                        .onSuccess(free -> bus.publish(new Mesh.Released(tenure.role(), self))));
                notice(tenure);
            } else {
                given.add(tenure.release(millis.getAsLong()));
            }
        }
        return Future.join(given)
                .timeout(RELEASE_MAX.toMillis(), TimeUnit.MILLISECONDS)
                .transform(tried -> Future.succeededFuture());
    }

    private Future<Mesh.Held> held(Mesh.Hold ask) {
        Tenure tenure = tenures.get(ask.role());
        long now = millis.getAsLong();
        return Future.succeededFuture(
                new Mesh.Held(ask.role(), tenure.holder(now), tenure.knownEpoch(now), tenure.holds(now)));
    }

    private Future<Mesh.View> view() {
        return store.all()
                .timeout(LOOK_MILLIS_MAX, TimeUnit.MILLISECONDS)
                .map(leases -> new Mesh.View(self, chain, leases))
                .recover(failure -> Future.failedFuture(new Fault(
                        Fault.Kind.UNAVAILABLE,
                        "mesh: the leases cannot be read now; a node without its database holds no role")));
    }

    private Future<JsonObject> vital() {
        long now = millis.getAsLong();
        long answeredAt = startedAt;
        for (Tenure tenure : tenures.values()) {
            answeredAt = Math.max(answeredAt, tenure.answeredAt());
        }
        long silent = now - answeredAt;
        if (silent > Tenure.TTL_MILLIS) {
            return Future.failedFuture("leases not reached for " + silent / 1_000 + " s: this node holds no role");
        }
        JsonObject roles = new JsonObject();
        tenures.forEach((role, tenure) -> roles.put(
                role,
                new JsonObject()
                        .put("holder", tenure.holder(now))
                        .put("epoch", tenure.knownEpoch(now))
                        .put("here", tenure.holds(now))));
        return Future.succeededFuture(new JsonObject().put("roles", roles));
    }
}
