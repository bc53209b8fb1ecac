package skynet.sim;

import java.util.Arrays;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Time, nodes and links of a simulation. Everything happens on the caller's thread, in the order of virtual time; whatever is
 * random comes from the seed. Place 0 is outside of all nodes: it neither dies nor freezes.
 */
public final class SimWorld {
    private static final int STEPS_MAX = 5_000_000;

    private final SplittableRandom random;
    private final Trace trace;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private final int nodes;
    private final int[] life;
    private final boolean[] dead;
    private final long[] frozenUntil;
    private final long[][] arrivals;
    private final boolean[][] cut;
    private Weather weather;
    private long now;
    private long order;

    public SimWorld(long seed, int nodes, boolean readable) {
        this.random = new SplittableRandom(seed);
        this.trace = new Trace(readable);
        this.nodes = nodes;
        this.life = new int[nodes + 1];
        this.dead = new boolean[nodes + 1];
        this.frozenUntil = new long[nodes + 1];
        this.arrivals = new long[nodes + 1][nodes + 1];
        this.cut = new boolean[nodes + 1][nodes + 1];
        this.weather = Weather.FAIR;
    }

    public long now() {
        return now;
    }

    public SplittableRandom random() {
        return random;
    }

    public Trace trace() {
        return trace;
    }

    public int nodes() {
        return nodes;
    }

    public void weather(Weather now) {
        weather = now;
    }

    /** Does something on a node after a while; never, should the node die before. */
    public void after(int node, long millis, Runnable work) {
        tasks.add(new Task(now + millis, order++, node, life[node], work));
    }

    /** A message on its way from one node to another. */
    public void send(int from, int to, Runnable delivery) {
        if (from == to) {
            after(to, 0, delivery);
            return;
        }
        if (cut[from][to] || chance(weather.lossPermille())) {
            trace.note(now, "lost", from, to);
            return;
        }
        long arrival = now + 1 + random.nextInt(weather.delayMillisMax());
        arrivals[from][to] = Math.max(arrival, arrivals[from][to]);
        after(to, arrivals[from][to] - now, delivery);
        if (chance(weather.doublePermille())) {
            after(to, arrivals[from][to] - now + random.nextInt(2_000), delivery);
        }
    }

    /** Ends a node at once, with all that it remembered. */
    public void kill(int node) {
        trace.note(now, "kill", node);
        dead[node] = true;
        life[node]++;
    }

    /** Begins a new life of a dead node. */
    public void revive(int node) {
        trace.note(now, "revive", node);
        dead[node] = false;
        frozenUntil[node] = 0;
    }

    /** Stops a node for a while, as SIGSTOP does; what arrives meanwhile waits for it. */
    public void freeze(int node, long millis) {
        trace.note(now, "freeze", node, millis);
        frozenUntil[node] = Math.max(frozenUntil[node], now + millis);
    }

    /** Cuts or heals the way from one node to another, one direction only. */
    public void cut(int from, int to, boolean isCut) {
        trace.note(now, isCut ? "cut" : "heal", from, to);
        cut[from][to] = isCut;
    }

    /** Ends all trouble but that the frozen sleep out and the dead stay dead: links are whole and fair. */
    public void calm() {
        trace.note(now, "calm");
        weather = Weather.FAIR;
        for (boolean[] row : cut) {
            Arrays.fill(row, false);
        }
    }

    /** Counts the deaths of a node: what was begun in one life is nothing to the next. */
    public int life(int node) {
        return life[node];
    }

    public boolean isAlive(int node) {
        return !dead[node];
    }

    public boolean isFrozen(int node) {
        return frozenUntil[node] > now;
    }

    public boolean chance(int permille) {
        return permille > 0 && random.nextInt(1_000) < permille;
    }

    /** Lets time pass until something is so, or until a moment. Returns whether it became so. */
    public boolean run(long until, BooleanSupplier isSo) {
        for (int step = 0; step < STEPS_MAX; step++) {
            if (isSo.getAsBoolean()) {
                return true;
            }
            Task task = tasks.peek();
            if (task == null || task.time() > until) {
                now = until;
                return isSo.getAsBoolean();
            }
            tasks.remove();
            now = task.time();
            perform(task);
        }
        throw new AssertionError("simulation: more than " + STEPS_MAX + " steps (expected: it comes to rest)");
    }

    private void perform(Task task) {
        if (task.life() != life[task.node()] || dead[task.node()]) {
            return;
        }
        if (frozenUntil[task.node()] > now) {
            tasks.add(new Task(frozenUntil[task.node()], order++, task.node(), task.life(), task.work()));
            return;
        }
        task.work().run();
    }

    private record Task(long time, long order, int node, int life, Runnable work) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
