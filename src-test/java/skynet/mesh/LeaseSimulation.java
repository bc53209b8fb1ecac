package skynet.mesh;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import skynet.bus.Mesh;
import skynet.sim.SimWorld;
import skynet.sim.Weather;

/**
 * Three nodes and the database of their leases in virtual time: nodes die, freeze and are cut off, links lose and delay,
 * clocks run unequally fast. Whoever believes to have the role writes with its epoch, some while after it looked.
 */
final class LeaseSimulation {
    /** What is broken on purpose. */
    enum Plant {
        NONE,
        /** The database takes writes of any epoch. */
        NO_FENCE,
        /** A holder believes until somebody tells it otherwise. */
        NO_DEMOTION,
        /** The database gives a lease to whoever asks, without looking at the one that there is. */
        CLAIM_UNCHECKED,
        /** Nobody ever finds a lease of another to be over. */
        NOBODY_TAKES_OVER
    }

    /** What came of a run. */
    record Outcome(long hash, int writes, int refused, long epoch) {}

    private static final int NODES = 3;
    private static final int DATABASE = NODES + 1;
    private static final long TICK_MILLIS = 50;
    private static final long WRITE_MILLIS = 80;
    private static final long TROUBLE_MILLIS = 60_000;
    /** A healthy majority has a holder within this time. */
    private static final long LEADER_MILLIS_MAX = 10_000;

    private static final long DRIFT_PERMILLE_MAX = 10;

    private final SimWorld world;
    private final Plant plant;
    private final Tenure[] tenures = new Tenure[NODES + 1];
    private final long[] driftPermille = new long[NODES + 1];
    private Row row;
    private long lastEpoch;
    private int writes;
    private int refused;
    private int lastWriter;
    private boolean lostForGood;

    /** The only row, with the end of the lease by the database's clock. */
    private record Row(int holder, long epoch, long expires) {}

    LeaseSimulation(long seed, Plant plant, boolean readable) {
        this.world = new SimWorld(seed, DATABASE, readable);
        this.plant = plant;
    }

    String trace() {
        return world.trace().tail();
    }

    Outcome run() {
        world.weather(Weather.of(world.random()));
        for (int node = 1; node <= NODES; node++) {
            driftPermille[node] = world.random().nextLong(-DRIFT_PERMILLE_MAX, DRIFT_PERMILLE_MAX + 1);
            begin(node);
        }
        int troubles = world.random().nextInt(12);
        for (int trouble = 0; trouble < troubles; trouble++) {
            world.after(0, world.random().nextLong(TROUBLE_MILLIS), this::trouble);
        }
        world.run(TROUBLE_MILLIS, () -> false);
        world.calm();
        world.run(TROUBLE_MILLIS + 5_000, () -> false);
        int alive = 0;
        for (int node = 1; node <= NODES; node++) {
            alive += world.isAlive(node) && !world.isFrozen(node) ? 1 : 0;
        }
        if (alive >= 2 && !world.run(world.now() + LEADER_MILLIS_MAX, () -> holders() == 1)) {
            throw new AssertionError(
                    "no holder within " + LEADER_MILLIS_MAX + " ms although " + alive + " nodes are well");
        }
        return new Outcome(world.trace().hash(), writes, refused, row == null ? 0 : row.epoch());
    }

    private void begin(int node) {
        tenures[node] = new Tenure(new SimStore(node), Mesh.HUB, node, node - 1);
        world.after(node, world.random().nextInt((int) TICK_MILLIS), () -> tick(node));
        world.after(node, world.random().nextInt((int) WRITE_MILLIS), () -> write(node));
    }

    private void tick(int node) {
        tenures[node].tick(clock(node));
        if (believes(node) && holders() > 1) {
            throw new AssertionError(world.now() + ": " + holders() + " nodes act in one role");
        }
        world.after(node, TICK_MILLIS, () -> tick(node));
    }

    /** Looks whether it may, and writes a little later: it may have been frozen in between. */
    private void write(int node) {
        if (believes(node)) {
            long epoch = tenures[node].epoch();
            world.after(node, world.random().nextInt(30), () -> world.send(node, DATABASE, () -> write(node, epoch)));
        }
        world.after(node, WRITE_MILLIS, () -> write(node));
    }

