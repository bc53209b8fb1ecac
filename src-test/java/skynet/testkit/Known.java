package skynet.testkit;

import io.vertx.core.Future;
import java.util.Locale;
import skynet.bus.Auth;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.bus.Role;

/** Stands in for the room {@code auth}: a token is the name of a role, and whoever shows it has that role. */
public final class Known {
    private Known() {}

    /** Answers on this bus who shows a token. */
    public static Future<Void> on(Bus bus) {
        return bus.serve(Auth.Identify.class, shown -> {
            try {
                return Future.succeededFuture(new Auth.Identified(
                        principal(Role.valueOf(shown.token().toUpperCase(Locale.ROOT)), shown.token())));
            } catch (IllegalArgumentException e) {
                return Future.failedFuture(new Fault(Fault.Kind.UNAUTHENTICATED, "token: not known"));
            }
        });
    }

    /** Somebody of a role. */
    public static Principal principal(Role role, String user) {
        return new Principal(user, "people", role, role.scopes(), "test", 0, 0);
    }
}
