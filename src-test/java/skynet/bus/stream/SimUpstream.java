package skynet.bus.stream;

import skynet.bus.Stream.Kind;
import skynet.sim.SimWorld;

/** A model that says a given text, from an offset on, in chunks of any size, also in the middle of a character. */
final class SimUpstream implements Upstream {
    private final SimWorld world;
    private final int node;
    private final String text;
    private final int chunkCharsMax;
    private final int pauseMillisMax;
    private final StreamSimulation simulation;
    private final boolean obeys;
    private StreamSource source;
    private Runnable afterwards = () -> {};
    private int said;
    private boolean paused;
    private boolean oneMore;
    private boolean cancelled;

    SimUpstream(
            SimWorld world, int node, String text, int from, StreamSimulation.Pace pace, StreamSimulation simulation) {
        this.world = world;
        this.node = node;
        this.text = text;
        this.said = from;
        this.chunkCharsMax = pace.chunkCharsMax();
        this.pauseMillisMax = pace.pauseMillisMax();
        this.simulation = simulation;
        this.obeys = simulation.plant().pauses();
    }

    void begin(StreamSource target, Runnable afterEach) {
        source = target;
        afterwards = afterEach;
        sayMoreSoon();
    }

    @Override
    public void pause() {
        simulation.pauses();
        paused = true;
        oneMore = world.random().nextBoolean();
    }

    @Override
    public void resume() {
        paused = false;
        sayMoreSoon();
    }

    @Override
    public void cancel(String reason) {
        if (cancelled) {
            throw new AssertionError("upstream: cancelled twice (expected: once)");
        }
        cancelled = true;
    }

    private void sayMoreSoon() {
        world.after(node, world.random().nextInt(1 + pauseMillisMax), this::say);
    }

    private void say() {
        if (cancelled || (paused && !oneMore && obeys)) {
            return;
        }
        oneMore = false;
        if (said == text.length()) {
            source.note(world.now(), Kind.USAGE, "{\"tokens\":" + said + "}");
            source.end(world.now(), "stop");
            afterwards.run();
            return;
        }
        int end = Math.min(text.length(), said + 1 + world.random().nextInt(chunkCharsMax));
        String chunk = text.substring(said, end);
        said = end;
        source.write(world.now(), chunk);
        if (world.chance(10)) {
            source.note(world.now(), Kind.CITE, "[" + said + "]");
        }
        afterwards.run();
        if (!paused || oneMore || !obeys) {
            sayMoreSoon();
        }
    }
}
