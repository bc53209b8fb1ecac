package skynet.auth;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import skynet.bus.Auth;
import skynet.bus.Principal;
import skynet.bus.Role;
import skynet.kit.Database;

/** Sessions in PostgreSQL, whose clock judges them: that of a node may jump. */
public final class SessionStore {
    /** A browser's session that was not seen for so long has ended, in seconds; and each so long after it began. */
    static final int BROWSER_IDLE_SECONDS = 24 * 3_600;

    static final int BROWSER_SECONDS = 7 * 24 * 3_600;

    /** So long a refresh token can be used for the next one, in seconds. */
    static final int REFRESH_SECONDS = 30 * 24 * 3_600;

    /** Sessions an account has at most; the oldest ends. */
    static final int PER_ACCOUNT_MAX = 50;

    /** Spent tokens that are known again in a session; an older one is only refused. */
    static final int SPENT_MAX = 256;

    private static final String LIVES = "s.ended_at IS NULL AND s.ends_at > now() AND a.enabled"
            + " AND (s.cookie IS NULL OR s.seen_at > now() - make_interval(secs => " + BROWSER_IDLE_SECONDS
            + "))";

    private static final String ADD =
            """
            INSERT INTO auth.session (id, account, ends_at, proved_at, refresh, cookie, agent, address)
            VALUES ($1, $2, now() + make_interval(secs => $3), CASE WHEN $4 THEN now() END, $5, $6, $7, $8)
            """;

    private static final String END_OLDEST =
            """
            UPDATE auth.session
               SET ended_at = now()
             WHERE ended_at IS NULL
               AND id IN (SELECT id
                            FROM auth.session
                           WHERE account = $1
                             AND ended_at IS NULL
                           ORDER BY begun_at DESC
                          OFFSET %d)
            """
                    .formatted(PER_ACCOUNT_MAX);

    private static final String WHO =
            """
            SELECT s.id, s.account, s.proved_at, s.ends_at, a.tenant, a.role,
                   s.seen_at < now() - interval '1 minute' AS stale
              FROM auth.session s
              JOIN auth.account a
                ON a.id = s.account
             WHERE %s
               AND\s"""
                    .formatted(LIVES);

    private static final String BY_ID = WHO + "s.id = $1";
    private static final String BY_COOKIE = WHO + "s.cookie = $1";
    private static final String BY_REFRESH = WHO + "s.refresh = $1 FOR UPDATE OF s";

    private static final String SEEN =
            """
            UPDATE auth.session
               SET seen_at = now()
             WHERE id = $1
            """;

    private static final String RENEW =
            """
            UPDATE auth.session
               SET refresh = $2, seen_at = now()
             WHERE id = $1
            """;

    private static final String SPEND =
            """
            INSERT INTO auth.spent (sha256, session)
            VALUES ($1, $2)
            """;

    private static final String DROP_SPENT =
            """
            DELETE FROM auth.spent
             WHERE session = $1
               AND sha256 IN (SELECT sha256
                                FROM auth.spent
                               WHERE session = $1
                               ORDER BY spent_at DESC
                              OFFSET %d)
            """
                    .formatted(SPENT_MAX);

    private static final String END_OF_SPENT =
            """
            UPDATE auth.session s
               SET ended_at = coalesce(ended_at, now())
              FROM auth.spent p
             WHERE p.sha256 = $1
               AND s.id = p.session
            RETURNING s.id
            """;

    private static final String END =
            """
            UPDATE auth.session
               SET ended_at = now()
             WHERE id = $1
               AND account = $2
               AND ended_at IS NULL
            """;

    private static final String END_ALL =
            """
            UPDATE auth.session
               SET ended_at = now()
             WHERE account = $1
               AND id <> $2
               AND ended_at IS NULL
            """;

    private static final String PROVED =
            """
            UPDATE auth.session
               SET proved_at = now()
             WHERE id = $1
            RETURNING proved_at
            """;

    private static final String LIST =
            """
            SELECT s.id, s.agent, s.address, s.begun_at, s.seen_at, s.ends_at, s.cookie IS NOT NULL AS browser
              FROM auth.session s
              JOIN auth.account a
                ON a.id = s.account
             WHERE s.account = $1
               AND %s
             ORDER BY s.begun_at DESC
            """
                    .formatted(LIVES);

    private static final String FAMILIAR =
            """
            SELECT EXISTS (SELECT
                             FROM auth.session s
                             JOIN auth.account a
                               ON a.id = s.account
                            WHERE a.email = $1
                              AND s.address = $2) AS found
            """;

    /** What ended long ago is of no use; spent tokens go with their session. */
    private static final String FORGET =
            """
            DELETE FROM auth.session
             WHERE coalesce(ended_at, ends_at) < now() - interval '30 days'
            """;

    private static final UUID NONE = new UUID(0, 0);

    private final Database database;

    public SessionStore(Database database) {
        this.database = database;
    }

    /** Who a session belongs to, now; {@code stale} when it should be written down that it was seen. */
    record Live(UUID id, UUID account, Principal principal, boolean stale) {}

