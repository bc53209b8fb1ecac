package skynet.crawl;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import skynet.bus.Crawl;
import skynet.bus.Fault;
import skynet.kit.Database;

/** Proposed pairs of question and answer in PostgreSQL. The database itself refuses an approval by who proposed. */
public final class PairStore {
    /** Pairs of one proposer that wait. */
    static final int WAITING_MAX = 100;

    /** Pairs of all that wait. */
    static final int WAITING_ALL_MAX = 10_000;

    private static final String PROPOSE =
            """
            INSERT INTO crawl.pair (id, question, answer, source, tenant, proposed_by)
            SELECT $1, $2, $3, $4, $5, $6
             WHERE (SELECT count(*) FROM crawl.pair WHERE state = 'pending' AND proposed_by = $6) < $7
               AND (SELECT count(*) FROM crawl.pair WHERE state = 'pending') < $8
            """;

    private static final String LIST =
            """
            SELECT id, question, answer, source, tenant, proposed_by, state, coalesce(judged_by, '') AS judged_by,
                   (extract(epoch FROM proposed_at) * 1000)::bigint AS proposed,
                   coalesce((extract(epoch FROM judged_at) * 1000)::bigint, 0) AS judged,
                   learned, number
              FROM crawl.pair
             WHERE number > $1
               AND ($2 = '' OR state = $2)
             ORDER BY number
             LIMIT $3
            """;

    private static final String FIND =
            """
            SELECT id, question, answer, source, tenant, proposed_by, state, coalesce(judged_by, '') AS judged_by,
                   (extract(epoch FROM proposed_at) * 1000)::bigint AS proposed,
                   coalesce((extract(epoch FROM judged_at) * 1000)::bigint, 0) AS judged,
                   learned, number
              FROM crawl.pair
             WHERE id = $1
            """;

    private static final String JUDGE =
            """
            UPDATE crawl.pair
               SET state = $2,
                   judged_by = $3,
                   judged_at = now()
             WHERE id = $1
               AND state = 'pending'
               AND proposed_by <> $3
            """;

    private static final String WITHDRAW =
            """
            DELETE FROM crawl.pair
             WHERE id = ANY ($1::uuid[])
               AND state <> 'approved'
            """;

    private static final String LEARNED =
            """
            UPDATE crawl.pair
               SET learned = true
             WHERE id = $1
               AND state = 'approved'
            """;

    /** Approved and not learned: a node ended, or the documents were not there, in between. */
    private static final String UNLEARNED =
            """
            SELECT id, question, answer, source, tenant, proposed_by, state, coalesce(judged_by, '') AS judged_by,
                   (extract(epoch FROM proposed_at) * 1000)::bigint AS proposed,
                   coalesce((extract(epoch FROM judged_at) * 1000)::bigint, 0) AS judged,
                   learned, number
              FROM crawl.pair
             WHERE state = 'approved'
               AND NOT learned
               AND judged_at < now() - interval '30 seconds'
             ORDER BY number
             LIMIT 1
            """;

    private final Database database;

    public PairStore(Database database) {
        this.database = database;
    }

    /** Keeps a proposal that nobody uses yet. */
    Future<Void> propose(UUID id, Crawl.Propose pair, String by) {
        return database.run(
                        PROPOSE,
                        Tuple.tuple()
                                .addUUID(id)
                                .addString(pair.question())
                                .addString(pair.answer())
                                .addString(pair.source())
                                .addString(pair.by().tenant())
                                .addString(by)
                                .addLong((long) WAITING_MAX)
                                .addLong((long) WAITING_ALL_MAX))
                .compose(rows -> rows.rowCount() == 1
                        ? Future.succeededFuture()
                        : Future.failedFuture(new Fault(
                                Fault.Kind.FULL,
                                "pairs: too many wait for approval (expected: at most " + WAITING_MAX
                                        + " of one proposer, " + WAITING_ALL_MAX + " in all)")));
    }

    Future<Crawl.PairPage> list(Crawl.Pairs ask) {
        return database.run(LIST, Tuple.of(ask.after(), ask.state(), ask.limit()))
                .map(rows -> new Crawl.PairPage(
                        stream(rows).map(PairStore::pair).toList(),
                        stream(rows)
                                .mapToLong(row -> row.getLong("number"))
                                .max()
                                .orElse(ask.after())));
    }

    Future<Optional<Crawl.Pair>> find(UUID id) {
        return database.run(FIND, Tuple.of(id))
                .map(rows -> stream(rows).map(PairStore::pair).findFirst());
    }

    /** Judges a pair that waits. Returns whether it did, and not whoever judges had proposed it. */
    Future<Boolean> judge(UUID id, boolean approved, String by) {
        return database.run(JUDGE, Tuple.of(id, approved ? "approved" : "rejected", by))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Deletes those that nobody approved; returns how many. */
    Future<Integer> withdraw(List<UUID> ids) {
        return database.run(WITHDRAW, Tuple.tuple().addArrayOfUUID(ids.toArray(UUID[]::new)))
                .map(RowSet::rowCount);
    }

    Future<Void> learned(UUID id) {
        return database.run(LEARNED, Tuple.of(id)).mapEmpty();
    }

    /** A pair that was approved a while ago and is still not learned. */
    Future<Optional<Crawl.Pair>> unlearned() {
        return database.run(UNLEARNED, Tuple.tuple())
                .map(rows -> stream(rows).map(PairStore::pair).findFirst());
    }

    private static Crawl.Pair pair(Row row) {
        String id = row.getUUID("id").toString();
        return new Crawl.Pair(
                id,
                row.getString("question"),
                row.getString("answer"),
                row.getString("source"),
                row.getString("tenant"),
                row.getString("proposed_by"),
                row.getLong("proposed"),
                row.getString("state"),
                row.getString("judged_by"),
                row.getLong("judged"),
                row.getBoolean("learned") ? Pairs.documentOf(id) : "");
    }

    private static Stream<Row> stream(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }
}
