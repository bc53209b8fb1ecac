package skynet.cascade;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import skynet.bus.stream.Segment;

/**
 * Keeps segments, {@value #AT_ONCE_MAX} at once, so that a thousand streams leave connections to the database for everybody
 * else. Each source has one segment on its way, so no more than that wait. Lives on the room's event loop.
 */
final class Keeper {
    static final int AT_ONCE_MAX = 8;

    private final AnswerStore store;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int atOnce;

    Keeper(AnswerStore store) {
        this.store = store;
    }

    Future<AnswerStore.Keeping> keep(Segment segment) {
        Promise<AnswerStore.Keeping> kept = Promise.promise();
        waiting.add(() -> store.keep(segment).onComplete(kept).onComplete(done -> {
            atOnce--;
            proceed();
        }));
        proceed();
        return kept.future();
    }

    private void proceed() {
        while (atOnce < AT_ONCE_MAX && !waiting.isEmpty()) {
            atOnce++;
            waiting.remove().run();
        }
    }
}
