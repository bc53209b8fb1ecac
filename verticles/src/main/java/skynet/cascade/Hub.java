package skynet.cascade;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Band;
import skynet.bus.Cascade.Placed;
import skynet.bus.Cascade.Policy;
import skynet.bus.Cascade.Wish;
import skynet.bus.Mesh;
import skynet.bus.NodeNumber;

/**
 * The way to the node that holds the role of the hub, for what only that one does: an answer for which the full pipeline is
 * wished begins there. When it cannot be reached, it begins here and says at which level. Lives on the room's event loop.
 */
final class Hub {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Bus bus;

    /** What is on its way: when two nodes take each other for the hub, what comes back begins here. */
    private final Set<String> sent = new HashSet<>();

    Hub(Bus bus) {
        this.bus = bus;
    }

    /** Begins an answer there, or as {@code here} does. */
    Future<Placed> begin(Cascade.Begin ask, Function<Cascade.Begin, Future<Placed>> here) {
        return elsewhere(ask.wish(), ask.id()).compose(holder -> {
            if (holder.isEmpty()) {
                return here.apply(ask);
            }
            return track(ask.id(), bus.ask(ask, holder.get(), PATIENCE).recover(silent -> here.apply(ask)));
        });
    }

    /** The other node that is to answer; none when the full pipeline is not wished for, or is here, or comes from there. */
    Future<Optional<NodeNumber>> elsewhere(Wish wish, String id) {
        boolean pipeline = wish.band() == Band.PRO
                && wish.policy() == Policy.QUALITY
                && wish.tools().isEmpty();
        return !pipeline || id.isEmpty() || sent.contains(id) ? Future.succeededFuture(Optional.empty()) : holder();
    }

    /** The other node that is the hub now; none when this one is, or nobody. */
    Future<Optional<NodeNumber>> holder() {
        return bus.ask(new Mesh.Hold(Mesh.HUB))
                .map(held -> held.here() ? 0 : held.holder())
                .otherwise(0)
                .map(holder -> holder == 0 || holder == bus.self().value()
                        ? Optional.<NodeNumber>empty()
                        : Optional.of(new NodeNumber(holder)));
    }

    /** Remembers what is asked there until it is answered. */
    <T> Future<T> track(String id, Future<T> asked) {
        sent.add(id);
        return asked.onComplete(done -> sent.remove(id));
    }
}