    /** Begins a session with a refresh token or a cookie, of which one is empty. */
    Future<Void> add(UUID id, UUID account, boolean proved, byte[] refresh, byte[] cookie, Auth.Where from) {
        int seconds = cookie.length > 0 ? BROWSER_SECONDS : REFRESH_SECONDS;
        return database.together(connection -> connection
                .preparedQuery(ADD)
                .execute(Tuple.from(new Object[] {
                    id,
                    account,
                    (double) seconds,
                    proved,
                    refresh.length > 0 ? Buffer.buffer(refresh) : null,
                    cookie.length > 0 ? Buffer.buffer(cookie) : null,
                    from.agent(),
                    from.address()
                }))
                .compose(added -> connection.preparedQuery(END_OLDEST).execute(Tuple.of(account)))
                .mapEmpty());
    }

    Future<Optional<Live>> byId(UUID id) {
        return database.run(BY_ID, Tuple.of(id)).map(SessionStore::first);
    }

    Future<Optional<Live>> byCookie(byte[] sha256) {
        return database.run(BY_COOKIE, Tuple.of(Buffer.buffer(sha256))).map(SessionStore::first);
    }

    Future<Void> seen(UUID id) {
        return database.run(SEEN, Tuple.of(id)).mapEmpty();
    }

    /** Takes a refresh token and puts another in its place; nothing when it is none. */
    Future<Optional<Live>> renew(byte[] shown, byte[] next) {
        return database.together(connection -> connection
                .preparedQuery(BY_REFRESH)
                .execute(Tuple.of(Buffer.buffer(shown)))
                .compose(rows -> first(rows)
                        .map(live -> renew(connection, live, shown, next))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty()))));
    }

    private static Future<Optional<Live>> renew(SqlConnection connection, Live live, byte[] shown, byte[] next) {
        return connection
                .preparedQuery(SPEND)
                .execute(Tuple.of(Buffer.buffer(shown), live.id()))
                .compose(spent -> connection.preparedQuery(DROP_SPENT).execute(Tuple.of(live.id())))
                .compose(dropped -> connection.preparedQuery(RENEW).execute(Tuple.of(live.id(), Buffer.buffer(next))))
                .map(Optional.of(live));
    }

    /** Ends the session of a refresh token that was used before; tells which one. */
    Future<Optional<UUID>> endOfSpent(byte[] shown) {
        return database.run(END_OF_SPENT, Tuple.of(Buffer.buffer(shown)))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getUUID("id")));
    }

    Future<Boolean> end(UUID id, UUID account) {
        return database.run(END, Tuple.of(id, account)).map(rows -> rows.rowCount() == 1);
    }

    /** Ends all sessions of an account. */
    Future<Void> endAll(UUID account) {
        return endOthers(account, NONE);
    }

    Future<Void> endOthers(UUID account, UUID but) {
        return database.run(END_ALL, Tuple.of(account, but)).mapEmpty();
    }

    /** Writes down that a second factor was shown; tells when, in seconds since 1970. */
    Future<Long> proved(UUID id) {
        return database.run(PROVED, Tuple.of(id))
                .map(rows -> AccountStore.seconds(rows.iterator().next().getOffsetDateTime("proved_at")));
    }

    Future<List<Auth.Session>> of(UUID account, String current) {
        return database.run(LIST, Tuple.of(account)).map(rows -> {
            List<Auth.Session> sessions = new ArrayList<>();
            rows.forEach(row -> sessions.add(session(row, current)));
            return sessions;
        });
    }

    /** Whether somebody once got into this account from this address. */
    Future<Boolean> familiar(String email, String address) {
        return database.run(FAMILIAR, Tuple.of(email, address))
                .map(rows -> rows.iterator().next().getBoolean("found"));
    }

    Future<Void> forget() {
        return database.run(FORGET, Tuple.tuple()).mapEmpty();
    }

    private static Auth.Session session(Row row, String current) {
        String id = row.getUUID("id").toString();
        return new Auth.Session(
                id,
                row.getString("agent"),
                row.getString("address"),
                AccountStore.seconds(row.getOffsetDateTime("begun_at")),
                AccountStore.seconds(row.getOffsetDateTime("seen_at")),
                AccountStore.seconds(row.getOffsetDateTime("ends_at")),
                row.getBoolean("browser"),
                id.equals(current));
    }

    private static Optional<Live> first(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Optional.empty();
        }
        Row row = rows.iterator().next();
        Role role = AccountStore.role(row.getString("role"));
        UUID account = row.getUUID("account");
        UUID id = row.getUUID("id");
        Principal principal = new Principal(
                account.toString(),
                row.getString("tenant"),
                role,
                role.scopes(),
                id.toString(),
                AccountStore.seconds(row.getOffsetDateTime("proved_at")),
                AccountStore.seconds(row.getOffsetDateTime("ends_at")));
        return Optional.of(new Live(id, account, principal, row.getBoolean("stale")));
    }
}
