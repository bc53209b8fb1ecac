package skynet.cascade;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import skynet.bus.Bus;
import skynet.bus.Cascade;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Cascade.Step;
import skynet.bus.Knowledge;
import skynet.kit.Room;
import skynet.kit.Vitals;

/** Answers at the cheapest level that is good enough: first from the cache, then from the documents, else honestly not. */
public final class CascadeVerticle extends Room {
    /** The levels that are really here, cheapest first; what pages say about where answers stop follows from it. */
    private static final List<Level> LEVELS = List.of(Level.L0, Level.L1);

    private static final String UNKNOWN = "I don't know from what I have.";

    private final InstantSource clock;
    private final Vitals vitals;
    private final AnswerCache cache = new AnswerCache();

    public CascadeVerticle(Bus bus, InstantSource clock, Vitals vitals) {
        super(bus);
        this.clock = clock;
        this.vitals = vitals;
    }

    @Override
    public Future<?> start() {
        vitals.check("cascade", () -> Future.succeededFuture(new JsonObject().put("stops_at", last().name())));
        return Future.all(
                bus.serve(Cascade.Ask.class, this::ask),
                bus.listen(Knowledge.Changed.class, changed -> cache.clear()),
                bus.listen(Knowledge.Followed.class, followed -> cache.clear()));
    }

    private Future<Answer> ask(Cascade.Ask ask) {
        long begun = clock.millis();
        Optional<Answer> known = cache.find(ask.tenant(), ask.question());
        if (known.isPresent()) {
            return Future.succeededFuture(fromCache(known.get(), clock.millis() - begun));
        }
        Step missed = new Step(Level.L0, Outcome.MISS, clock.millis() - begun, "not asked before");
        long epoch = cache.epoch();
        return bus.ask(new Knowledge.Consult(ask.question())).map(found -> {
            Answer answer = fromDocuments(found, missed, clock.millis() - begun);
            if (answer.answered()) {
                cache.keep(ask.tenant(), ask.question(), answer, epoch);
            }
            return answer;
        });
    }

    private static Level last() {
        return LEVELS.get(LEVELS.size() - 1);
    }

    private static Answer fromCache(Answer known, long millis) {
        Step hit = new Step(Level.L0, Outcome.HIT, millis, "asked before, sources unchanged");
        return new Answer(known.text(), true, Level.L0, List.of(hit), known.citations(), millis);
    }

    private static Answer fromDocuments(Knowledge.Consulted found, Step missed, long millis) {
        Outcome outcome = found.answered() ? Outcome.HIT : Outcome.MISS;
        Step consulted = new Step(Level.L1, outcome, millis - missed.millis(), found.reason());
        String text = found.answered() ? found.answer() : UNKNOWN;
        return new Answer(text, found.answered(), Level.L1, List.of(missed, consulted), found.citations(), millis);
    }
}
