package skynet.kit;

import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.function.LongUnaryOperator;

/**
 * One timer for many who each know when they have something to do: it rings when the earliest is due. Its time is in
 * milliseconds and never runs backwards. Lives on one event loop.
 */
public final class Alarm {
    private static final long NEVER = Long.MAX_VALUE;

    private final Vertx vertx;
    private final InstantSource clock;
    private final LongUnaryOperator ring;
    private long now;
    private long armedFor = NEVER;
    private long timer;

    /**
     * An alarm that is not armed.
     *
     * @param ring does what is due at a time, and answers when the next is; {@link Long#MAX_VALUE} for never
     */
    public Alarm(Vertx vertx, InstantSource clock, LongUnaryOperator ring) {
        this.vertx = vertx;
        this.clock = clock;
        this.ring = ring;
    }

    /** The time. */
    public long now() {
        now = Math.max(now, clock.millis());
        return now;
    }

    /** Something is due then; the alarm keeps the earliest. */
    public void arm(long due) {
        if (due >= armedFor) {
            return;
        }
        if (armedFor != NEVER) {
            vertx.cancelTimer(timer);
        }
        armedFor = due;
        timer = vertx.setTimer(Math.max(1, due - now()), rings -> {
            armedFor = NEVER;
            arm(ring.applyAsLong(now()));
        });
    }
}
