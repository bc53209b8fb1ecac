package skynet.swarm;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skynet.bus.Fault;

/**
 * Asks the store for the hashes of tokens, those that are asked for at once together: when a member starts anew, all its
 * nodes come to be known within one interval. At most {@value #WAITING_MAX} wait. Belongs to one thread.
 */
final class Lookups {
    static final int WAITING_MAX = 10_000;
    static final int TOGETHER_MAX = 1_000;

    private static final long PAUSE_MILLIS = 2;

    private final Vertx vertx;
    private final NodeStore store;
    private Map<Integer, Promise<Optional<NodeStore.Hash>>> waiting = new HashMap<>();
    private boolean asking;

    Lookups(Vertx vertx, NodeStore store) {
        this.vertx = vertx;
        this.store = store;
    }

    /** The hash of a node's token; empty when there is no such node. */
    Future<Optional<NodeStore.Hash>> hash(int number) {
        if (waiting.size() >= WAITING_MAX) {
            return Future.failedFuture(new Fault(Fault.Kind.BUSY, "tokens: too many to look up now; try again"));
        }
        Promise<Optional<NodeStore.Hash>> promise = waiting.computeIfAbsent(number, missing -> Promise.promise());
        if (!asking) {
            asking = true;
            vertx.setTimer(PAUSE_MILLIS, passed -> ask());
        }
        return promise.future();
    }

    private void ask() {
        Map<Integer, Promise<Optional<NodeStore.Hash>>> asked = new HashMap<>();
        Map<Integer, Promise<Optional<NodeStore.Hash>>> later = new HashMap<>();
        waiting.forEach((number, promise) -> (asked.size() < TOGETHER_MAX ? asked : later).put(number, promise));
        waiting = later;
        List<Integer> numbers = new ArrayList<>(asked.keySet());
        store.hashes(numbers).onComplete(answer -> {
            asked.forEach((number, promise) -> {
                if (answer.succeeded()) {
                    promise.complete(Optional.ofNullable(answer.result().get(number)));
                } else {
                    promise.fail(answer.cause());
                }
            });
            if (waiting.isEmpty()) {
                asking = false;
            } else {
                ask();
            }
        });
    }
}
