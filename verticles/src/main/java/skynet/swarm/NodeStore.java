package skynet.swarm;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import skynet.bus.Fault;
import skynet.bus.NodeClass;
import skynet.bus.NodeId;
import skynet.bus.Nodes;
import skynet.kit.Database;
import skynet.kit.Fence;

/** Registered nodes in PostgreSQL: numbers, keys, the hash of their tokens, and when each was last seen. */
public final class NodeStore {
    private static final int TALLY_PARTS = 16;
    private static final String NUMBERS_USED_UP = "2200H";

    private static final String SALT =
            """
            INSERT INTO swarm.salt (salt)
            VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')))
                ON CONFLICT (single) DO NOTHING
            """;

    private static final String LET_NONCES_GO =
            """
            DELETE FROM swarm.nonce
             WHERE nonce IN (SELECT nonce
                               FROM swarm.nonce
                              WHERE until < now()
                              LIMIT 100)
            """;

    private static final String USE_NONCE =
            """
            INSERT INTO swarm.nonce (nonce, until)
            VALUES ($1, now() + $2 * interval '1 second')
                ON CONFLICT (nonce) DO NOTHING
            """;

    private static final String BY_KEY =
            """
            SELECT number, twin_of, revoked, removed_at IS NOT NULL AS removed
              FROM swarm.node
             WHERE ed25519 = $1
               FOR UPDATE
            """;

    private static final String TWIN =
            """
            SELECT min(number) AS number
              FROM swarm.node
             WHERE fingerprint = (SELECT sha256(salt || convert_to($1, 'UTF8')) FROM swarm.salt)
            """;

    private static final String ADD =
            """
            INSERT INTO swarm.node (number, mode, ed25519, ml_dsa_65, x_wing, fingerprint, twin_of, token_sha256)
            VALUES ($1, $2, $3, $4, $5,
                    (SELECT sha256(salt || convert_to(nullif($6, ''), 'UTF8')) FROM swarm.salt), $7, $8)
                ON CONFLICT (ed25519) DO NOTHING
            """;

    private static final String RENEW =
            """
            UPDATE swarm.node
               SET mode = $2,
                   ml_dsa_65 = $3,
                   x_wing = $4,
                   token_sha256 = $5,
                   removed_at = NULL
             WHERE number = $1
            """;

    private static final String TALLY =
            """
            INSERT INTO swarm.tally AS tally (class, part, nodes)
            VALUES ($1, $2, greatest($3, 0))
                ON CONFLICT (class, part) DO UPDATE
               SET nodes = greatest(tally.nodes + $3, 0)
            """;

    private static final String REMOVE =
            """
            UPDATE swarm.node
               SET removed_at = now(),
                   revoked = revoked OR $2
             WHERE number = $1
               AND removed_at IS NULL
            """;

    private static final String HASHES =
            """
            SELECT number, mode, token_sha256
              FROM swarm.node
             WHERE number = ANY ($1)
               AND removed_at IS NULL
            """;

    private static final String SEEN =
            """
            INSERT INTO swarm.seen AS seen (number, seen_at, home, interval_ms, load)
            SELECT node.number, to_timestamp(beat.at), $2, beat.pause, beat.load
              FROM unnest($1::integer[], $3::bigint[], $4::integer[], $5::integer[]) AS beat (number, at, pause, load)
              JOIN swarm.node AS node ON node.number = beat.number AND node.removed_at IS NULL
                ON CONFLICT (number) DO UPDATE
               SET seen_at = excluded.seen_at,
                   home = excluded.home,
                   interval_ms = excluded.interval_ms,
                   load = excluded.load,
                   up_seconds = seen.up_seconds
                       + CASE WHEN excluded.seen_at - seen.seen_at < 6 * seen.interval_ms * interval '1 millisecond'
                              THEN extract(epoch FROM excluded.seen_at - seen.seen_at)::bigint
                              ELSE 0
                          END
             WHERE seen.seen_at <= excluded.seen_at
            RETURNING number
            """;

    private static final String NODE =
            """
            SELECT node.number, node.mode, node.twin_of, node.registered_at, seen.seen_at, seen.home, seen.load,
                   extract(epoch FROM now() - seen.seen_at) * 1000 / seen.interval_ms AS missed
              FROM swarm.node AS node
              LEFT JOIN swarm.seen AS seen ON seen.number = node.number
            """;

    private static final String PAGE = NODE
            + """
             WHERE node.number > $1
               AND node.number BETWEEN $2 AND $3
               AND node.removed_at IS NULL
             ORDER BY node.number
             LIMIT $4
            """;

    private static final String ONE =
            NODE + """
             WHERE node.number = $1
               AND node.removed_at IS NULL
            """;

    private static final String TALLIES =
            """
            SELECT class, sum(nodes)::integer AS nodes
              FROM swarm.tally
             GROUP BY class
            """;

    private static final String KEYS =
            """
            SELECT ed25519, ml_dsa_65, x_wing
              FROM swarm.node
             WHERE number = $1
               AND removed_at IS NULL
            """;

    private final Database database;

