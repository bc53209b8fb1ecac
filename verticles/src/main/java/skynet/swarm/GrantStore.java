package skynet.swarm;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import skynet.bus.NodeId;
import skynet.bus.Work;
import skynet.kit.Database;

/** Which light nodes may compute, and what is held against them, in PostgreSQL. */
public final class GrantStore {
    private static final String GRANTS =
            """
            SELECT compute.number, compute.strikes, compute.strike
              FROM swarm.compute AS compute
              JOIN swarm.node AS node ON node.number = compute.number AND node.removed_at IS NULL
             WHERE compute.number = ANY ($1)
            """;

    private static final String GRANT =
            """
            INSERT INTO swarm.compute AS compute (number, granted_by)
            SELECT number, $2
              FROM swarm.node
             WHERE number = $1
               AND mode = 'compute'
               AND removed_at IS NULL
                ON CONFLICT (number) DO UPDATE
               SET granted_by = excluded.granted_by,
                   granted_at = now(),
                   strikes = 0,
                   strike = '',
                   struck_at = NULL
            """;

    private static final String REVOKE =
            """
            DELETE FROM swarm.compute
             WHERE number = $1
            """;

    private static final String STRIKE =
            """
            UPDATE swarm.compute
               SET strikes = strikes + 1,
                   strike = $2,
                   struck_at = now()
             WHERE number = $1
            RETURNING strikes
            """;

    private static final String MODE =
            """
            SELECT mode
              FROM swarm.node
             WHERE number = $1
               AND removed_at IS NULL
            """;

    private final Database database;

    public GrantStore(Database database) {
        this.database = database;
    }

    /** What is known of a node that was granted to compute. */
    record Grant(int strikes, String strike) {
        boolean holds() {
            return strikes < Work.STRIKES_MAX;
        }
    }

    /** The grants that these nodes have. */
    Future<Map<NodeId, Grant>> grants(List<NodeId> nodes) {
        Integer[] numbers = nodes.stream().map(NodeId::value).toArray(Integer[]::new);
        return database.run(GRANTS, Tuple.of(numbers)).map(rows -> {
            Map<NodeId, Grant> grants = new HashMap<>();
            for (Row row : rows) {
                grants.put(
                        new NodeId(row.getInteger("number")),
                        new Grant(row.getInteger("strikes"), row.getString("strike")));
            }
            return grants;
        });
    }

    /** Grants a registered node whose mode is compute, with nothing held against it; false when there is none. */
    Future<Boolean> grant(NodeId node, String by) {
        return database.run(GRANT, Tuple.of(node.value(), by)).map(rows -> rows.rowCount() == 1);
    }

    /** Takes the grant back; false when there was none. */
    Future<Boolean> revoke(NodeId node) {
        return database.run(REVOKE, Tuple.of(node.value())).map(rows -> rows.rowCount() == 1);
    }

    /** Counts an answer that was none; empty when the node has no grant any more. */
    Future<OptionalInt> strike(NodeId node, String reason) {
        return database.run(STRIKE, Tuple.of(node.value(), reason))
                .map(rows -> rows.size() == 0
                        ? OptionalInt.empty()
                        : OptionalInt.of(rows.iterator().next().getInteger("strikes")));
    }

    /** The mode in which a node is registered; empty when its number is vacant. */
    Future<Optional<String>> mode(NodeId node) {
        return database.run(MODE, Tuple.of(node.value()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getString("mode")));
    }
}
