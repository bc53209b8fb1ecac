package skynet.cascade;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Placed;
import skynet.bus.Knowledge;
import skynet.bus.Stream;
import skynet.bus.Telemetry;
import skynet.cascade.model.Generator;
import skynet.kit.CascadeConfig;
import skynet.kit.Room;
import skynet.kit.Vitals;

/**
 * Answers at the cheapest level that is good enough: first from the cache, then from the documents, else honestly not. As a
 * whole, or piece by piece for a reader on any node.
 */
public final class CascadeVerticle extends Room {
    /** An answer that ended is read piece by piece for so long; as a whole it stays with its message. */
    static final Duration KEPT = Duration.ofDays(1);

    /** An answer that does not come on for so long is interrupted. */
    static final Duration SILENT_MAX = Duration.ofHours(1);

    private static final long INTERRUPT_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final long FORGET_MILLIS = Duration.ofHours(1).toMillis();

    private final InstantSource clock;
    private final Vitals vitals;
    private final AnswerStore store;
    private final AnswerCache cache = new AnswerCache();
    private final CascadeConfig config;
    private final RandomGenerator dice;
    private final Diary diary;
    private final Optional<Telemeter> telemeter;
    private final List<Tier> tiers;
    private final Routing routing;
    private final Optional<AnswerCache> kept;
    private Optional<Generator> model = Optional.empty();
    private Levels levels;
    private Upstreams upstreams;
    private Answers answers;
    private Wholes wholes;

    /** A room that answers by itself only. */
    public CascadeVerticle(Bus bus, InstantSource clock, Vitals vitals, AnswerStore store) {
        this(bus, clock, vitals, store, CascadeConfig.NONE, new SplittableRandom(1), Optional.empty());
    }

    public CascadeVerticle(
            Bus bus,
            InstantSource clock,
            Vitals vitals,
            AnswerStore store,
            CascadeConfig config,
            RandomGenerator dice,
            Optional<MeterRegistry> meters) {
        this(bus, clock, vitals, store, config, dice, meters, Optional.empty());
    }

    /**
     * A room that takes down what became of its answers.
     *
     * @param node which member of the swarm it is in
     * @param ids of what is taken down
     */
    public CascadeVerticle(
            Bus bus,
            InstantSource clock,
            Vitals vitals,
            AnswerStore store,
            CascadeConfig config,
            RandomGenerator dice,
            Optional<MeterRegistry> meters,
            RequestStore requests,
            int node,
            Supplier<UUID> ids) {
        this(
                bus,
                clock,
                vitals,
                store,
                config,
                dice,
                meters,
                Optional.of(new Telemeter(bus, clock, requests, node, ids, config)));
    }

    private CascadeVerticle(
            Bus bus,
            InstantSource clock,
            Vitals vitals,
            AnswerStore store,
            CascadeConfig config,
            RandomGenerator dice,
            Optional<MeterRegistry> meters,
            Optional<Telemeter> telemeter) {
        super(bus);
        this.clock = clock;
        this.vitals = vitals;
        this.store = store;
        this.config = config;
        this.dice = dice;
        this.telemeter = telemeter;
        Diary figures = meters.<Diary>map(Figures::new).orElse(Diary.NONE);
        Diary requests = telemeter.map(Telemeter::diary).orElse(Diary.NONE);
        this.diary = entry -> {
            figures.note(entry);
            requests.note(entry);
        };
        this.tiers = List.of(
                new CacheTier(cache, config.policy(), clock, texts -> bus.ask(new Knowledge.Embed(texts))
                        .map(Knowledge.Embedded::vectors)),
                DocumentsTier.quick(bus),
                DocumentsTier.deep(bus));
        this.routing = new Router(config.policy(), config.costMax(), (level, tokens) -> telemeter
                .map(one -> one.cost(level, tokens))
                .orElse(0.0));
        this.kept = Optional.of(cache);
    }

    /** A room with the levels that a test brings. */
    CascadeVerticle(Bus bus, InstantSource clock, Vitals vitals, AnswerStore store, List<Tier> tiers) {
        this(bus, clock, vitals, store, tiers, CascadeConfig.NONE);
    }

    /** The same with upstreams. */
    CascadeVerticle(
            Bus bus, InstantSource clock, Vitals vitals, AnswerStore store, List<Tier> tiers, CascadeConfig config) {
        super(bus);
        this.clock = clock;
        this.vitals = vitals;
        this.store = store;
        this.config = config;
        this.dice = new SplittableRandom(1);
        this.diary = Diary.NONE;
        this.telemeter = Optional.empty();
        this.tiers = List.copyOf(tiers);
        this.routing = new CheapestFirst();
        this.kept = Optional.empty();
    }

    @Override
    public Future<?> start() {
        model = config.localModel().map(local -> Generator.begin(local, config.localTemplate()));
        return config.upstreams().isEmpty()
                ? open(new Upstreams(vertx, config, clock, dice))
                : vertx.executeBlocking(() -> new Upstreams(vertx, config, clock, dice))
                        .compose(this::open);
    }

