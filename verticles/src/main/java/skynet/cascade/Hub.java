package skynet.cascade;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Band;
import skynet.bus.Cascade.Placed;
import skynet.bus.Cascade.Policy;
import skynet.bus.Mesh;
import skynet.bus.NodeNumber;

/**
 * The way to the node that holds the role of the hub, for what only that one does: an answer for which the full pipeline is
 * wished begins there. When it cannot be reached, it begins here and says at which level. Lives on the room's event loop.
 */
final class Hub {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Bus bus;
    private final Function<Cascade.Begin, Future<Placed>> here;

    /** What is on its way: when two nodes take each other for the hub, what comes back begins here. */
    private final Set<String> sent = new HashSet<>();

    Hub(Bus bus, Function<Cascade.Begin, Future<Placed>> here) {
        this.bus = bus;
        this.here = here;
    }

    Future<Placed> begin(Cascade.Begin ask) {
        boolean pipeline = ask.wish().band() == Band.PRO
                && ask.wish().policy() == Policy.QUALITY
                && ask.wish().tools().isEmpty();
        if (!pipeline || !sent.add(ask.id())) {
            return here.apply(ask);
        }
        return bus.ask(new Mesh.Hold(Mesh.HUB))
                .map(held -> held.here() ? 0 : held.holder())
                .otherwise(0)
                .compose(holder -> holder == 0 || holder == bus.self().value()
                        ? here.apply(ask)
                        : bus.ask(ask, new NodeNumber(holder), PATIENCE).recover(silent -> here.apply(ask)))
                .onComplete(begun -> sent.remove(ask.id()));
    }
}
