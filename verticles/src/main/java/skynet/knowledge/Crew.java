package skynet.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that share work of the model among them: as many as there are processors, at most {@value #THREADS_MAX}.
 * Whoever gives work waits for it. Closing lets what was begun come to its end.
 */
final class Crew implements AutoCloseable {
    private static final int THREADS_MAX = 16;

    private final int size =
            Math.max(1, Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors()));
    private final ExecutorService threads;

    Crew(String name) {
        AtomicInteger count = new AtomicInteger();
        threads = Executors.newFixedThreadPool(size, work -> {
            Thread thread = new Thread(work, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Does all of it and returns what came of each, in their order. What fails first is thrown when none is at work any more. */
    <T> List<T> all(List<? extends Callable<T>> work) {
        List<Future<T>> running = new ArrayList<>(work.size());
        for (Callable<T> one : work) running.add(threads.submit(one));
        List<T> done = new ArrayList<>(work.size());
        RuntimeException failure = null;
        for (Future<T> one : running) {
            try {
                if (failure == null) done.add(one.get());
                else one.cancel(false);
            } catch (ExecutionException e) {
                failure = e.getCause() instanceof RuntimeException cause
                        ? cause
                        : new IllegalStateException(e.getCause().getMessage(), e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure = new IllegalStateException("work: interrupted", e);
            }
        }
        if (failure != null) throw failure;
        return done;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
