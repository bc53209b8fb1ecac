package skynet.cascade;

import io.vertx.core.Future;
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

/** Answers at the cheapest level that is good enough: first from the cache, then from the documents, else honestly not. */
public final class CascadeVerticle extends Room {
    private static final String UNKNOWN = "I don't know from what I have.";

    private final InstantSource clock;
    private final AnswerCache cache = new AnswerCache();

    public CascadeVerticle(Bus bus, InstantSource clock) {
        super(bus);
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
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
