package skynet.auth;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import skynet.bus.Auth;
import skynet.bus.Fault;
import skynet.bus.Role;
import skynet.kit.Database;

/** Accounts, their second factors and recovery codes in PostgreSQL. */
public final class AccountStore {
    private static final String COLUMNS =
            "id, email, tenant, role, password, made_at, verified_at, enabled, factor, factor_at, factor_step";

    private static final String BY_EMAIL =
            """
            SELECT %s
              FROM auth.account
             WHERE email = $1
            """
                    .formatted(COLUMNS);

    private static final String BY_ID =
            """
            SELECT %s
              FROM auth.account
             WHERE id = $1
            """
                    .formatted(COLUMNS);

    private static final String PAGE =
            """
            SELECT %s
              FROM auth.account
             WHERE email > $1
             ORDER BY email
             LIMIT $2
            """
                    .formatted(COLUMNS);

    private static final String HAS_ADMIN =
            """
            SELECT EXISTS (SELECT FROM auth.account WHERE role = 'admin') AS found
            """;

    private static final String LOCK =
            """
            LOCK TABLE auth.account IN SHARE ROW EXCLUSIVE MODE
            """;

    private static final String ADD =
            """
            INSERT INTO auth.account (id, email, tenant, role, password)
            VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (email) DO NOTHING
            """;

    private static final String SET_PASSWORD =
            """
            UPDATE auth.account
               SET password = $2
             WHERE id = $1
            """;

    private static final String CHANGE =
            """
            UPDATE auth.account
               SET role = coalesce(nullif($2, ''), role),
                   tenant = coalesce(nullif($3, ''), tenant),
                   enabled = coalesce(CAST(nullif($4, '') AS boolean), enabled)
             WHERE id = $1
            """;

    private static final String OTHER_ADMINS =
            """
            SELECT count(*) AS others
              FROM auth.account
             WHERE role = 'admin'
               AND enabled
               AND id <> $1
            """;

    private static final String VERIFIED =
            """
            UPDATE auth.account
               SET verified_at = coalesce(verified_at, now())
             WHERE id = $1
            """;

    /** A confirmed factor is not replaced by one that is only begun. */
    private static final String BEGIN_FACTOR =
            """
            UPDATE auth.account
               SET factor = $2, factor_step = 0
             WHERE id = $1
               AND factor_at IS NULL
            """;

    private static final String CONFIRM_FACTOR =
            """
            UPDATE auth.account
               SET factor_at = now(), factor_step = $2
             WHERE id = $1
               AND factor_at IS NULL
               AND factor_step < $2
            """;

    /** Two who show the same code at once: one of them is first. */
    private static final String USE_STEP =
            """
            UPDATE auth.account
               SET factor_step = $2
             WHERE id = $1
               AND factor_at IS NOT NULL
               AND factor_step < $2
            """;

    private static final String DROP_FACTOR =
            """
            UPDATE auth.account
               SET factor = NULL, factor_at = NULL, factor_step = 0
             WHERE id = $1
            """;

    private static final String ADD_RECOVERY =
            """
            INSERT INTO auth.recovery (account, sha256)
            VALUES ($1, $2)
            """;

    private static final String USE_RECOVERY =
            """
            DELETE FROM auth.recovery
             WHERE account = $1
               AND sha256 = $2
            """;

    private static final String DROP_RECOVERY =
            """
            DELETE FROM auth.recovery
             WHERE account = $1
            """;

    private static final String KEEP_SECRET =
            """
            INSERT INTO auth.secret (sha256)
            VALUES ($1)
                ON CONFLICT (sole) DO UPDATE
               SET sha256 = CASE WHEN $2 THEN excluded.sha256 ELSE auth.secret.sha256 END
            RETURNING sha256
            """;

    private final Database database;

    public AccountStore(Database database) {
        this.database = database;
    }

    /** An account as it is kept; {@code factor} is the secret of the second one, which counts once confirmed. */
    record Kept(Auth.Account shown, UUID id, String password, Optional<byte[]> factor, long factorStep) {
        boolean hasFactor() {
            return shown.secondFactor();
        }

        Role role() {
            return shown.role();
        }

        String tenant() {
            return shown.group();
        }
    }

    Future<Optional<Kept>> byEmail(String email) {
        return database.run(BY_EMAIL, Tuple.of(email)).map(AccountStore::first);
    }

    Future<Optional<Kept>> byId(UUID id) {
        return database.run(BY_ID, Tuple.of(id)).map(AccountStore::first);
    }

    Future<List<Auth.Account>> page(String after, int limit) {
        return database.run(PAGE, Tuple.of(after, limit)).map(rows -> {
            List<Auth.Account> accounts = new ArrayList<>();
            rows.forEach(row -> accounts.add(kept(row).shown()));
            return accounts;
        });
    }

    Future<Boolean> hasAdmin() {
        return database.run(HAS_ADMIN, Tuple.tuple())
                .map(rows -> rows.iterator().next().getBoolean("found"));
    }

    /** Adds an account; whoever is second with the same address is told so. */
    Future<Void> add(UUID id, String email, String tenant, Role role, String password) {
        return database.run(ADD, Tuple.of(id, email, tenant, role.text(), password))
                .map(added -> added.rowCount())
                .compose(AccountStore::added);
    }

