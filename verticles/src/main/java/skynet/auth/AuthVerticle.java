package skynet.auth;

import io.vertx.core.Future;
import java.time.InstantSource;
import skynet.bus.Auth;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.kit.Room;

/** Knows everybody: tells the doors who shows a token. */
public final class AuthVerticle extends Room {
    private final MachineToken machine;
    private final InstantSource clock;

    public AuthVerticle(Bus bus, MachineToken machine, InstantSource clock) {
        super(bus);
        this.machine = machine;
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        return bus.serve(Auth.Identify.class, this::identify);
    }

    private Future<Auth.Identified> identify(Auth.Identify shown) {
        if (shown.token().startsWith(MachineToken.PREFIX) && machine.is(shown.token())) {
            return Future.succeededFuture(
                    new Auth.Identified(MachineToken.machine(clock.instant().getEpochSecond())));
        }
        return Future.failedFuture(
                new Fault(Fault.Kind.UNAUTHENTICATED, "token: not known here (expected: a valid one)"));
    }
}
