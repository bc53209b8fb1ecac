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
import skynet.bus.Knowledge.Depth;

/**
 * The levels that answer in the documents' own words: level 1 from a few passages, level 2 from many, which the model on this
 * node, or on a light node that may, has put into order and read sentence by sentence.
 */
final class DocumentsTier implements Tier {
    /** What a light node reads with, as the segments of an answer tell it. */
    private static final String MODEL = "onnx";

    private final Bus bus;
    private final Level level;
    private final Depth depth;

    private DocumentsTier(Bus bus, Level level, Depth depth) {
        this.bus = bus;
        this.level = level;
        this.depth = depth;
    }

    /** Level 1. */
    static Tier quick(Bus bus) {
        return new DocumentsTier(bus, Level.L1, Depth.QUICK);
    }

    /** Level 2. */
    static Tier deep(Bus bus) {
        return new DocumentsTier(bus, Level.L2, Depth.DEEP);
    }

    @Override
    public Level level() {
        return level;
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
        return bus.ask(new Consult(question.text(), question.tenant(), "", depth))
                .map(found -> {
                    String reason =
                            found.engine().isEmpty() ? found.reason() : found.reason() + "; engine: " + found.engine();
                    if (!found.reader().isEmpty()) {
                        told.from(found.reader(), MODEL);
                    }
                    if (!found.answered()) {
                        told.passes(Outcome.MISS, reason);
                        return Optional.empty();
                    }
                    told.answers(reason);
                    return Optional.of(new Answer(found.answer(), true, level, List.of(), found.citations(), 0));
                });
    }
}
