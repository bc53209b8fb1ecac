package skynet.cascade;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Level;
import skynet.bus.Knowledge;
import skynet.bus.Stream;
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
    private final Levels levels;
    private Answers answers;

    public CascadeVerticle(Bus bus, InstantSource clock, Vitals vitals, AnswerStore store) {
        super(bus);
        this.clock = clock;
        this.vitals = vitals;
        this.store = store;
        this.levels = new Levels(
                List.of(new CacheTier(cache), new DocumentsTier(bus, cache)), new CheapestFirst(), Diary.NONE, clock);
    }

    /** A room with the levels that a test brings. */
    CascadeVerticle(Bus bus, InstantSource clock, Vitals vitals, AnswerStore store, List<Tier> tiers) {
        super(bus);
        this.clock = clock;
        this.vitals = vitals;
        this.store = store;
        this.levels = new Levels(tiers, new CheapestFirst(), Diary.NONE, clock);
    }

    @Override
    public Future<?> start() {
        answers = new Answers(vertx, bus, store, clock, levels);
        vertx.setPeriodic(FORGET_MILLIS, again -> store.forget(KEPT));
        vertx.setPeriodic(INTERRUPT_MILLIS, again -> store.interrupt(SILENT_MAX));
        vitals.check(
                "cascade",
                () -> Future.succeededFuture(
                        new JsonObject().put("stops_at", last().name()).put("streams", answers.count())));
        return Future.all(List.of(
                bus.serve(Cascade.Ask.class, this::ask),
                bus.serve(Cascade.Begin.class, answers::begin),
                bus.serve(Cascade.Find.class, answers::find),
                bus.serve(Cascade.TakeOver.class, answers::takeOver),
                bus.serve(Cascade.Read.class, answers::read),
                bus.serve(Cascade.Halt.class, answers::halt),
                bus.serve(Cascade.Whole.class, answers::whole),
                bus.serve(Stream.Attach.class, answers::attach),
                bus.hear(Stream.Grant.class, answers::grant),
                bus.hear(Stream.Stop.class, answers::stop),
                bus.listen(Knowledge.Changed.class, changed -> cache.clear()),
                bus.listen(Knowledge.Followed.class, followed -> cache.clear())));
    }

    @Override
    public Future<?> stop() {
        return answers == null ? Future.succeededFuture() : answers.release();
    }

    /** The answers that are computed here now. */
    Answers answers() {
        return answers;
    }

    private Future<Answer> ask(Cascade.Ask ask) {
        Collected collected = new Collected();
        levels.walk(ask.id(), new Question(ask.tenant(), ask.question(), "", ask.wish()), collected)
                .begin();
        return collected.whole();
    }

    private Level last() {
        List<Tier> tiers = levels.tiers();
        return tiers.get(tiers.size() - 1).level();
    }
}
