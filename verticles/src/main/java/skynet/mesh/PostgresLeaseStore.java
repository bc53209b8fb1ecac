package skynet.mesh;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skynet.bus.Mesh;
import skynet.kit.Database;

/** Leases in PostgreSQL, whose clock alone says when one ends. */
public final class PostgresLeaseStore implements LeaseStore {
    private static final String ALL =
            """
            SELECT role, holder, epoch,
                   (extract(epoch FROM expires - clock_timestamp()) * 1000)::bigint AS left_millis
              FROM mesh.lease
             ORDER BY role
            """;

    private static final String LOOK =
            """
            SELECT role, holder, epoch,
                   (extract(epoch FROM expires - clock_timestamp()) * 1000)::bigint AS left_millis
              FROM mesh.lease
             WHERE role = $1
            """;

    private static final String RENEW =
            """
            UPDATE mesh.lease
               SET expires = clock_timestamp() + $4 * interval '1 millisecond'
             WHERE role = $1
               AND holder = $2
               AND epoch = $3
            """;

    private static final String BEGIN =
            """
            INSERT INTO mesh.lease (role, holder, epoch, expires)
            VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
                ON CONFLICT (role) DO NOTHING
            """;

    private static final String CLAIM =
            """
            UPDATE mesh.lease
               SET holder = $2,
                   epoch = epoch + 1,
                   expires = clock_timestamp() + $5 * interval '1 millisecond'
             WHERE role = $1
               AND epoch = $3
               AND (holder = $2 OR expires + $4 * interval '1 millisecond' <= clock_timestamp())
            """;

    private static final String RELEASE =
            """
            UPDATE mesh.lease
               SET expires = clock_timestamp()
             WHERE role = $1
               AND holder = $2
               AND epoch = $3
            """;

    private final Database database;

    public PostgresLeaseStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<List<Mesh.Lease>> all() {
        return database.run(ALL, Tuple.tuple()).map(PostgresLeaseStore::leases);
    }

    @Override
    public Future<Optional<Mesh.Lease>> look(String role) {
        return database.run(LOOK, Tuple.of(role))
                .map(rows -> leases(rows).stream().findFirst());
    }

    @Override
    public Future<Boolean> renew(String role, int holder, long epoch, long ttlMillis) {
        return database.run(RENEW, Tuple.of(role, holder, epoch, (double) ttlMillis))
                .map(updated -> updated.rowCount() == 1);
    }

    @Override
    public Future<Boolean> claim(String role, int holder, long seen, long waitMillis, long ttlMillis) {
        return (seen == 0
                        ? database.run(BEGIN, Tuple.of(role, holder, (double) ttlMillis))
                        : database.run(CLAIM, Tuple.of(role, holder, seen, (double) waitMillis, (double) ttlMillis)))
                .map(written -> written.rowCount() == 1);
    }

    @Override
    public Future<Void> release(String role, int holder, long epoch) {
        return database.run(RELEASE, Tuple.of(role, holder, epoch)).mapEmpty();
    }

    private static List<Mesh.Lease> leases(RowSet<Row> rows) {
        List<Mesh.Lease> leases = new ArrayList<>();
        for (Row row : rows) {
            leases.add(new Mesh.Lease(
                    row.getString("role"), row.getInteger("holder"), row.getLong("epoch"), row.getLong("left_millis")));
        }
        return leases;
    }
}
