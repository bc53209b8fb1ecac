package skynet.bus.stream;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import skynet.sim.SimWorld;

/** Calls a state machine when it said that it has something to do. */
final class Ticker {
    private final SimWorld world;
    private final int node;
    private final LongSupplier due;
    private final LongConsumer tick;
    private long armedFor = Long.MAX_VALUE;

    Ticker(SimWorld world, int node, LongSupplier due, LongConsumer tick) {
        this.world = world;
        this.node = node;
        this.due = due;
        this.tick = tick;
    }

    /** To be called after every input. */
    void arm() {
        long wanted = due.getAsLong();
        if (wanted < armedFor) {
            armedFor = Math.max(wanted, world.now());
            long mine = armedFor;
            world.after(node, mine - world.now(), () -> fire(mine));
        }
    }

    private void fire(long mine) {
        if (mine == armedFor) {
            armedFor = Long.MAX_VALUE;
            tick.accept(world.now());
            arm();
        }
    }
}
