package skynet.cascade;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;
import skynet.bus.Cascade.Answer;
import skynet.bus.Fault;

/** The flow of a level that finds its answer as a whole: it looks, and recites what it found. */
final class KnownFlow implements Flow {
    private final Function<Telling, Future<Optional<Answer>>> search;
    private Recital recital;
    private boolean paused;
    private boolean cancelled;

    /** A level that looks and tells on its own whether it answers; empty when it passed. */
    KnownFlow(Function<Telling, Future<Optional<Answer>>> search) {
        this.search = search;
    }

    @Override
    public void begin(Telling told) {
        search.apply(told)
                .onSuccess(found -> found.ifPresent(answer -> recite(answer, told)))
                .onFailure(failure -> told.fails(
                        failure instanceof Fault fault
                                ? fault
                                : new Fault(Fault.Kind.BROKEN, String.valueOf(failure.getMessage()))));
    }

    @Override
    public void pause() {
        paused = true;
        if (recital != null) {
            recital.hold();
        }
    }

    @Override
    public void resume() {
        paused = false;
        if (recital != null) {
            recital.goOn();
        }
    }

    @Override
    public void cancel(String reason) {
        cancelled = true;
        if (recital != null) {
            recital.end();
        }
    }

    private void recite(Answer answer, Telling told) {
        if (cancelled) {
            return;
        }
        recital = new Recital(answer, told);
        if (paused) {
            recital.hold();
        } else {
            recital.goOn();
        }
    }
}
