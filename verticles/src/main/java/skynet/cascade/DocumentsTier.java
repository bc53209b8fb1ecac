package skynet.cascade;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import skynet.bus.Bus;
import skynet.bus.Cascade.Answer;
import skynet.bus.Cascade.Level;
import skynet.bus.Cascade.Outcome;
import skynet.bus.Knowledge;
import skynet.bus.Knowledge.Consult;
import skynet.bus.Knowledge.Consulted;

/** Level 1: the documents' own words. What it answers is in the cache from then on. */
final class DocumentsTier implements Tier {
    private final Bus bus;
    private final AnswerCache cache;

    DocumentsTier(Bus bus, AnswerCache cache) {
        this.bus = bus;
        this.cache = cache;
    }

    @Override
    public Level level() {
        return Level.L1;
    }

    @Override
    public Flow answer(Question question) {
        return new KnownFlow(told -> consult(question, told));
    }

    private Future<Optional<Answer>> consult(Question question, Telling told) {
        if (question.text().length() > Knowledge.QUESTION_CHARS_MAX) {
            told.passes(Outcome.SKIPPED, "too long to look for");
            return Future.succeededFuture(Optional.empty());
        }
        long epoch = cache.epoch();
        return bus.ask(new Consult(question.text())).map(found -> {
            if (!found.answered()) {
                told.passes(Outcome.MISS, found.reason());
                return Optional.empty();
            }
            Answer answer = answer(found);
            cache.keep(question.tenant(), question.text(), answer, epoch);
            told.answers(found.reason());
            return Optional.of(answer);
        });
    }

    private static Answer answer(Consulted found) {
        return new Answer(found.answer(), true, Level.L1, List.of(), found.citations(), 0);
    }
}