    private Future<?> open(Upstreams others) {
        upstreams = others;
        List<Tier> all = new ArrayList<>(tiers);
        all.addAll(upstreams.tiers());
        model.ifPresent(generator -> all.addAll(local(generator)));
        Optional<Tier> pipeline = PipelineTier.over(bus, all, clock);
        all.replaceAll(this::grounded);
        pipeline.ifPresent(all::add);
        levels = new Levels(all, routing, diary, clock, kept);
        answers = new Answers(vertx, bus, store, clock, levels);
        Hub hub = new Hub(bus);
        wholes = new Wholes(vertx, bus, levels, hub);
        vertx.setPeriodic(FORGET_MILLIS, again -> store.forget(KEPT));
        vertx.setPeriodic(INTERRUPT_MILLIS, again -> store.interrupt(SILENT_MAX));
        vitals.check("cascade", () -> {
            JsonObject vital = new JsonObject()
                    .put("stops_at", last().name())
                    .put("streams", answers.count())
                    .put("telemetry", telemeter.map(Telemeter::vital).orElseGet(JsonObject::new))
                    .put("levels", conditions())
                    .put("upstreams", upstreams.vitals());
            model.ifPresent(generator -> vital.put("model", LocalTier.vital(generator)));
            return Future.succeededFuture(vital);
        });
        return Future.all(List.of(
                telemeter.<Future<?>>map(one -> one.open(vertx)).orElse(Future.succeededFuture()),
                new SourceWatch(bus, cache, clock).open(),
                bus.serve(Telemetry.LookAtLevels.class, look -> Future.succeededFuture(seen())),
                bus.serve(Cascade.Ask.class, wholes::ask),
                bus.serve(Cascade.Begin.class, begin -> hub.begin(begin, answers::begin)),
                bus.serve(Cascade.Find.class, answers::find),
                bus.serve(Cascade.TakeOver.class, answers::takeOver),
                bus.serve(Cascade.Read.class, answers::read),
                bus.serve(Cascade.Halt.class, this::halt),
                bus.serve(Cascade.Whole.class, answers::whole),
                bus.serve(Cascade.Forget.class, this::forget),
                bus.listen(Cascade.Forgotten.class, this::forgotten),
                bus.serve(Stream.Attach.class, answers::attach),
                bus.hear(Stream.Grant.class, answers::grant),
                bus.hear(Stream.Stop.class, answers::stop)));
    }

    /** Level 5 looks for passages itself, and the model on this node reads too slowly to be given any. */
    private Tier grounded(Tier tier) {
        OptionalDouble nearness = config.grounding();
        return nearness.isPresent() && (tier.level() == Level.L3 || tier.level() == Level.L4)
                ? new GroundedTier(bus, tier, nearness.getAsDouble())
                : tier;
    }

    /** Its model, in its turn and, beside others' models, at last too. */
    private List<Tier> local(Generator generator) {
        LocalTier tier = LocalTier.inTurn(vertx, generator, dice, () -> upstreams.tiers().stream()
                .anyMatch(other -> other.condition().available()));
        return upstreams.tiers().isEmpty() ? List.of(tier) : List.of(tier, tier.atLast());
    }

    @Override
    public Future<?> stop() {
        Future<?> released = answers == null
                ? Future.succeededFuture()
                : answers.release()
                        .compose(done -> telemeter.map(Telemeter::close).orElse(Future.succeededFuture()));
        return model.isEmpty()
                ? released
                : released.eventually(() -> vertx.executeBlocking(() -> {
                    model.get().close();
                    return null;
                }));
    }

    /** The answers that are computed here as a whole now. */
    Wholes wholes() {
        return wholes;
    }

    /** The answers that are computed here now. */
    Answers answers() {
        return answers;
    }

    private Future<Placed> halt(Cascade.Halt halt) {
        return halt.whole() ? wholes.halt(halt) : answers.halt(halt);
    }

    private Future<Cascade.Gone> forget(Cascade.Forget forget) {
        bus.publish(new Cascade.Forgotten(forget.tenant(), forget.ids()));
        return store.forget(forget.tenant(), forget.ids()).map(Cascade.Gone::new);
    }

    private void forgotten(Cascade.Forgotten forgotten) {
        cache.forget(forgotten.tenant(), Set.copyOf(forgotten.ids()));
        for (String id : forgotten.ids()) {
            answers.drop(forgotten.tenant(), id);
            wholes.drop(forgotten.tenant(), id);
        }
    }

    private Telemetry.Levels seen() {
        Health health = levels.health();
        List<Telemetry.Condition> seen = new ArrayList<>();
        for (Level level : Level.values()) {
            seen.add(new Telemetry.Condition(
                    level, health.isAvailable(level), health.of(level).reason()));
        }
        return new Telemetry.Levels(seen);
    }

    private Level last() {
        return levels.tiers().stream()
                .map(Tier::level)
                .max(Comparator.naturalOrder())
                .orElse(Level.L0);
    }

    /** Each level with {@code available}, or why it is not. */
    private JsonObject conditions() {
        Health health = levels.health();
        JsonObject conditions = new JsonObject();
        for (Level level : Level.values()) {
            Health.Condition condition = health.of(level);
            conditions.put(level.name(), condition.available() ? "available" : condition.reason());
        }
        return conditions;
    }
}
