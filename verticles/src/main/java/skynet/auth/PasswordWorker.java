package skynet.auth;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import skynet.bus.Fault;

/**
 * Computes Argon2id beside the event loops: two at once, so that whoever logs in takes no more than two processors and 38
 * MiB from everybody else, and a bounded number waits.
 */
final class PasswordWorker {
    static final int AT_ONCE_MAX = 2;

    /** Waiting and working; at 60 ms each the last one waits two seconds. */
    static final int INSIDE_MAX = 64;

    /** An account that does not exist takes as long as one that does: this is compared instead. */
    private final Future<String> nobody;

    private final WorkerExecutor workers;
    private final Tokens tokens;
    private final AtomicInteger inside = new AtomicInteger();

    PasswordWorker(Vertx vertx, Tokens tokens) {
        this.workers = vertx.createSharedWorkerExecutor("skynet-argon2", AT_ONCE_MAX, 10, TimeUnit.SECONDS);
        this.tokens = tokens;
        this.nobody = hash("");
    }

    Future<String> hash(String password) {
        byte[] salt = tokens.bytes(Argon2.SALT_BYTES);
        return work(() -> Argon2.hash(password, salt));
    }

    /** Whether this is the password that is kept; with nothing kept it takes as long and is not. */
    Future<Boolean> matches(String password, String kept) {
        boolean exists = !kept.isEmpty();
        return nobody.compose(none -> work(() -> Argon2.matches(password, exists ? kept : none) && exists));
    }

    int inside() {
        return inside.get();
    }

    private <T> Future<T> work(Callable<T> work) {
        if (inside.incrementAndGet() > INSIDE_MAX) {
            inside.decrementAndGet();
            return Future.failedFuture(new Fault(Fault.Kind.BUSY, "passwords: too many at once (expected: try again)"));
        }
        return workers.executeBlocking(work, false).onComplete(done -> inside.decrementAndGet());
    }
}
