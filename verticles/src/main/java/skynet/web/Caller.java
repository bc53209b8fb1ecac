package skynet.web;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;
import skynet.bus.Principal;
import skynet.kit.Tolls;

/** Who asks: {@link Guard} finds out before the route runs, and the route reads it here. */
final class Caller {
    private static final String KEY = "caller";
    private static final String AGAIN = "caller-again";

    private static final String PAYER = "caller-payer";

    private Caller() {}

    /** Who asks. A request on which nobody has looked yet has no caller, and asking for one is a mistake of ours. */
    static Principal of(RoutingContext request) {
        Principal principal = request.get(KEY);
        if (principal == null) {
            throw new IllegalStateException("caller: not known yet (expected: a route behind the guard)");
        }
        return principal;
    }

    /** Who asks, looked up again: a socket lives longer than what was shown when it was opened. */
    static Supplier<Future<Principal>> again(RoutingContext request) {
        return request.get(AGAIN);
    }

    /** From where it is asked, for what is counted; a request on which nobody has looked yet counts for itself. */
    static Tolls.Payer payer(RoutingContext request) {
        Tolls.Payer payer = request.get(PAYER);
        return payer == null ? new Tolls(System::nanoTime, false, Refusal::tooMany).from("") : payer;
    }

    static void put(RoutingContext request, Tolls.Payer payer) {
        request.put(PAYER, payer);
    }

    static void put(RoutingContext request, Principal principal, Supplier<Future<Principal>> again) {
        request.put(KEY, principal);
        request.put(AGAIN, again);
    }
}
