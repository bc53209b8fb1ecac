package skynet.web;

import io.vertx.core.Future;
import java.util.function.Supplier;
import skynet.bus.Fault;
import skynet.bus.Principal;

/** Whose socket it is, as long as what was shown for it is good; then it ends. */
final class Standing {
    private final Supplier<Future<Principal>> again;
    private final Runnable end;
    private Principal last;
    private boolean looking;

    /** A standing of a caller, who is looked up {@code again}; {@code end} closes the socket. */
    Standing(Principal caller, Supplier<Future<Principal>> again, Runnable end) {
        this.last = caller;
        this.again = again;
        this.end = end;
    }

    /** Who it was when it was looked up last. */
    Principal last() {
        return last;
    }

    /** Who it is now. */
    Future<Principal> now() {
        return again.get().map(known -> last = known);
    }

    /** Whether it may end: what guests may has no end. */
    boolean mayEnd() {
        return !last.isGuest();
    }

    /** Ends what has a time to end, when that has come. */
    void expire(long nowSeconds) {
        if (!last.livesAt(nowSeconds)) {
            end.run();
        }
    }

    /** Ends it when what was shown is not good any more; a room that does not answer ends nothing. */
    void look() {
        if (looking || !mayEnd()) {
            return;
        }
        looking = true;
        now().onComplete(looked -> {
            looking = false;
            boolean over = looked.succeeded()
                    ? looked.result().isGuest()
                    : looked.cause() instanceof Fault fault && fault.kind() == Fault.Kind.UNAUTHENTICATED;
            if (over) {
                end.run();
            }
        });
    }

    /** Something is no longer good; ends it when that was shown here. */
    void revoked(String id) {
        if (id.equals(last.credential()) || id.equals(last.user())) {
            end.run();
        }
    }
}
