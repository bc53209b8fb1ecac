package skynet.mesh;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import skynet.bus.Mesh;

/** Where leases are kept: one clock and one row for each role, on which all nodes agree. */
public interface LeaseStore {
    /** Every lease there is, with the time left by the store's clock. */
    Future<List<Mesh.Lease>> all();

    /** One lease; empty when nobody ever had the role. */
    Future<Optional<Mesh.Lease>> look(String role);

    /** Keeps a lease for {@code ttlMillis} from now; false when its epoch has passed. */
    Future<Boolean> renew(String role, int holder, long epoch, long ttlMillis);

    /**
     * Takes a role over: with the epoch after {@code seen}, when that is still the last one and either was the node's own
     * or ended at least {@code waitMillis} ago; with epoch 1 when {@code seen} is 0 and there is no lease. False when
     * somebody was faster, or still has it.
     */
    Future<Boolean> claim(String role, int holder, long seen, long waitMillis, long ttlMillis);

    /** Gives a lease back at once; nothing happens when its epoch has passed. */
    Future<Void> release(String role, int holder, long epoch);
}
