package skynet.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Keeps some calls on their way, from one event loop, until enough are answered; a wrong answer ends it. */
final class Load {
    private static final int PATIENCE_SECONDS = 300;

    private final Supplier<Future<Boolean>> call;
    private final Promise<Void> done = Promise.promise();
    private int left;
    private int open;

    private Load(Supplier<Future<Boolean>> call, int calls) {
        this.call = call;
        this.left = calls;
    }

    /**
     * A turn of so many calls, so many of them at once, made on the caller's event loop.
     *
     * @param threads whose processor time is counted
     * @param call makes one call and tells whether its answer was right
     */
    static Turns.Turn turn(Context caller, int atOnce, int calls, long[] threads, Supplier<Future<Boolean>> call) {
        return turn(caller, atOnce, calls, () -> Turns.cpuNanos(threads), call);
    }

    /** The same with a clock of its own for processor time. */
    static Turns.Turn turn(
            Context caller, int atOnce, int calls, LongSupplier cpuNanos, Supplier<Future<Boolean>> call) {
        return () -> {
            long cpu = cpuNanos.getAsLong();
            long start = System.nanoTime();
            await(on(caller, () -> new Load(call, calls).begin(atOnce)));
            return Turns.Took.of(calls, cpuNanos.getAsLong() - cpu, System.nanoTime() - start);
        };
    }

    /** Vert.x with one event loop, so that all its work is done by one thread. */
    static Vertx oneLoop() {
        return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    }

    /** The thread of an event loop. */
    static long threadOf(Context context) throws Exception {
        return await(
                on(context, () -> Future.succeededFuture(Thread.currentThread().getId())));
    }

    /** Does something on an event loop. */
    static <T> Future<T> on(Context context, Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        context.runOnContext(run -> work.get().onComplete(done));
        return done.future();
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private Future<Void> begin(int atOnce) {
        open = atOnce;
        for (int i = 0; i < atOnce; i++) {
            next();
        }
        return done.future();
    }

    private void next() {
        if (left-- <= 0) {
            if (--open == 0) {
                done.tryComplete();
            }
            return;
        }
        call.get().onComplete((right, failure) -> {
            if (failure != null || !right) {
                done.tryFail(new AssertionError("wrong answer", failure));
            } else {
                next();
            }
        });
    }
}
