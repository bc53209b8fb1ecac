package skynet.auth;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import skynet.bus.Fault;

/**
 * Asks somebody who is logged in for the password again: a session may be left open on a desk, or stolen. So many guesses
 * for an account, wherever they come from, and one at a time. Belongs to one event loop.
 */
final class Vouching {
    static final int GUESSES_MAX = 5;

    private final PasswordWorker passwords;
    private final Throttle guesses;
    private final Set<UUID> inside = new HashSet<>();

    Vouching(PasswordWorker passwords, InstantSource clock) {
        this.passwords = passwords;
        this.guesses = new Throttle(GUESSES_MAX, Duration.ofMinutes(5), clock);
    }

    /** Seconds to wait before the password of this account is looked at; 0: now. */
    int waitSeconds(UUID account) {
        return inside.contains(account) ? 1 : guesses.waitSeconds(account.toString());
    }

    /** Does what the password is needed for, once it is the right one; until that is done nobody else is asked. */
    <T> Future<T> when(AccountStore.Kept account, String current, Supplier<Future<T>> work) {
        UUID id = account.id();
        if (waitSeconds(id) > 0) {
            return Future.failedFuture(new Fault(Fault.Kind.THROTTLED, "current: too many attempts (expected: later)"));
        }
        guesses.count(id.toString());
        inside.add(id);
        return passwords
                .matches(current, account.password())
                .compose(right -> {
                    if (!right) {
                        throw new Fault(Fault.Kind.DENIED, "current: not the password");
                    }
                    guesses.forgive(id.toString());
                    return work.get();
                })
                .onComplete(done -> inside.remove(id));
    }
}