    /** Adds the first administrator, of all who try at once the first. */
    Future<Void> addFirstAdmin(UUID id, String email, String tenant, String password) {
        return database.together(connection -> connection
                .query(LOCK)
                .execute()
                .compose(locked -> connection.query(HAS_ADMIN).execute())
                .compose(rows -> rows.iterator().next().getBoolean("found")
                        ? Future.failedFuture(
                                new Fault(Fault.Kind.CONFLICT, "setup: done before (expected: log in instead)"))
                        : connection
                                .preparedQuery(ADD)
                                .execute(Tuple.of(id, email, tenant, Role.ADMIN.text(), password)))
                .map(RowSet::rowCount)
                .compose(AccountStore::added));
    }

    Future<Void> setPassword(UUID id, String password) {
        return database.run(SET_PASSWORD, Tuple.of(id, password)).mapEmpty();
    }

    /** Changes what is not empty; the last administrator stays one. */
    Future<Void> change(UUID id, String role, String tenant, String enabled) {
        boolean resigns = !role.isEmpty() && !role.equals(Role.ADMIN.text()) || enabled.equals("false");
        return database.together(connection -> connection
                .query(LOCK)
                .execute()
                .compose(locked -> connection.preparedQuery(OTHER_ADMINS).execute(Tuple.of(id)))
                .compose(rows -> resigns && rows.iterator().next().getLong("others") == 0
                        ? Future.failedFuture(new Fault(
                                Fault.Kind.CONFLICT, "account: the last administrator (expected: another one first)"))
                        : connection.preparedQuery(CHANGE).execute(Tuple.of(id, role, tenant, enabled)))
                .mapEmpty());
    }

    Future<Void> verified(UUID id) {
        return database.run(VERIFIED, Tuple.of(id)).mapEmpty();
    }

    Future<Boolean> beginFactor(UUID id, byte[] secret) {
        return done(BEGIN_FACTOR, Tuple.of(id, Buffer.buffer(secret)));
    }

    /** Confirms a factor, whose code of this step was shown, and keeps recovery codes. */
    Future<Boolean> confirmFactor(UUID id, long step, List<byte[]> recovery) {
        return database.together(connection -> connection
                .preparedQuery(CONFIRM_FACTOR)
                .execute(Tuple.of(id, step))
                .compose(confirmed -> confirmed.rowCount() == 0
                        ? Future.succeededFuture(false)
                        : connection
                                .preparedQuery(DROP_RECOVERY)
                                .execute(Tuple.of(id))
                                .compose(dropped -> Database.each(
                                        connection,
                                        ADD_RECOVERY,
                                        recovery.stream()
                                                .map(code -> Tuple.of(id, Buffer.buffer(code)))
                                                .toList()))
                                .map(true)));
    }

    Future<Boolean> useStep(UUID id, long step) {
        return done(USE_STEP, Tuple.of(id, step));
    }

    Future<Boolean> useRecovery(UUID id, byte[] sha256) {
        return done(USE_RECOVERY, Tuple.of(id, Buffer.buffer(sha256)));
    }

    Future<Void> dropFactor(UUID id) {
        return database.together(connection -> connection
                .preparedQuery(DROP_FACTOR)
                .execute(Tuple.of(id))
                .compose(dropped -> connection.preparedQuery(DROP_RECOVERY).execute(Tuple.of(id)))
                .mapEmpty());
    }

    /** Keeps the digest of the secret that signs tokens, the first or also a later one; tells which one holds. */
    Future<byte[]> keepSecret(byte[] sha256, boolean replace) {
        return database.run(KEEP_SECRET, Tuple.of(Buffer.buffer(sha256), replace))
                .map(rows -> rows.iterator().next().getBuffer("sha256").getBytes());
    }

    private Future<Boolean> done(String sql, Tuple values) {
        return database.run(sql, values).map(rows -> rows.rowCount() == 1);
    }

    private static Future<Void> added(int rows) {
        return rows == 1
                ? Future.succeededFuture()
                : Future.failedFuture(new Fault(Fault.Kind.CONFLICT, "email: has an account (expected: log in)"));
    }

    private static Optional<Kept> first(RowSet<Row> rows) {
        return rows.size() == 0
                ? Optional.empty()
                : Optional.of(kept(rows.iterator().next()));
    }

    private static Kept kept(Row row) {
        UUID id = row.getUUID("id");
        return new Kept(
                new Auth.Account(
                        id.toString(),
                        row.getString("email"),
                        role(row.getString("role")),
                        row.getString("tenant"),
                        row.getBoolean("enabled"),
                        row.getValue("verified_at") != null,
                        row.getValue("factor_at") != null,
                        seconds(row.getOffsetDateTime("made_at"))),
                id,
                row.getString("password"),
                Optional.ofNullable(row.getBuffer("factor")).map(Buffer::getBytes),
                row.getLong("factor_step"));
    }

    static Role role(String text) {
        return Role.valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** A time as seconds since 1970; 0 for none. */
    static long seconds(OffsetDateTime time) {
        return time == null ? 0 : time.toEpochSecond();
    }
}
