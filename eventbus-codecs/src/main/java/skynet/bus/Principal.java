package skynet.bus;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Who asks. A request that belongs to somebody carries it; a room that keeps something keeps it for the tenant and the
 * user that stand here and shows it to nobody else. An older node that sends none is a guest without any scope.
 *
 * @param user the user's id; empty for guests and for the machine itself
 * @param tenant the group that shares caches and quotas; never empty, guests are one of their own
 * @param scopes what may be done now, each {@code room:act}: those of the role, or fewer
 * @param credential what was shown, by its id, so that it can be named and revoked; empty for guests
 * @param provedSeconds when a second factor was last shown, in seconds since 1970; 0: never
 * @param endsSeconds from when on this is no longer true, in seconds since 1970; 0: it has no end
 */
public record Principal(
        String user,
        String tenant,
        Role role,
        List<String> scopes,
        String credential,
        long provedSeconds,
        long endsSeconds) {
    /** The tenant of all who do not say who they are. */
    public static final String GUESTS = "guests";

    /** The tenant of whoever sits at the node's own machine and may read its data directory. */
    public static final String MACHINE = "machine";

    /** The tenant of light nodes; the user is then the node's number, such as {@code NOD100}. */
    public static final String NODES = "nodes";

    /** The tenants that no account is put into. */
    public static final Set<String> RESERVED = Set.of(GUESTS, MACHINE, NODES);

    /** How long a second factor counts for what is dangerous, in seconds. */
    public static final long PROOF_SECONDS = 300;

    /** Whoever does not say who they are, with all that guests may do. */
    public static final Principal GUEST = guest(Role.GUEST.scopes());

    public Principal {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(role, "role");
        tenant = tenant.isEmpty() ? GUESTS : tenant;
        scopes = List.copyOf(scopes);
        Objects.requireNonNull(credential, "credential");
    }

    /** A guest who may do just this. */
    public static Principal guest(List<String> scopes) {
        return new Principal("", GUESTS, Role.GUEST, scopes, "", 0, 0);
    }

    /** Whether this may be done, a scope {@code room:act}. */
    public boolean may(String scope) {
        return scopes.contains(scope);
    }

    /** Whether nobody said who they are. */
    public boolean isGuest() {
        return credential.isEmpty();
    }

    /** Whether a second factor was shown so lately that something dangerous may be done. */
    public boolean provedAt(long nowSeconds) {
        return provedSeconds > 0 && nowSeconds - provedSeconds <= PROOF_SECONDS;
    }

    /** Whether this is still true at a time, in seconds since 1970. */
    public boolean livesAt(long nowSeconds) {
        return endsSeconds == 0 || nowSeconds < endsSeconds;
    }

    /** Names who asks without telling more than the log may know. */
    @Override
    public String toString() {
        return "Principal[" + role + ' ' + (user.isEmpty() ? tenant : user) + ']';
    }
}