    public NodeStore(Database database) {
        this.database = database;
    }

    /** What a registration came to. */
    record Kept(NodeId node, NodeToken token, boolean again, boolean twin) {}

    /** The hash of a node's token, and what it takes part in. */
    record Hash(Nodes.Mode mode, Buffer sha256) {}

    /** Beats to be written down, each list as long as the others. */
    record Beats(List<Integer> numbers, List<Long> seenSeconds, List<Integer> intervalMillis, List<Integer> loads) {
        Beats() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        void add(int number, long seen, int interval, int load) {
            numbers.add(number);
            seenSeconds.add(seen);
            intervalMillis.add(interval);
            loads.add(load);
        }
    }

    /** Gives a key its number, the one it has or a new one, and a new token; nothing once the fence has passed. */
    Future<Kept> register(Nodes.Register asked, Proof proof, Fence fence, Function<NodeId, NodeToken> mint) {
        return database.run(SALT, Tuple.tuple())
                .compose(salted -> database.run(LET_NONCES_GO, Tuple.tuple()))
                .compose(gone -> database.together(connection -> run(
                                connection, Fence.LOCK, Tuple.of(fence.role(), fence.epoch()))
                        .compose(lease ->
                                lease.size() == 1 ? Future.succeededFuture() : Future.failedFuture(fence.passed()))
                        .compose(ours -> run(
                                connection,
                                USE_NONCE,
                                Tuple.of(Buffer.buffer(proof.nonce()), 2L * Proof.CLOCK_SECONDS_MAX)))
                        .compose(used -> used.rowCount() == 1
                                ? Future.succeededFuture()
                                : Future.failedFuture(new Fault(
                                        Fault.Kind.CONFLICT, "nonce: used before (expected: a new one each time)")))
                        .compose(fresh -> find(connection, proof))
                        .compose(row -> row.isPresent()
                                ? renew(connection, asked, proof, row.get(), mint)
                                : add(connection, asked, proof, mint))))
                .recover(NodeStore::usedUp);
    }

