package skynet.auth;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import skynet.bus.Auth;
import skynet.kit.Database;

/** Mails that nobody carries, and what mails carry, in PostgreSQL. */
public final class MailStore {
    /** Mails that are kept; the oldest go. */
    static final int KEPT_MAX = 200;

    private static final String KEEP =
            """
            INSERT INTO auth.mail (recipient, subject, body)
            VALUES ($1, $2, $3)
            """;

    private static final String TRIM =
            """
            DELETE FROM auth.mail
             WHERE id <= (SELECT max(id) - %d FROM auth.mail)
            """
                    .formatted(KEPT_MAX);

    private static final String LIST =
            """
            SELECT recipient, subject, body, written_at
              FROM auth.mail
             ORDER BY id DESC
            """;

    private static final String DROP_LETTERS =
            """
            DELETE FROM auth.letter
             WHERE ends_at < now()
                OR account = $1
               AND purpose = $2
            """;

    private static final String ADD_LETTER =
            """
            INSERT INTO auth.letter (sha256, account, purpose, ends_at)
            VALUES ($1, $2, $3, now() + make_interval(secs => $4))
            """;

    private static final String USE_LETTER =
            """
            DELETE FROM auth.letter
             WHERE sha256 = $1
               AND purpose = $2
               AND ends_at > now()
            RETURNING account
            """;

    private final Database database;

    public MailStore(Database database) {
        this.database = database;
    }

    Future<Void> keep(String recipient, String subject, String text) {
        return database.together(connection -> connection
                .preparedQuery(KEEP)
                .execute(Tuple.of(recipient, subject, text))
                .compose(kept -> connection.query(TRIM).execute())
                .mapEmpty());
    }

    Future<List<Auth.Mail>> list() {
        return database.run(LIST, Tuple.tuple()).map(rows -> {
            List<Auth.Mail> mails = new ArrayList<>();
            rows.forEach(row -> mails.add(new Auth.Mail(
                    row.getString("recipient"),
                    row.getString("subject"),
                    row.getString("body"),
                    AccountStore.seconds(row.getOffsetDateTime("written_at")))));
            return mails;
        });
    }

    /** Keeps what a mail carries; an earlier one for the same purpose is no longer good. */
    Future<Void> addLetter(byte[] sha256, UUID account, String purpose, int seconds) {
        return database.together(connection -> connection
                .preparedQuery(DROP_LETTERS)
                .execute(Tuple.of(account, purpose))
                .compose(dropped -> connection
                        .preparedQuery(ADD_LETTER)
                        .execute(Tuple.of(Buffer.buffer(sha256), account, purpose, (double) seconds)))
                .mapEmpty());
    }

    /** Takes what a mail carried; tells whose it was. */
    Future<Optional<UUID>> useLetter(byte[] sha256, String purpose) {
        return database.run(USE_LETTER, Tuple.of(Buffer.buffer(sha256), purpose))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getUUID("account")));
    }
}
