package skynet.kit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import skynet.bus.Bus;
import skynet.bus.BusMessage;
import skynet.bus.Fault;
import skynet.bus.Mesh;
import skynet.bus.NodeNumber;
import skynet.bus.Request;

/**
 * What only the holder of a role does. Whoever is asked does it, if it has the role, with the fence of its epoch; else it
 * asks the holder the same. While nobody has the role, and when a fence has passed, it tries again for
 * {@value #PATIENCE_MILLIS} ms. What is asked must carry a key of its own, so that asking twice has the effect of once; a
 * holder that does not answer leaves it unknown whether it was done, and the asker repeats it by that key.
 */
public final class Duty {
    static final long PATIENCE_MILLIS = 5_000;

    private static final long AGAIN_MILLIS = 100;
    private static final Duration HOLDER_MAX = Duration.ofSeconds(2);

    private final Bus bus;
    private final Vertx vertx;
    private final String role;
    private final InstantSource clock;

    /** A duty of one of {@link Mesh#ROLES}. */
    public Duty(Bus bus, Vertx vertx, String role, InstantSource clock) {
        this.bus = bus;
        this.vertx = vertx;
        this.role = role;
        this.clock = clock;
    }

    /** Has it done: {@code here} is called on the node that has the role, and its writes carry the fence. */
    public <R extends BusMessage> Future<R> perform(Request<R> asked, Function<Fence, Future<R>> here) {
        return perform(asked, here, clock.millis() + PATIENCE_MILLIS);
    }

    private <R extends BusMessage> Future<R> perform(Request<R> asked, Function<Fence, Future<R>> here, long end) {
        return bus.ask(new Mesh.Hold(role))
                .compose(held -> once(asked, here, held))
                .recover(failure -> passes(failure) && clock.millis() < end
                        ? vertx.timer(AGAIN_MILLIS).compose(later -> perform(asked, here, end))
                        : Future.failedFuture(failure));
    }

    private <R extends BusMessage> Future<R> once(Request<R> asked, Function<Fence, Future<R>> here, Mesh.Held held) {
        if (held.here()) {
            return here.apply(new Fence(role, held.epoch()));
        }
        return held.holder() == 0
                ? Future.failedFuture(new Fault(Fault.Kind.UNAVAILABLE, role + ": nobody has this role now"))
                : bus.ask(asked, new NodeNumber(held.holder()), HOLDER_MAX);
    }

    /** Whether nothing was done and somebody else may do it soon. */
    private boolean passes(Throwable failure) {
        return Fence.isPassed(failure, role)
                || failure instanceof Fault fault && fault.kind() == Fault.Kind.UNAVAILABLE;
    }
}
