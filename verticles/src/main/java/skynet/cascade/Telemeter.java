package skynet.cascade;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import skynet.bus.Bus;
import skynet.bus.Cascade.Level;
import skynet.bus.Telemetry;
import skynet.bus.Telemetry.Price;
import skynet.kit.CascadeConfig;
import skynet.kit.UpstreamConfig;

/**
 * Knows what the levels took and cost: the diary of requests, its sums, and the prices, which are the settings' until a table
 * is set, and the table's from then on, for the upstreams that it names. Lives on the room's event loop.
 */
final class Telemeter {
    private static final System.Logger LOG = System.getLogger("skynet.cascade");

    private static final long WRITE_MILLIS = 1_000;
    private static final long ARRANGE_MILLIS = Duration.ofHours(1).toMillis();

    /** Prices are read again so often, in case an event was lost. */
    private static final long PRICES_MILLIS = Duration.ofMinutes(1).toMillis();

    private static final Duration TIMED = Duration.ofDays(1);

    private final Bus bus;
    private final InstantSource clock;
    private final RequestStore store;
    private final int days;
    private final List<UpstreamConfig> upstreams;
    private final Map<String, Price> standard;
    private final RequestDiary diary;
    private Prices prices;

    /**
     * Nothing is written before {@link #open}.
     *
     * @param config the upstreams with their prices, and how many days are kept request by request
     */
    Telemeter(Bus bus, InstantSource clock, RequestStore store, int node, Supplier<UUID> ids, CascadeConfig config) {
        this.bus = bus;
        this.clock = clock;
        this.store = store;
        this.days = config.telemetryDays();
        this.upstreams = config.upstreams();
        this.standard = upstreams.stream()
                .collect(Collectors.toMap(
                        UpstreamConfig::name,
                        upstream -> new Price(upstream.name(), upstream.priceIn(), upstream.priceOut()),
                        (one, same) -> one,
                        TreeMap::new));
        this.prices = new Prices(0, standard);
        this.diary = new RequestDiary(node, clock, ids, this::prices, store::write);
    }

    Diary diary() {
        return diary;
    }

    /** The prices that hold now. */
    Prices prices() {
        return prices;
    }

    /** What an answer would cost at the cheapest upstream of a level. */
    double cost(Level level, Router.Tokens tokens) {
        return upstreams.stream()
                .filter(upstream -> upstream.level() == level)
                .mapToDouble(upstream -> prices.of(upstream.name(), tokens.in(), tokens.out()))
                .min()
                .orElse(0);
    }

    /** How far the diary is behind. */
    JsonObject vital() {
        return new JsonObject().put("waiting", diary.waiting()).put("dropped", diary.dropped());
    }

    /** Begins to write, once the partitions of these days are there; serves what can be asked. */
    Future<?> open(Vertx vertx) {
        vertx.setPeriodic(WRITE_MILLIS, again -> write());
        vertx.setPeriodic(ARRANGE_MILLIS, again -> arrange());
        vertx.setPeriodic(PRICES_MILLIS, again -> readPrices());
        return arrange()
                .compose(arranged -> readPrices())
                .compose(read -> Future.all(
                        bus.serve(Telemetry.LookAtSlo.class, look -> slo()),
                        bus.serve(Telemetry.Summarise.class, this::summary),
                        bus.serve(Telemetry.LookAtPrices.class, look -> store.prices()
                                .map(this::withStandard)),
                        bus.serve(Telemetry.SetPrices.class, this::set),
                        bus.serve(Telemetry.Rate.class, this::rate),
                        bus.listen(Telemetry.PricesChanged.class, changed -> readPrices())));
    }

    /** Writes what waits. */
    Future<Void> close() {
        return write();
    }

    private Future<Void> write() {
        return diary.write()
                .onFailure(failure -> warn("telemetry waits: ", failure))
                .otherwiseEmpty();
    }

    private Future<Void> arrange() {
        LocalDate today = today();
        return store.arrange(today, today.minusDays(days))
                .onFailure(failure -> warn("telemetry has no table for the days to come: ", failure))
                .otherwiseEmpty();
    }

    private Future<Void> readPrices() {
        return store.prices()
                .map(this::withStandard)
                .onSuccess(read -> prices = Prices.of(read.version(), read.prices()))
                .onFailure(failure -> warn("prices not read: ", failure))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private Future<Telemetry.Slo> slo() {
        List<Integer> targets =
                Stream.of(Level.values()).map(Router::targetMillis).toList();
        return store.timings(targets, Instant.ofEpochMilli(clock.millis()).minus(TIMED))
                .map(Telemetry.Slo::new);
    }

    private Future<Telemetry.Summary> summary(Telemetry.Summarise ask) {
        return write().compose(written -> store.sums(today().minusDays(ask.days() - 1L)))
                .map(sums -> new Telemetry.Summary(sums, diary.dropped(), diary.waiting()));
    }

    private Future<Telemetry.Prices> set(Telemetry.SetPrices wanted) {
        Future<Telemetry.SetPrices> after = wanted.after() >= 0
                ? Future.succeededFuture(wanted)
                : store.prices().map(now -> wanted.after(now.version()));
        return after.compose(store::set).compose(set -> readPrices().map(read -> {
            bus.publish(new Telemetry.PricesChanged(set.version()));
            return withStandard(set);
        }));
    }

    /** What was answered a moment ago is written down first. */
    private Future<Telemetry.Noted> rate(Telemetry.Rate rate) {
        return write().compose(written -> store.rate(rate.tenant(), rate.message(), rate.verdict()))
                .map(Telemetry.Noted::new);
    }

    /** The table, and what the settings say of upstreams that it does not name. */
    private Telemetry.Prices withStandard(Telemetry.Prices table) {
        Map<String, Price> all = new TreeMap<>(standard);
        table.prices().forEach(price -> all.put(price.upstream(), price));
        return new Telemetry.Prices(table.version(), table.sinceSeconds(), table.by(), new ArrayList<>(all.values()));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(Instant.ofEpochMilli(clock.millis()), ZoneOffset.UTC);
    }

    private static void warn(String what, Throwable failure) {
        LOG.log(System.Logger.Level.WARNING, what + failure.getMessage());
    }
}
