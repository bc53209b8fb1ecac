package skynet.auth;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import skynet.bus.Auth;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.bus.Role;
import skynet.kit.Database;

/** API keys in PostgreSQL; of a key only its digest is kept. */
public final class KeyStore {
    /** Keys an account has at most that are not revoked. */
    static final int PER_ACCOUNT_MAX = 100;

    private static final String BETWEEN = " ";

    private static final String COUNT =
            """
            SELECT count(*) AS kept
              FROM auth.key
             WHERE account IS NOT DISTINCT FROM $1
               AND revoked_at IS NULL
            """;

    private static final String ADD =
            """
            INSERT INTO auth.key (id, account, name, hint, scopes, sha256, ends_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """;

    private static final String WHO =
            """
            SELECT k.id, k.scopes, k.ends_at, a.id AS account, a.tenant, a.role,
                   k.used_at IS NULL OR k.used_at < now() - interval '1 minute' AS stale
              FROM auth.key k
              LEFT JOIN auth.account a
                ON a.id = k.account
             WHERE k.sha256 = $1
               AND k.revoked_at IS NULL
               AND (k.ends_at IS NULL OR k.ends_at > now())
               AND (k.account IS NULL OR a.enabled)
            """;

    private static final String USED =
            """
            UPDATE auth.key
               SET used_at = now()
             WHERE id = $1
            """;

    private static final String LIST =
            """
            SELECT k.id, k.name, k.hint, k.scopes, coalesce(a.email, '') AS owner,
                   k.made_at, k.ends_at, k.used_at, k.revoked_at
              FROM auth.key k
              LEFT JOIN auth.account a
                ON a.id = k.account
             WHERE $2 OR k.account = $1
             ORDER BY k.made_at DESC
             LIMIT 1000
            """;

    private static final String REVOKE =
            """
            UPDATE auth.key
               SET revoked_at = coalesce(revoked_at, now())
             WHERE id = $1
               AND ($3 OR account = $2)
            """;

    private static final String REVOKE_ALL =
            """
            UPDATE auth.key
               SET revoked_at = now()
             WHERE account = $1
               AND revoked_at IS NULL
            """;

    private final Database database;

    public KeyStore(Database database) {
        this.database = database;
    }

    /** Whose a key is, now; {@code stale} when it should be written down that it was used. */
    record Live(UUID id, Principal principal, boolean stale) {}

    /** Keeps a key; {@code account} is null for one of the machine. {@code endsSeconds} since 1970, 0: no end. */
    Future<Void> add(UUID id, UUID account, Auth.MakeKey made, String hint, byte[] sha256) {
        OffsetDateTime ends = made.endsSeconds() == 0
                ? null
                : Instant.ofEpochSecond(made.endsSeconds()).atOffset(ZoneOffset.UTC);
        return database.run(COUNT, Tuple.of(account))
                .compose(rows -> rows.iterator().next().getLong("kept") >= PER_ACCOUNT_MAX
                        ? Future.failedFuture(new Fault(
                                Fault.Kind.CONFLICT,
                                "keys: " + PER_ACCOUNT_MAX + " (expected: fewer; revoke one first)"))
                        : database.run(ADD, Tuple.from(new Object[] {
                            id,
                            account,
                            made.name(),
                            hint,
                            String.join(BETWEEN, made.scopes()),
                            Buffer.buffer(sha256),
                            ends
                        })))
                .mapEmpty();
    }

    Future<Optional<Live>> of(byte[] sha256) {
        return database.run(WHO, Tuple.of(Buffer.buffer(sha256)))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(live(rows.iterator().next())));
    }

    Future<Void> used(UUID id) {
        return database.run(USED, Tuple.of(id)).mapEmpty();
    }

    /** The keys of an account, or all. */
    Future<List<Auth.Key>> list(UUID account, boolean all) {
        return database.run(LIST, Tuple.of(account, all)).map(rows -> {
            List<Auth.Key> keys = new ArrayList<>();
            rows.forEach(row -> keys.add(key(row)));
            return keys;
        });
    }

    /** Revokes a key of an account, or any; tells whether there was one. */
    Future<Boolean> revoke(UUID id, UUID account, boolean any) {
        return database.run(REVOKE, Tuple.of(id, account, any)).map(rows -> rows.rowCount() == 1);
    }

    /** Revokes all keys of an account. */
    Future<Void> revokeAll(UUID account) {
        return database.run(REVOKE_ALL, Tuple.of(account)).mapEmpty();
    }

    private static Auth.Key key(Row row) {
        return new Auth.Key(
                row.getUUID("id").toString(),
                row.getString("name"),
                row.getString("hint"),
                List.of(row.getString("scopes").split(BETWEEN)),
                row.getString("owner"),
                AccountStore.seconds(row.getOffsetDateTime("made_at")),
                AccountStore.seconds(row.getOffsetDateTime("ends_at")),
                AccountStore.seconds(row.getOffsetDateTime("used_at")),
                AccountStore.seconds(row.getOffsetDateTime("revoked_at")));
    }

    /** A key may what it was given, as long as its owner may it too. */
    private static Live live(Row row) {
        UUID id = row.getUUID("id");
        UUID account = row.getUUID("account");
        Role role = account == null ? Role.ADMIN : AccountStore.role(row.getString("role"));
        List<String> given = List.of(row.getString("scopes").split(BETWEEN));
        List<String> scopes = role.scopes().stream().filter(given::contains).toList();
        return new Live(
                id,
                new Principal(
                        account == null ? "" : account.toString(),
                        account == null ? Principal.MACHINE : row.getString("tenant"),
                        role,
                        scopes,
                        id.toString(),
                        0,
                        AccountStore.seconds(row.getOffsetDateTime("ends_at"))),
                row.getBoolean("stale"));
    }
}
