package skynet.bus;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.internal.ContextInternal;
import java.util.Objects;
import java.util.function.Function;

/**
 * A word that a room of this node serves.
 *
 * @param home where its handler runs when it is served on an event loop; null when a thread of another kind said so
 * @param consumer its address on this node, which is gone when the room is closed
 * @param asked asks of this node that wait for an answer
 * @param work asks that are worked on, also for askers who no longer wait
 */
record Served(
        Class<? extends Record> type,
        String name,
        Reach reach,
        Function<Object, Future<?>> handler,
        ContextInternal home,
        MessageConsumer<?> consumer,
        InFlight.Slot asked,
        InFlight.Slot work) {
    /** The handler's answer; what it throws is one as well. */
    Future<?> answer(Object request) {
        try {
            return Objects.requireNonNull(handler.apply(request), "answer");
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** The same from a thread that is not the room's, which thinks on its own event loop only. */
    Future<?> answerAtHome(Object request) {
        if (home == null) {
            return answer(request);
        }
        Promise<Object> answer = Promise.promise();
        home.runOnContext(turn -> answer(request).map(Object.class::cast).onComplete(answer));
        return answer.future();
    }

    /** Whether the room is still there. */
    boolean isOpen() {
        return consumer.isRegistered();
    }
}
