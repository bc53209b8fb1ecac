package skynet.kit;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import skynet.bus.Fault;

/**
 * Writes many small things in few writings: what comes while others are written waits and goes together. Who comes alone waits
 * for nobody. So a thousand askers need a few connections to the database, and one durable write serves many of them.
 *
 * @param <Q> what is written
 * @param <R> what comes of it
 */
public final class Gathering<Q, R> {
    private final int atOnce;
    private final int together;
    private final int waitingMax;
    private final Function<List<Q>, Future<List<R>>> writer;
    private final Deque<Entry<Q, R>> waiting = new ArrayDeque<>();
    private int underWay;

    /**
     * A gathering that is empty.
     *
     * @param atOnce writings at the same time
     * @param together how many go into one
     * @param waitingMax how many wait; one more is BUSY
     * @param writer writes, and answers what came of each in the same order
     */
    public Gathering(int atOnce, int together, int waitingMax, Function<List<Q>, Future<List<R>>> writer) {
        this.atOnce = atOnce;
        this.together = together;
        this.waitingMax = waitingMax;
        this.writer = writer;
    }

    /** Writes one, soon. It fails as its writing does. */
    public Future<R> add(Q one) {
        Entry<Q, R> entry = new Entry<>(one, Promise.promise());
        synchronized (this) {
            if (waiting.size() >= waitingMax) {
                return Future.failedFuture(
                        new Fault(Fault.Kind.BUSY, "database: " + waitingMax + " writes wait (expected: fewer)"));
            }
            waiting.add(entry);
        }
        proceed();
        return entry.promise().future();
    }

    private void proceed() {
        for (List<Entry<Q, R>> batch = next(); !batch.isEmpty(); batch = next()) {
            write(batch);
        }
    }

    private synchronized List<Entry<Q, R>> next() {
        List<Entry<Q, R>> batch = new ArrayList<>();
        while (underWay < atOnce && batch.size() < together && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        underWay += batch.isEmpty() ? 0 : 1;
        return batch;
    }

    private void write(List<Entry<Q, R>> batch) {
        Future<List<R>> written;
        try {
            written = writer.apply(batch.stream().map(Entry::one).toList());
        } catch (RuntimeException e) {
            written = Future.failedFuture(e);
        }
        written.onComplete(result -> {
            synchronized (this) {
                underWay--;
            }
            for (int place = 0; place < batch.size(); place++) {
                Promise<R> promise = batch.get(place).promise();
                if (result.succeeded()) {
                    promise.tryComplete(result.result().get(place));
                } else {
                    promise.tryFail(result.cause());
                }
            }
            proceed();
        });
    }

    /** One thing and who waits for it. */
    private record Entry<Q, R>(Q one, Promise<R> promise) {}
}