    private static Future<Optional<Row>> find(SqlConnection connection, Proof proof) {
        return run(connection, BY_KEY, Tuple.of(Buffer.buffer(proof.ed25519())))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next()));
    }

    private static Future<Kept> renew(
            SqlConnection connection, Nodes.Register asked, Proof proof, Row row, Function<NodeId, NodeToken> mint) {
        NodeId node = new NodeId(row.getInteger("number"));
        if (row.getBoolean("revoked")) {
            throw new Fault(Fault.Kind.DENIED, node + ": its key was revoked (expected: a key of its own)");
        }
        if (node.kind() != asked.kind()) {
            throw new Fault(
                    Fault.Kind.CONFLICT,
                    "class: " + asked.kind().text() + " (expected: "
                            + node.kind().text() + ", as this key is " + node + ")");
        }
        NodeToken token = mint.apply(node);
        return run(
                        connection,
                        RENEW,
                        Tuple.of(
                                node.value(),
                                asked.mode().text(),
                                Buffer.buffer(proof.mlDsa()),
                                Buffer.buffer(proof.xWing()),
                                Buffer.buffer(token.sha256())))
                .compose(renewed -> row.getBoolean("removed") ? tally(connection, node, 1) : Future.succeededFuture())
                .map(counted -> new Kept(node, token, true, row.getInteger("twin_of") != null));
    }

    private static Future<Kept> add(
            SqlConnection connection, Nodes.Register asked, Proof proof, Function<NodeId, NodeToken> mint) {
        String next = "SELECT nextval('swarm.number_" + asked.kind().name().toLowerCase(Locale.ROOT) + "') AS number";
        return run(connection, next, Tuple.tuple()).compose(rows -> {
            NodeId node = new NodeId(rows.iterator().next().getLong("number").intValue());
            return run(connection, TWIN, Tuple.of(asked.fingerprint()))
                    .compose(twins -> insert(
                            connection,
                            asked,
                            proof,
                            mint.apply(node),
                            asked.fingerprint().isEmpty()
                                    ? null
                                    : twins.iterator().next().getInteger("number")));
        });
    }

    /** Two registrations of one key at once: the later one finds the number of the first. */
    private static Future<Kept> insert(
            SqlConnection connection, Nodes.Register asked, Proof proof, NodeToken token, Integer twin) {
        return run(
                        connection,
                        ADD,
                        Tuple.of(
                                token.node().value(),
                                asked.mode().text(),
                                Buffer.buffer(proof.ed25519()),
                                Buffer.buffer(proof.mlDsa()),
                                Buffer.buffer(proof.xWing()),
                                asked.fingerprint(),
                                twin,
                                Buffer.buffer(token.sha256())))
                .compose(added -> added.rowCount() == 1
                        ? tally(connection, token.node(), 1)
                                .map(counted -> new Kept(token.node(), token, false, twin != null))
                        : Future.failedFuture(new Fault(
                                Fault.Kind.BUSY, "keys.ed25519: being registered by another request; try again")));
    }

    /** Takes a node out; false when there is none. A revoked key never comes back. */
    Future<Boolean> remove(NodeId node, boolean revoke) {
        return database.together(connection -> run(connection, REMOVE, Tuple.of(node.value(), revoke))
                .compose(removed -> removed.rowCount() == 0
                        ? Future.succeededFuture(false)
                        : tally(connection, node, -1).map(counted -> true)));
    }

    /** The hashes of those of these nodes that are registered. */
    Future<Map<Integer, Hash>> hashes(List<Integer> numbers) {
        return database.run(HASHES, Tuple.of(numbers.toArray(Integer[]::new))).map(rows -> {
            Map<Integer, Hash> hashes = new HashMap<>();
            for (Row row : rows) {
                hashes.put(
                        row.getInteger("number"),
                        new Hash(Nodes.Mode.of(row.getString("mode")), row.getBuffer("token_sha256")));
            }
            return hashes;
        });
    }

    /** Writes beats down; returns the numbers that are registered and were not heard later at another member. */
    Future<List<Integer>> see(int home, Beats beats) {
        return database.run(
                        SEEN,
                        Tuple.of(
                                beats.numbers().toArray(Integer[]::new),
                                home,
                                beats.seenSeconds().toArray(Long[]::new),
                                beats.intervalMillis().toArray(Integer[]::new),
                                beats.loads().toArray(Integer[]::new)))
                .map(rows -> {
                    List<Integer> written = new ArrayList<>(rows.size());
                    rows.forEach(row -> written.add(row.getInteger("number")));
                    return written;
                });
    }

    /** Registered nodes in order of their numbers. */
    Future<List<Nodes.Node>> page(int after, NodeClass first, NodeClass last, int limit) {
        return database.run(PAGE, Tuple.of(after, first.first(), last.last(), limit))
                .map(rows -> {
                    List<Nodes.Node> page = new ArrayList<>(rows.size());
                    rows.forEach(row -> page.add(node(row)));
                    return page;
                });
    }

    /** One registered node. */
    Future<Optional<Nodes.Node>> one(NodeId node) {
        return database.run(ONE, Tuple.of(node.value()))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(node(rows.iterator().next())));
    }

    /** How many nodes of each class are registered. */
    Future<Map<NodeClass, Integer>> tallies() {
        return database.run(TALLIES, Tuple.tuple()).map(rows -> {
            Map<NodeClass, Integer> tallies = new EnumMap<>(NodeClass.class);
            rows.forEach(row -> tallies.put(NodeClass.of(row.getString("class")), row.getInteger("nodes")));
            return tallies;
        });
    }

    /** The public keys of a node. */
    Future<Optional<Nodes.PublicKeys>> keys(NodeId node) {
        return database.run(KEYS, Tuple.of(node.value())).map(rows -> {
            if (rows.size() == 0) {
                return Optional.empty();
            }
            Row row = rows.iterator().next();
            return Optional.of(new Nodes.PublicKeys(
                    base64(row.getBuffer("ed25519")),
                    base64(row.getBuffer("ml_dsa_65")),
                    base64(row.getBuffer("x_wing"))));
        });
    }

    private static Future<Void> tally(SqlConnection connection, NodeId node, int more) {
        return run(connection, TALLY, Tuple.of(node.kind().name(), node.value() % TALLY_PARTS, more))
                .mapEmpty();
    }

    private static Future<RowSet<Row>> run(SqlConnection connection, String sql, Tuple values) {
        return connection.preparedQuery(sql).execute(values);
    }

    private static Future<Kept> usedUp(Throwable failure) {
        return failure instanceof PgException refused && NUMBERS_USED_UP.equals(refused.getSqlState())
                ? Future.failedFuture(new Fault(
                        Fault.Kind.UNAVAILABLE, "class: every number of it was given (expected: another class)"))
                : Future.failedFuture(failure);
    }

    /** What the database knows of a node's state: as old as the last writing. */
    private static Nodes.Node node(Row row) {
        boolean seen = row.getOffsetDateTime("seen_at") != null;
        double missed = seen ? row.getDouble("missed") : 0;
        int unwritten = Presence.WRITE_SECONDS * 1_000 / Pace.INTERVAL_MILLIS_MIN;
        Nodes.Mode mode = Nodes.Mode.of(row.getString("mode"));
        Nodes.State state = !seen
                ? Nodes.State.UNSEEN
                : missed < Presence.SUSPECT_AFTER + unwritten
                        ? Nodes.State.LIVE
                        : missed < Presence.DEAD_AFTER + unwritten ? Nodes.State.SUSPECT : Nodes.State.DEAD;
        return new Nodes.Node(
                new NodeId(row.getInteger("number")),
                mode.text(),
                Roles.of(mode),
                state,
                row.getOffsetDateTime("registered_at").toEpochSecond(),
                seen ? row.getOffsetDateTime("seen_at").toEpochSecond() : 0,
                seen ? "NOD" + row.getInteger("home") : "",
                seen ? row.getInteger("load") : 0,
                Optional.ofNullable(row.getInteger("twin_of")).orElse(0),
                "");
    }

    private static String base64(Buffer bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.getBytes());
    }
}
