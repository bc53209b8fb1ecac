package skynet.sim;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import skynet.bus.Cascade;
import skynet.bus.Fault;
import skynet.bus.Stream.Frame;
import skynet.bus.stream.Segment;
import skynet.cascade.AnswerStore;

/** The store of answers piece by piece where nobody asks for any: the protocol that needs it has a simulation of its own. */
public final class NoAnswerStore implements AnswerStore {
    @Override
    public Future<Claim> begin(Cascade.Begin ask, int owner) {
        return none();
    }

    @Override
    public Future<Claim> takeOver(String tenant, String id, int attempt, int owner) {
        return none();
    }

    @Override
    public Future<Asked> find(String tenant, String id) {
        return none();
    }

    @Override
    public Future<Keeping> keep(Segment segment) {
        return none();
    }

    @Override
    public Future<List<Frame>> read(String tenant, String id, long from) {
        return none();
    }

    @Override
    public Future<Void> release(int owner) {
        return none();
    }

    @Override
    public Future<Void> interrupt(Duration silence) {
        return none();
    }

    @Override
    public Future<Integer> forget(String tenant, List<String> ids) {
        return Future.succeededFuture(0);
    }

    @Override
    public Future<Void> forget(Duration age) {
        return none();
    }

    private static <T> Future<T> none() {
        return Future.failedFuture(new Fault(Fault.Kind.UNAVAILABLE, "answers: not simulated here"));
    }
}
