package skynet.cascade;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import skynet.bus.Cascade.Level;
import skynet.bus.Fault;
import skynet.bus.Telemetry;
import skynet.bus.Telemetry.Price;
import skynet.bus.Telemetry.Sum;
import skynet.bus.Telemetry.Verdict;
import skynet.kit.Database;

/**
 * The diary of requests and the table of prices in PostgreSQL. Requests are in one partition a day, made ahead of time; what
 * is too old is dropped with its partition. Their sums by day are moved by the statement that writes them.
 */
public final class RequestStore {
    /** Partitions that are there before their day begins: so long may the making of new ones fail. */
    static final int DAYS_AHEAD = 7;

    /** Of each level the last so many answers tell how long it takes. */
    static final int TIMED_MAX = 10_000;

    private static final DateTimeFormatter SUFFIX = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT);

    /** Nodes that make and drop partitions do it one after the other. */
    private static final String ALONE = "SELECT pg_advisory_xact_lock(hashtext('cascade.request'))";

    private static final String PARTITIONS =
            """
            SELECT c.relname AS name
              FROM pg_inherits i
              JOIN pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = 'cascade.request'::regclass
             ORDER BY c.relname
            """;

    /** A request counts at the level that answered last; what each of its segments took counts at the level that gave it. */
    private static final String WRITE =
            """
            WITH written AS (
                INSERT INTO cascade.request
                       (at, entry, node, message, tenant, level, band, policy, outcome, finish, first_millis, level_millis,
                        millis, chars, tokens_in, tokens_out, cost, price_version, unpriced, segments, steps,
                        question_hash)
                SELECT at, entry, node, message, tenant, level, band, policy, outcome, finish, first_millis, level_millis,
                       millis, chars, tokens_in, tokens_out, cost, price_version, unpriced, segments, steps,
                       question_hash
                  FROM jsonb_to_recordset($1)
                    AS r (at timestamptz, entry uuid, node integer, message text, tenant text, level smallint,
                          band text, policy text, outcome text, finish text, first_millis integer,
                          level_millis integer, millis integer, chars integer, tokens_in bigint, tokens_out bigint,
                          cost double precision, price_version integer, unpriced boolean, segments jsonb,
                          steps jsonb, question_hash text)
                    ON CONFLICT DO NOTHING
             RETURNING (at AT TIME ZONE 'UTC')::date AS day, level, outcome, unpriced, millis, segments
            ), booked AS (
                SELECT day, level, outcome, 1 AS requests, 0 AS tokens_in, 0 AS tokens_out, 0.0 AS cost,
                       unpriced::integer AS unpriced, millis
                  FROM written
                 UNION ALL
                SELECT day, substr(s.level, 2)::smallint, outcome, 0, s.tokens_in, s.tokens_out, s.cost, 0, 0
                  FROM written
                 CROSS JOIN LATERAL jsonb_to_recordset(segments)
                    AS s (level text, tokens_in bigint, tokens_out bigint, cost double precision)
            )
            INSERT INTO cascade.request_day AS d
                   (day, level, outcome, requests, tokens_in, tokens_out, cost, unpriced, millis, millis_most)
            SELECT day, level, outcome, sum(requests), sum(tokens_in), sum(tokens_out), sum(cost), sum(unpriced),
                   sum(millis), max(millis)
              FROM booked
             GROUP BY 1, 2, 3
             ORDER BY 1, 2, 3
                ON CONFLICT (day, level, outcome) DO UPDATE
               SET requests = d.requests + excluded.requests,
                   tokens_in = d.tokens_in + excluded.tokens_in,
                   tokens_out = d.tokens_out + excluded.tokens_out,
                   cost = d.cost + excluded.cost,
                   unpriced = d.unpriced + excluded.unpriced,
                   millis = d.millis + excluded.millis,
                   millis_most = greatest(d.millis_most, excluded.millis_most)
            """;

    private static final String TIMINGS =
            """
            SELECT l.level,
                   count(*) AS answers,
                   percentile_disc(0.5) WITHIN GROUP (ORDER BY r.level_millis) AS p50,
                   percentile_disc(0.95) WITHIN GROUP (ORDER BY r.level_millis) AS p95,
                   count(*) FILTER (WHERE r.level_millis <= l.target) AS within
              FROM unnest($1::integer[]) WITH ORDINALITY AS l (target, level)
             CROSS JOIN LATERAL (
                   SELECT level_millis
                     FROM cascade.request
                    WHERE level = l.level - 1
                      AND at > $2
                      AND level_millis IS NOT NULL
                    ORDER BY at DESC
                    LIMIT $3) r
             GROUP BY l.level
             ORDER BY l.level
            """;

    private static final String SUMS =
            """
            WITH verdicts AS (
                SELECT (at AT TIME ZONE 'UTC')::date AS day, level, outcome,
                       count(*) FILTER (WHERE verdict = 1) AS praised,
                       count(*) FILTER (WHERE verdict = -1) AS blamed
                  FROM cascade.request
                 WHERE verdict IS NOT NULL
                   AND at >= $1::date
                 GROUP BY 1, 2, 3
            )
            SELECT d.day, d.level, d.outcome, d.requests, d.tokens_in, d.tokens_out, d.cost, d.unpriced, d.millis,
                   d.millis_most, coalesce(v.praised, 0) AS praised, coalesce(v.blamed, 0) AS blamed
              FROM cascade.request_day d
              LEFT JOIN verdicts v USING (day, level, outcome)
             WHERE d.day >= $1::date
             ORDER BY d.day DESC, d.level, d.outcome
            """;

    private static final String RATE =
            """
            UPDATE cascade.request
               SET verdict = $3
             WHERE message = $1
               AND tenant = $2
            """;

    private static final String CHECK_VIOLATION = "23514";

    private static final String PRICES =
            """
            SELECT v.version, v.at, v.by, p.upstream, p.input, p.output
              FROM (SELECT version, at, by
                      FROM cascade.price_version
                     ORDER BY version DESC
                     LIMIT 1) v
              LEFT JOIN cascade.price p ON p.version = v.version
             ORDER BY p.upstream
            """;

    private static final String NEXT_VERSION =
            """
            INSERT INTO cascade.price_version (version, by)
            SELECT $1 + 1, $2
             WHERE $1 = (SELECT coalesce(max(version), 0) FROM cascade.price_version)
                ON CONFLICT DO NOTHING
            """;

    private static final String PRICE =
            """
            INSERT INTO cascade.price (version, upstream, input, output)
            VALUES ($1, $2, $3, $4)
            """;

    private final Database database;

    public RequestStore(Database database) {
        this.database = database;
    }

    /** Makes the partitions of a day and of those that follow, and drops those of days before another one. */
    Future<Void> arrange(LocalDate today, LocalDate oldest) {
        return database.together(connection -> connection
                .preparedQuery(ALONE)
                .execute()
                .compose(locked -> connection.preparedQuery(PARTITIONS).execute())
                .compose(found -> steps(connection, changes(names(found), today, oldest))));
    }

    /** Writes requests down, all or none; one that is there already counts once. INVALID when one is none to the table. */
    Future<Void> write(JsonArray requests) {
        return database.run(WRITE, Tuple.of(requests))
                .<Void>mapEmpty()
                .recover(failure -> Future.failedFuture(
                        failure instanceof PgException refused && isOfARow(refused)
                                ? Fault.invalid(
                                        "telemetry: a row that the table does not take, " + refused.getSqlState())
                                : failure));
    }

    /** Whether the values are to blame, and not a day that has no table yet, which is a check without a name. */
    private static boolean isOfARow(PgException refused) {
        String state = String.valueOf(refused.getSqlState());
        return (state.startsWith("22") || state.startsWith("23"))
                && !(state.equals(CHECK_VIOLATION) && refused.getConstraint() == null);
    }

    /** How long the levels took since then, for targets from L0 to L5. */
    Future<List<Telemetry.Timing>> timings(List<Integer> targets, Instant since) {
        return database.run(
                        TIMINGS, Tuple.of(targets.toArray(new Integer[0]), since.atOffset(ZoneOffset.UTC), TIMED_MAX))
                .map(rows -> {
                    List<Telemetry.Timing> timings = new ArrayList<>();
                    for (Level level : Level.values()) {
                        timings.add(new Telemetry.Timing(level, targets.get(level.ordinal()), 0, 0, 0, 0));
                    }
                    for (Row row : rows) {
                        int place = row.getLong("level").intValue() - 1;
                        timings.set(
                                place,
                                new Telemetry.Timing(
                                        Level.values()[place],
                                        targets.get(place),
                                        row.getLong("answers").intValue(),
                                        row.getInteger("p50"),
                                        row.getInteger("p95"),
                                        row.getLong("within").intValue()));
                    }
                    return timings;
                });
    }

    /** The sums of the days from one on, the newest first. */
    Future<List<Sum>> sums(LocalDate since) {
        return database.run(SUMS, Tuple.of(since)).map(rows -> {
            List<Sum> sums = new ArrayList<>();
            rows.forEach(row -> sums.add(sum(row)));
            return sums;
        });
    }

    /** Notes a verdict on the requests of a message; returns how many there are. */
    Future<Integer> rate(String tenant, String message, Verdict verdict) {
        Short value =
                switch (verdict) {
                    case NONE -> null;
                    case GOOD -> (short) 1;
                    case BAD -> (short) -1;
                };
        return database.run(RATE, Tuple.of(message, tenant, value)).map(RowSet::rowCount);
    }

    /** The prices of the newest version. */
    Future<Telemetry.Prices> prices() {
        return database.run(PRICES, Tuple.tuple()).map(RequestStore::prices);
    }

    /** Writes the next version; CONFLICT when the one that it was made from is not the newest. */
    Future<Telemetry.Prices> set(Telemetry.SetPrices wanted) {
        List<Tuple> rows = wanted.prices().stream()
                .map(price -> Tuple.of(wanted.after() + 1, price.upstream(), price.input(), price.output()))
                .toList();
        return database.together(connection -> connection
                        .preparedQuery(NEXT_VERSION)
                        .execute(Tuple.of(wanted.after(), wanted.by()))
                        .compose(made -> {
                            if (made.rowCount() == 0) {
                                throw new Fault(
                                        Fault.Kind.CONFLICT,
                                        "version: " + wanted.after() + " (expected: the newest; read it again)");
                            }
                            return Database.each(connection, PRICE, rows);
                        }))
                .compose(written -> prices());
    }

    /** What is to be done so that each day from today on has its partition, and none is left from before the oldest. */
    static List<String> changes(List<String> names, LocalDate today, LocalDate oldest) {
        List<String> changes = new ArrayList<>();
        for (int day = 0; day <= DAYS_AHEAD; day++) {
            LocalDate from = today.plusDays(day);
            if (!names.contains(name(from))) {
                changes.add("CREATE TABLE cascade." + name(from) + " PARTITION OF cascade.request FOR VALUES FROM ('"
                        + from + " 00:00:00+00') TO ('" + from.plusDays(1) + " 00:00:00+00')");
            }
        }
        names.stream()
                .filter(name -> name.matches("request_\\d{8}") && name.compareTo(name(oldest)) < 0)
                .forEach(name -> changes.add("DROP TABLE cascade." + name));
        return changes;
    }

    private static String name(LocalDate day) {
        return "request_" + SUFFIX.format(day);
    }

    private static List<String> names(RowSet<Row> rows) {
        List<String> names = new ArrayList<>();
        rows.forEach(row -> names.add(row.getString("name")));
        return names;
    }

    private static Future<Void> steps(SqlConnection connection, List<String> changes) {
        Future<Void> done = Future.succeededFuture();
        for (String change : changes) {
            done = done.compose(before -> connection.query(change).execute()).mapEmpty();
        }
        return done;
    }

    private static Sum sum(Row row) {
        long requests = row.getLong("requests");
        return new Sum(
                (int) row.getLocalDate("day").toEpochDay(),
                Level.values()[row.getShort("level")],
                row.getString("outcome"),
                requests,
                row.getLong("tokens_in"),
                row.getLong("tokens_out"),
                row.getDouble("cost"),
                row.getLong("unpriced"),
                requests == 0 ? 0 : (int) (row.getLong("millis") / requests),
                row.getInteger("millis_most"),
                row.getLong("praised"),
                row.getLong("blamed"));
    }

    private static Telemetry.Prices prices(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return new Telemetry.Prices(0, 0, "", List.of());
        }
        Row first = rows.iterator().next();
        List<Price> prices = new ArrayList<>();
        for (Row row : rows) {
            if (row.getString("upstream") != null) {
                prices.add(new Price(row.getString("upstream"), row.getDouble("input"), row.getDouble("output")));
            }
        }
        return new Telemetry.Prices(
                first.getInteger("version"),
                first.getOffsetDateTime("at").toEpochSecond(),
                first.getString("by"),
                prices);
    }
}
