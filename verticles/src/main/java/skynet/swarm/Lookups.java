package skynet.swarm;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import skynet.bus.Fault;

/**
 * Asks the store for the hashes of tokens, those that are asked for at once together: when a member starts anew, all its
 * nodes come to be known within one interval. At most {@value #WAITING_MAX} wait. What is forgotten while the store is asked
 * is asked for again, for the answer may be older. Belongs to one thread.
 */
final class Lookups {
    static final int WAITING_MAX = 10_000;
    static final int TOGETHER_MAX = 1_000;

    private static final long PAUSE_MILLIS = 2;

    private final Vertx vertx;
    private final Function<List<Integer>, Future<Map<Integer, NodeStore.Hash>>> store;
    private final Set<Integer> overtaken = new HashSet<>();
    private Map<Integer, Promise<Optional<NodeStore.Hash>>> waiting = new HashMap<>();
    private Set<Integer> inFlight = Set.of();
    private boolean asking;

    Lookups(Vertx vertx, Function<List<Integer>, Future<Map<Integer, NodeStore.Hash>>> store) {
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

    /** What the store is telling of a node just now is not to be believed. */
    void forget(int number) {
        if (inFlight.contains(number)) {
            overtaken.add(number);
        }
    }

    private void ask() {
        Map<Integer, Promise<Optional<NodeStore.Hash>>> asked = new HashMap<>();
        Map<Integer, Promise<Optional<NodeStore.Hash>>> rest = new HashMap<>();
        waiting.forEach((number, promise) -> (asked.size() < TOGETHER_MAX ? asked : rest).put(number, promise));
        waiting = rest;
        List<Integer> numbers = new ArrayList<>(asked.keySet());
        inFlight = asked.keySet();
        store.apply(numbers).onComplete(answer -> {
            Set<Integer> again = Set.copyOf(overtaken);
            overtaken.clear();
            inFlight = Set.of();
            asked.forEach((number, promise) -> {
                if (again.contains(number)) {
                    Promise<Optional<NodeStore.Hash>> later = waiting.putIfAbsent(number, promise);
                    if (later != null) {
                        later.future().onComplete(promise);
                    }
                } else if (answer.succeeded()) {
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
