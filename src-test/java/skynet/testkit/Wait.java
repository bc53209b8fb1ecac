package skynet.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for what a test is about, three minutes at most: some machines are slow. */
public final class Wait {
    private static final Duration MAX = Duration.ofMinutes(3);
    private static final Duration BETWEEN = Duration.ofMillis(20);

    private Wait() {}

    /**
     * What the future brings.
     *
     * @throws java.util.concurrent.ExecutionException with what it failed of
     * @throws java.util.concurrent.TimeoutException when it brings nothing
     */
    public static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(MAX.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Until something is so; when it never is, the test fails. */
    public static void until(Callable<Boolean> state) throws Exception {
        long end = System.nanoTime() + MAX.toNanos();
        while (!state.call()) {
            assertTrue(System.nanoTime() < end, "not within " + MAX);
            Thread.sleep(BETWEEN.toMillis());
        }
    }
}