    /** The guarded write as the database sees it. */
    private void write(int node, long epoch) {
        if (plant != Plant.NO_FENCE && epoch != row.epoch()) {
            refused++;
            world.trace().note(world.now(), "fenced", node, epoch);
            return;
        }
        if (epoch < lastEpoch) {
            throw new AssertionError(
                    world.now() + ": NOD" + node + " wrote in epoch " + epoch + " after a write of epoch " + lastEpoch);
        }
        if (epoch == lastEpoch && lastWriter != node && writes > 0) {
            throw new AssertionError(world.now() + ": two nodes wrote in epoch " + epoch);
        }
        lastEpoch = epoch;
        lastWriter = node;
        writes++;
        world.trace().note(world.now(), "write", node, epoch);
    }

    private boolean believes(int node) {
        return plant == Plant.NO_DEMOTION
                ? tenures[node].epoch() > 0 && tenures[node].knownEpoch(clock(node)) <= tenures[node].epoch()
                : tenures[node].holds(clock(node));
    }

    private int holders() {
        int holders = 0;
        for (int node = 1; node <= NODES; node++) {
            holders += world.isAlive(node) && believes(node) ? 1 : 0;
        }
        return holders;
    }

    private void trouble() {
        int node = 1 + world.random().nextInt(NODES);
        long millis = 500 + world.random().nextLong(12_000);
        switch (world.random().nextInt(4)) {
            case 0 -> {
                if (world.isAlive(node)) {
                    world.kill(node);
                    boolean forGood = !lostForGood && world.chance(300);
                    lostForGood |= forGood;
                    if (!forGood) {
                        world.after(0, millis, () -> {
                            world.revive(node);
                            begin(node);
                        });
                    }
                }
            }
            case 1 -> world.freeze(node, millis);
            case 2 -> {
                world.cut(node, DATABASE, true);
                world.cut(DATABASE, node, true);
                world.after(0, millis, () -> {
                    world.cut(node, DATABASE, false);
                    world.cut(DATABASE, node, false);
                });
            }
            default -> {
                boolean out = world.chance(500);
                world.cut(out ? node : DATABASE, out ? DATABASE : node, true);
                world.after(0, millis, () -> world.cut(out ? node : DATABASE, out ? DATABASE : node, false));
            }
        }
    }

    /** A node's own clock: monotonic, of its own beginning, and up to one per cent too fast or too slow. */
    private long clock(int node) {
        return node * 1_000_000L + world.now() + world.now() * driftPermille[node] / 1_000;
    }

    /** The store as one node reaches it: over links, and with no answer when one of them loses it. */
    private final class SimStore implements LeaseStore {
        private final int node;

        SimStore(int node) {
            this.node = node;
        }

        @Override
        public Future<List<Mesh.Lease>> all() {
            throw new UnsupportedOperationException("not asked here");
        }

        @Override
        public Future<Optional<Mesh.Lease>> look(String role) {
            return ask(() -> Optional.ofNullable(row)
                    .map(lease -> new Mesh.Lease(
                            role,
                            lease.holder(),
                            lease.epoch(),
                            plant == Plant.NOBODY_TAKES_OVER ? Tenure.TTL_MILLIS : lease.expires() - world.now())));
        }

        @Override
        public Future<Boolean> renew(String role, int holder, long epoch, long ttlMillis) {
            return ask(() -> {
                boolean own = row != null && row.holder() == holder && row.epoch() == epoch;
                if (own) {
                    row = new Row(holder, epoch, world.now() + ttlMillis);
                }
                return own;
            });
        }

        @Override
        public Future<Boolean> claim(String role, int holder, long seen, long waitMillis, long ttlMillis) {
            return ask(() -> {
                boolean free = row == null
                        ? seen == 0
                        : row.epoch() == seen && (row.holder() == holder || row.expires() + waitMillis <= world.now());
                if (!free && plant != Plant.CLAIM_UNCHECKED) {
                    return false;
                }
                row = new Row(holder, seen + 1, world.now() + ttlMillis);
                world.trace().note(world.now(), "claim", holder, seen + 1);
                return true;
            });
        }

        @Override
        public Future<Void> release(String role, int holder, long epoch) {
            throw new UnsupportedOperationException("not asked here");
        }

        private <T> Future<T> ask(Supplier<T> statement) {
            Promise<T> answer = Promise.promise();
            int life = world.life(node);
            world.send(node, DATABASE, () -> {
                T result = statement.get();
                world.send(DATABASE, node, () -> {
                    if (life == world.life(node)) {
                        answer.tryComplete(result);
                    }
                });
            });
            return answer.future();
        }
    }
}
