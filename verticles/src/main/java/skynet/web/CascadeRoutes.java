package skynet.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import skynet.bus.Bus;
import skynet.bus.Cascade.Level;
import skynet.bus.Telemetry;

/** The doors of what the levels are worth: which there are, how long they take, what they were asked and cost, and the prices. */
final class CascadeRoutes {
    /** A whole table of prices. */
    private static final int PRICES_BYTES_MAX = 256 << 10;

    /** Any version may be replaced. */
    private static final int WHATEVER = -1;

    private static final int DAYS = 7;

    private final Bus bus;

    CascadeRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.get("/api/cascade/levels").handler(this::levels);
        router.get("/api/cascade/slo").handler(this::slo);
        router.get("/api/cascade/telemetry").handler(this::telemetry);
        router.get("/api/cascade/prices").handler(this::prices);
        router.put("/api/cascade/prices").handler(this::setPrices);
    }

    private void levels(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> bus.ask(new Telemetry.LookAtLevels())
                .map(seen -> new JsonObject()
                        .put(
                                "levels",
                                array(seen.levels().stream()
                                        .map(one -> level(one.level())
                                                .put("available", one.available())
                                                .put("reason", one.reason()))
                                        .toList()))));
    }

    private void slo(RoutingContext request) {
        Exchange.query(
                request, Set.of(), query -> bus.ask(new Telemetry.LookAtSlo()).map(seen -> new JsonObject()
                        .put("hours", 24)
                        .put(
                                "levels",
                                array(seen.levels().stream()
                                        .map(CascadeRoutes::json)
                                        .toList()))));
    }

    private void telemetry(RoutingContext request) {
        Exchange.query(request, Set.of("days"), query -> bus.ask(new Telemetry.Summarise(query.number("days", DAYS)))
                .map(summary -> new JsonObject()
                        .put("dropped", summary.dropped())
                        .put("waiting", summary.waiting())
                        .put(
                                "sums",
                                array(summary.sums().stream()
                                        .map(CascadeRoutes::json)
                                        .toList()))));
    }

    private void prices(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> bus.ask(new Telemetry.LookAtPrices())
                .map(CascadeRoutes::json));
    }

    private void setPrices(RoutingContext request) {
        String by = Caller.of(request).tenant();
        Exchange.body(request, PRICES_BYTES_MAX, Set.of("version", "prices"), body -> {
            List<Telemetry.Price> prices =
                    body.objects("prices", Telemetry.PRICES_MAX, Set.of("upstream", "input", "output")).stream()
                            .map(price -> new Telemetry.Price(
                                    price.text("upstream"), price.decimal("input"), price.decimal("output")))
                            .toList();
            return bus.ask(new Telemetry.SetPrices(body.number("version", WHATEVER), prices, by))
                    .map(CascadeRoutes::json);
        });
    }

    private static JsonObject json(Telemetry.Timing timing) {
        JsonObject json =
                level(timing.level()).put("target_ms", timing.targetMillis()).put("answers", timing.answers());
        return timing.answers() == 0
                ? json
                : json.put("p50_ms", timing.p50Millis())
                        .put("p95_ms", timing.p95Millis())
                        .put("within_target", Math.round(1_000.0 * timing.within() / timing.answers()) / 1_000.0);
    }

    private static JsonObject json(Telemetry.Sum sum) {
        return new JsonObject()
                .put("day", LocalDate.ofEpochDay(sum.epochDay()).toString())
                .put("level", sum.level().name())
                .put("outcome", sum.outcome())
                .put("requests", sum.requests())
                .put("tokens_in", sum.tokensIn())
                .put("tokens_out", sum.tokensOut())
                .put("cost", sum.cost())
                .put("unpriced", sum.unpriced())
                .put("mean_ms", sum.meanMillis())
                .put("most_ms", sum.mostMillis())
                .put("praised", sum.praised())
                .put("blamed", sum.blamed());
    }

    private static JsonObject json(Telemetry.Prices prices) {
        return new JsonObject()
                .put("version", prices.version())
                .put(
                        "since",
                        prices.version() == 0
                                ? null
                                : Instant.ofEpochSecond(prices.sinceSeconds()).toString())
                .put("by", prices.by())
                .put("unit", "a million tokens")
                .put(
                        "prices",
                        array(prices.prices().stream()
                                .map(price -> new JsonObject()
                                        .put("upstream", price.upstream())
                                        .put("input", price.input())
                                        .put("output", price.output()))
                                .toList()));
    }

    private static JsonObject level(Level level) {
        return new JsonObject().put("level", level.name()).put("brand", level.brand());
    }

    private static JsonArray array(List<JsonObject> objects) {
        return new JsonArray(objects);
    }
}
