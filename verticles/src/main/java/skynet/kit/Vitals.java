package skynet.kit;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The node's vital signs: one named check per part that can fail. Each answers within {@value #CHECK_MILLIS} ms or counts as down. */
public final class Vitals {
    static final int CHECK_MILLIS = 2_000;

    private final Map<String, Supplier<Future<JsonObject>>> checks = new ConcurrentHashMap<>();
    private volatile boolean draining;

    /** Adds a check. A failed future means down, and its message says why; the object holds figures to show. */
    public void check(String id, Supplier<Future<JsonObject>> check) {
        checks.put(id, check);
    }

    /** From now on the node is not ready: it finishes what it has and takes nothing new. */
    public void drain() {
        draining = true;
    }

    public boolean draining() {
        return draining;
    }

    /** All checks, each with its state and how many milliseconds it took to tell it. */
    public Future<Report> examine() {
        Map<String, Future<JsonObject>> running = checks.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> run(e.getKey(), e.getValue())));
        return Future.all(running.values().stream().toList()).map(all -> {
            Map<String, JsonObject> results = running.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, e -> e.getValue().result()));
            boolean up = !draining && results.values().stream().allMatch(r -> "UP".equals(r.getString("status")));
            return new Report(up, results);
        });
    }

    private static Future<JsonObject> run(String id, Supplier<Future<JsonObject>> check) {
        long began = System.nanoTime();
        Future<JsonObject> running;
        try {
            running = check.get().timeout(CHECK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RuntimeException e) {
            running = Future.failedFuture(e);
        }
        return running.map(data ->
                        new JsonObject().put("id", id).put("status", "UP").put("data", data))
                .otherwise(failure -> new JsonObject()
                        .put("id", id)
                        .put("status", "DOWN")
                        .put("data", new JsonObject().put("cause", String.valueOf(failure.getMessage()))))
                .map(said -> said.put("ms", Math.round((System.nanoTime() - began) / 1e3) / 1e3));
    }

    /** What the checks said. */
    public record Report(boolean up, Map<String, JsonObject> checks) {
        public Report {
            checks = Map.copyOf(checks);
        }
    }
}
