package skynet.web;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
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

    private void health(RoutingContext request) {
        vitals.examine()
                .onSuccess(report -> {
                    JsonArray checks = new JsonArray();
                    report.checks().keySet().stream()
                            .sorted()
                            .forEach(id -> checks.add(report.checks().get(id)));
                    Exchange.json(
                            request,
                            report.up() ? 200 : 503,
                            new JsonObject()
                                    .put("status", report.up() ? "UP" : "DOWN")
                                    .put("draining", vitals.draining())
                                    .put("checks", checks));
                })
                .onFailure(failure -> Problem.answer(request, failure));
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
