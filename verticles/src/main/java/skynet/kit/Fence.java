package skynet.kit;

import java.util.Objects;
import skynet.bus.Fault;

/**
 * What makes a write of a former holder of a role harmless: the write carries the epoch of the role, and the same statement
 * refuses it once the epoch has passed.
 *
 * <pre>
 * WITH fence AS (
 *     SELECT 1 FROM mesh.lease WHERE role = $3 AND epoch = $4 FOR KEY SHARE
 * )
 * INSERT INTO swarm.node (id, name)
 * SELECT $1, $2
 *   FROM fence
 * </pre>
 *
 * <p>The row of the lease is locked until the write is committed, so that a takeover comes before or after it as a whole.
 * Renewals are not held up. Several statements that take effect together begin with {@link #LOCK}, which does the same; a
 * node that stops in the middle of them holds up a takeover until the server ends its transaction, after two seconds.
 */
public record Fence(String role, long epoch) {
    /** Locks the lease of a role ($1) in an epoch ($2) until the transaction ends; no row when the epoch has passed. */
    public static final String LOCK =
            """
            SELECT 1
              FROM mesh.lease
             WHERE role = $1
               AND epoch = $2
               FOR KEY SHARE
            """;

    public Fence {
        Objects.requireNonNull(role, "role");
        if (epoch < 1) {
            throw new IllegalArgumentException("epoch: " + epoch + " (expected: 1 or more)");
        }
    }

    /** The query named {@code fence} of one row, or none when the epoch has passed; the numbers are those of parameters. */
    public static String guard(int roleAt, int epochAt) {
        return "fence AS (SELECT 1 FROM mesh.lease WHERE role = $" + roleAt + " AND epoch = $" + epochAt
                + " FOR KEY SHARE)";
    }

    /** What the caller of a guarded write hears that took no effect; whoever asks the present holder again is served. */
    public Fault passed() {
        return new Fault(
                Fault.Kind.CONFLICT, role + ": epoch " + epoch + " has passed (expected: that of its holder now)");
    }

    /** Whether a guarded write of this role took no effect because its epoch has passed, here or at another node. */
    static boolean isPassed(Throwable failure, String role) {
        return failure instanceof Fault fault
                && fault.kind() == Fault.Kind.CONFLICT
                && fault.getMessage().startsWith(role + ": epoch ");
    }
}
