package skynet.web;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import skynet.bus.Fault;
import skynet.kit.Vitals;

/** Whether the node lives and can serve, for people, probes and Prometheus. */
final class HealthRoutes {
    private final Vitals vitals;
    private final Optional<PrometheusMeterRegistry> meters;

    HealthRoutes(Vitals vitals, Optional<PrometheusMeterRegistry> meters) {
        this.vitals = vitals;
        this.meters = meters;
    }

    void mount(Router router) {
        router.get("/health/live").handler(this::live);
        router.get("/health/started").handler(this::health);
        router.get("/health/ready").handler(this::health);
        router.get("/health").handler(this::health);
        router.get("/v1/health").handler(this::health);
        router.get("/api/genom/health").handler(this::dictionary);
        router.get("/metrics").handler(this::metrics);
    }

    private void live(RoutingContext request) {
        Exchange.json(
                request,
                200,
                new JsonObject()
                        .put("status", "UP")
                        .put(
                                "checks",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("id", "event-loop")
                                                .put("status", "UP"))));
    }

    /** What pages may keep an eye on. */
    List<Topic> topics() {
        return List.of(
                new Topic("ui.health", "status:read", Duration.ofSeconds(2), () -> vitals.examine()
                        .map(this::json)),
                new Topic("ui.metrics", "status:read", Duration.ofSeconds(2), () -> Future.succeededFuture(figures())));
    }

    private void health(RoutingContext request) {
        vitals.examine()
                .onSuccess(report -> Exchange.json(request, report.up() ? 200 : 503, json(report)))
                .onFailure(failure -> Problem.answer(request, failure));
    }

    private JsonObject json(Vitals.Report report) {
        JsonArray checks = new JsonArray();
        report.checks().keySet().stream()
                .sorted()
                .forEach(id -> checks.add(report.checks().get(id)));
        return new JsonObject()
                .put("status", report.up() ? "UP" : "DOWN")
                .put("draining", vitals.draining())
                .put("checks", checks);
    }

    /** A few figures of this node that change all the time; the whole of them is at {@code /metrics}. */
    private JsonObject figures() {
        Runtime runtime = Runtime.getRuntime();
        JsonObject figures = new JsonObject()
                .put("uptime_seconds", ManagementFactory.getRuntimeMXBean().getUptime() / 1_000)
                .put("heap_bytes_used", runtime.totalMemory() - runtime.freeMemory())
                .put("heap_bytes_max", runtime.maxMemory());
        meters.ifPresent(registry -> figures.put(
                "requests",
                registry.find("vertx.http.server.requests").counters().stream()
                        .mapToLong(counter -> (long) counter.count())
                        .sum()));
        return figures;
    }

    private void dictionary(RoutingContext request) {
        vitals.examine()
                .onSuccess(report -> {
                    JsonObject check =
                            report.checks().getOrDefault("dictionary", new JsonObject().put("status", "DOWN"));
                    Exchange.json(request, "UP".equals(check.getString("status")) ? 200 : 503, check);
                })
                .onFailure(failure -> Problem.answer(request, failure));
    }

    private void metrics(RoutingContext request) {
        if (meters.isEmpty()) {
            Problem.answer(request, Fault.absent("metrics: switched off"));
            return;
        }
        request.response()
                .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .end(meters.get().scrape());
    }
}
