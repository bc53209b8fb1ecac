package skynet.status;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import skynet.bus.Status;
import skynet.kit.Database;

/** The days of one node in PostgreSQL. Days are written as totals that only grow, so that writing twice does no harm. */
public final class StatusStore {
    /** Older days are let go. */
    static final int DAYS_KEPT = 400;

    private static final String DAYS =
            """
            SELECT part, day, up_seconds, down_seconds
              FROM status.day
             WHERE node = $1
               AND day > $2
             ORDER BY part, day
            """;

    private static final String KEEP =
            """
            INSERT INTO status.day (node, part, day, up_seconds, down_seconds)
            VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (node, part, day) DO UPDATE
               SET up_seconds = excluded.up_seconds,
                   down_seconds = excluded.down_seconds
             WHERE day.up_seconds + day.down_seconds < excluded.up_seconds + excluded.down_seconds
            """;

    private static final String LET_GO =
            """
            DELETE FROM status.day
             WHERE node = $1
               AND day <= $2
            """;

    private final Database database;
    private final int node;

    public StatusStore(Database database, int node) {
        this.database = database;
        this.node = node;
    }

    /** The days that are still told, by part. */
    Future<Map<String, List<Status.Day>>> days(int today) {
        return database.run(DAYS, Tuple.of(node, LocalDate.ofEpochDay(today - Status.DAYS)))
                .map(rows -> {
                    Map<String, List<Status.Day>> days = new TreeMap<>();
                    for (Row row : rows) {
                        days.computeIfAbsent(row.getString("part"), part -> new ArrayList<>())
                                .add(day(row));
                    }
                    return days;
                });
    }

    /** Writes days down, all or none. */
    Future<Void> keep(Map<String, List<Status.Day>> days) {
        List<Tuple> rows = new ArrayList<>();
        days.forEach((part, list) -> list.forEach(day -> rows.add(
                Tuple.of(node, part, LocalDate.ofEpochDay(day.epochDay()), day.upSeconds(), day.downSeconds()))));
        return database.together(connection -> Database.each(connection, KEEP, rows));
    }

    /** Lets days go that are older than {@value #DAYS_KEPT} days. */
    Future<Void> letGo(int today) {
        return database.run(LET_GO, Tuple.of(node, LocalDate.ofEpochDay(today - DAYS_KEPT)))
                .mapEmpty();
    }

    private static Status.Day day(Row row) {
        return new Status.Day(
                (int) row.getLocalDate("day").toEpochDay(),
                row.getInteger("up_seconds"),
                row.getInteger("down_seconds"));
    }
}
