package skynet.messages;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import skynet.bus.Fault;
import skynet.bus.Messages;
import skynet.kit.Database;

/**
 * Inboxes and their messages in PostgreSQL. Whoever sends locks their own row first and the inbox after it, so that two who
 * write to one another never wait for each other.
 */
public final class MessageStore {
    /** Messages that may wait in an inbox, and their bytes; the schema refuses more. */
    static final int INBOX_MESSAGES_MAX = 1_000;

    static final long INBOX_BYTES_MAX = 16L << 20;

    /** The same for an inbox that its owner has never looked into. */
    static final int UNSEEN_MESSAGES_MAX = 20;

    static final long UNSEEN_BYTES_MAX = 256L << 10;

    /** What may wait in all inboxes together, in bytes. */
    static final long TOTAL_BYTES_MAX = 4L << 30;

    /** A message that nobody acknowledges is kept for so long. */
    static final int WAITING_DAYS = 30;

    /** Inboxes from which old messages are taken at once. */
    static final int OVERDUE_MAX = 100;

    /** Messages of one sender that may wait in one inbox, so that nobody fills it alone. */
    static final int SENDER_WAITING_MAX = 100;

    /** What one sender may send in a day (UTC). */
    static final int SENDER_DAY_MESSAGES_MAX = 5_000;

    static final long SENDER_DAY_BYTES_MAX = 64L << 20;

    /** A sender's id of a message is known for so long after it was acknowledged. */
    static final int ACKED_DAYS = 7;

    static final int PURGE_MAX = 1_000;

    private static final String OPEN =
            """
            INSERT INTO messages.inbox (owner)
            VALUES ($1)
                ON CONFLICT (owner) DO NOTHING
            """;

    private static final String IS_OPEN =
            """
            SELECT 1
              FROM messages.inbox
             WHERE owner = $1
            """;

    private static final String LOOK =
            """
            INSERT INTO messages.inbox AS inbox (owner, looked_at)
            SELECT $1, now()
             WHERE NOT EXISTS (SELECT 1
                                 FROM messages.inbox
                                WHERE owner = $1
                                  AND looked_at IS NOT NULL)
                ON CONFLICT (owner) DO UPDATE
               SET looked_at = excluded.looked_at
             WHERE inbox.looked_at IS NULL
            """;

    private static final String CLOSE =
            """
            DELETE FROM messages.inbox
             WHERE owner = $1
            """;

    private static final String BY_CLIENT_ID =
            """
            SELECT id, inbox, sha256 = sha256($3) AS same
              FROM messages.message
             WHERE sender = $1
               AND client_id = $2
            """;

    private static final String COUNT_SENDER =
            """
            INSERT INTO messages.sender AS sender (sender, day, messages, bytes)
            VALUES ($1, (now() AT TIME ZONE 'UTC')::date, 1, $2)
                ON CONFLICT (sender) DO UPDATE
               SET messages = CASE WHEN sender.day = excluded.day THEN sender.messages ELSE 0 END + 1,
                   bytes = CASE WHEN sender.day = excluded.day THEN sender.bytes ELSE 0 END + excluded.bytes,
                   day = excluded.day
            RETURNING messages, bytes
            """;

    private static final String TAKE_PLACE =
            """
            UPDATE messages.inbox
               SET next_seq = next_seq + 1,
                   waiting = waiting + 1,
                   waiting_bytes = waiting_bytes + $2
             WHERE owner = $1
               AND waiting < CASE WHEN looked_at IS NULL THEN $5::integer ELSE $3::integer END
               AND waiting_bytes + $2 <= CASE WHEN looked_at IS NULL THEN $6::bigint ELSE $4::bigint END
            RETURNING next_seq - 1 AS seq
            """;

    private static final String WAITING_OF_SENDER =
            """
            SELECT count(*) AS waiting
              FROM messages.message
             WHERE inbox = $1
               AND sender = $2
               AND acked_at IS NULL
            """;

    private static final String KEEP =
            """
            INSERT INTO messages.message (id, inbox, seq, sender, client_id, sha256, body)
            VALUES ($1, $2, $3, $4, $5, sha256($6), $6)
            """;

    private static final String PAGE =
            """
            SELECT id, seq, sender, client_id, sent_at, body
              FROM messages.message
             WHERE inbox = $1
               AND seq > $2
               AND acked_at IS NULL
             ORDER BY seq
             LIMIT $3
            """;

    private static final String ANY =
            """
            SELECT 1
              FROM messages.message
             WHERE inbox = $1
               AND seq > $2
               AND acked_at IS NULL
             LIMIT 1
            """;

    private static final String LOCK_INBOX =
            """
            SELECT owner
              FROM messages.inbox
             WHERE owner = $1
               FOR UPDATE
            """;

    private static final String FIND =
            """
            SELECT acked_at IS NOT NULL AS acked, length(body) AS bytes
              FROM messages.message
             WHERE id = $1
               AND inbox = $2
            """;

    private static final String ACK =
            """
            UPDATE messages.message
               SET acked_at = now(),
                   body = NULL
             WHERE id = $1
            """;

    private static final String LEAVE_PLACE =
            """
            UPDATE messages.inbox
               SET waiting = waiting - 1,
                   waiting_bytes = waiting_bytes - $2
             WHERE owner = $1
            """;

    private static final String PURGE =
            """
            DELETE FROM messages.message
             WHERE id IN (SELECT id
                            FROM messages.message
                           WHERE acked_at < now() - $1 * interval '1 day'
                           LIMIT $2)
            """;

    private static final String LOCK_OVERDUE =
            """
            SELECT owner
              FROM messages.inbox
             WHERE owner IN (SELECT inbox
                               FROM messages.message
                              WHERE acked_at IS NULL
                                AND sent_at < now() - $1 * interval '1 day'
                              LIMIT $2)
               FOR UPDATE SKIP LOCKED
            """;

    private static final String DROP_OVERDUE =
            """
            WITH gone AS (
                DELETE FROM messages.message
                 WHERE inbox = ANY ($1)
                   AND acked_at IS NULL
                   AND sent_at < now() - $2 * interval '1 day'
                RETURNING inbox, length(body) AS bytes),
            sums AS (
                SELECT inbox, count(*) AS messages, sum(bytes) AS bytes
                  FROM gone
                 GROUP BY inbox)
            UPDATE messages.inbox
               SET waiting = waiting - sums.messages,
                   waiting_bytes = waiting_bytes - sums.bytes
              FROM sums
             WHERE owner = sums.inbox
            """;

    private static final String TOTAL =
            """
            SELECT coalesce(sum(waiting_bytes), 0)::bigint AS bytes
              FROM messages.inbox
             WHERE waiting > 0
            """;

    private final Database database;

    public MessageStore(Database database) {
        this.database = database;
    }

    /** Stops a transaction that found its work done already. */
    private static final class Again extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Messages.Sent sent;

        Again(Messages.Sent sent) {
            super("sent before", null, false, false);
            this.sent = sent;
        }
    }

    /** Opens an inbox, if it is not open. */
    Future<Void> open(String owner) {
        return database.run(OPEN, Tuple.of(owner)).mapEmpty();
    }

    /** Opens an inbox for its owner, who has looked into it. */
    Future<Void> look(String owner) {
        return database.run(LOOK, Tuple.of(owner)).mapEmpty();
    }

    /** Whether an inbox is open. */
    Future<Boolean> isOpen(String owner) {
        return database.run(IS_OPEN, Tuple.of(owner)).map(rows -> rows.size() > 0);
    }

    /** Lets an inbox go with all that is in it. */
    Future<Void> close(String owner) {
        return database.run(CLOSE, Tuple.of(owner)).mapEmpty();
    }

    /** Keeps a message, or finds it where it was kept before. */
    Future<Messages.Sent> keep(String sender, String inbox, UUID clientId, Buffer body, UUID message) {
        return database.run(BY_CLIENT_ID, Tuple.of(sender, clientId, body))
                .compose(before -> again(before, inbox)
                        .map(Future::succeededFuture)
                        .orElseGet(() -> database.together(
                                connection -> insert(connection, sender, inbox, clientId, body, message))))
                .recover(failure -> failure instanceof Again twin
                        ? Future.succeededFuture(twin.sent)
                        : Future.failedFuture(failure));
    }

    private static Future<Messages.Sent> insert(
            SqlConnection connection, String sender, String inbox, UUID clientId, Buffer body, UUID message) {
        return run(connection, COUNT_SENDER, Tuple.of(sender, (long) body.length()))
                .compose(counts -> {
                    requireQuota(counts.iterator().next());
                    return run(connection, BY_CLIENT_ID, Tuple.of(sender, clientId, body));
                })
                .compose(before -> {
                    again(before, inbox).ifPresent(sent -> {
                        throw new Again(sent);
                    });
                    return run(
                            connection,
                            TAKE_PLACE,
                            Tuple.of(
                                    inbox,
                                    (long) body.length(),
                                    INBOX_MESSAGES_MAX,
                                    INBOX_BYTES_MAX,
                                    UNSEEN_MESSAGES_MAX,
                                    UNSEEN_BYTES_MAX));
                })
                .compose(place -> {
                    if (place.rowCount() == 0) {
                        throw new Fault(
                                Fault.Kind.FULL,
                                "inbox: full (expected: fewer than " + INBOX_MESSAGES_MAX + " messages and "
                                        + (INBOX_BYTES_MAX >> 20) + " MiB, or " + UNSEEN_MESSAGES_MAX + " and "
                                        + (UNSEEN_BYTES_MAX >> 10)
                                        + " KiB before its owner ever looked; its owner has to acknowledge some)");
                    }
                    long seq = place.iterator().next().getLong("seq");
                    return run(connection, WAITING_OF_SENDER, Tuple.of(inbox, sender))
                            .compose(waiting -> {
                                requireShare(waiting.iterator().next());
                                return run(connection, KEEP, Tuple.of(message, inbox, seq, sender, clientId, body));
                            });
                })
                .map(kept -> new Messages.Sent(message.toString(), false));
    }

    private static void requireQuota(Row counts) {
        if (counts.getInteger("messages") > SENDER_DAY_MESSAGES_MAX || counts.getLong("bytes") > SENDER_DAY_BYTES_MAX) {
            throw new Fault(
                    Fault.Kind.THROTTLED,
                    "sender: more than a day's messages (expected: at most " + SENDER_DAY_MESSAGES_MAX
                            + " messages and " + (SENDER_DAY_BYTES_MAX >> 20) + " MiB a day, UTC)");
        }
    }

    private static void requireShare(Row waiting) {
        if (waiting.getLong("waiting") >= SENDER_WAITING_MAX) {
            throw new Fault(
                    Fault.Kind.THROTTLED,
                    "sender: " + SENDER_WAITING_MAX
                            + " messages of yours wait there (expected: fewer; its owner has to acknowledge some)");
        }
    }

    private static Optional<Messages.Sent> again(RowSet<Row> before, String inbox) {
        if (before.size() == 0) {
            return Optional.empty();
        }
        Row row = before.iterator().next();
        if (!row.getString("inbox").equals(inbox) || !row.getBoolean("same")) {
            throw new Fault(Fault.Kind.CONFLICT, "id: used before for another message");
        }
        return Optional.of(new Messages.Sent(row.getUUID("id").toString(), true));
    }

    /** What waits behind a cursor, and the cursor behind it. */
    Future<Messages.Page> page(String inbox, long after, int limit) {
        return database.run(PAGE, Tuple.of(inbox, after, limit)).map(rows -> {
            List<Messages.Message> messages = new ArrayList<>(rows.size());
            long next = after;
            for (Row row : rows) {
                next = row.getLong("seq");
                messages.add(new Messages.Message(
                        row.getUUID("id").toString(),
                        row.getString("sender"),
                        row.getUUID("client_id").toString(),
                        row.getOffsetDateTime("sent_at").toInstant().toEpochMilli(),
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(row.getBuffer("body").getBytes())));
            }
            return new Messages.Page(messages, next);
        });
    }

    /** Whether anything waits behind a cursor. */
    Future<Boolean> any(String inbox, long after) {
        return database.run(ANY, Tuple.of(inbox, after)).map(rows -> rows.size() > 0);
    }

    /** Takes a message out of an inbox; tells whether it was out before. Absent when it never was in this one. */
    Future<Boolean> ack(String inbox, UUID message) {
        return database.together(connection -> run(connection, LOCK_INBOX, Tuple.of(inbox))
                .compose(locked -> run(connection, FIND, Tuple.of(message, inbox)))
                .compose(found -> {
                    if (found.size() == 0) {
                        throw Fault.absent("message: not in your inbox");
                    }
                    Row row = found.iterator().next();
                    if (row.getBoolean("acked")) {
                        return Future.succeededFuture(true);
                    }
                    long bytes = row.getInteger("bytes");
                    return run(connection, ACK, Tuple.of(message))
                            .compose(acked -> run(connection, LEAVE_PLACE, Tuple.of(inbox, bytes)))
                            .map(left -> false);
                }));
    }

    /** Lets some go that were acknowledged long ago; tells how many. */
    Future<Integer> purge() {
        return database.run(PURGE, Tuple.of(ACKED_DAYS, PURGE_MAX)).map(RowSet::rowCount);
    }

    /** Takes out what nobody acknowledged in time, of some inboxes; tells of how many. */
    Future<Integer> dropOverdue() {
        return database.together(connection -> run(connection, LOCK_OVERDUE, Tuple.of(WAITING_DAYS, OVERDUE_MAX))
                .compose(locked -> {
                    List<String> owners = new ArrayList<>(locked.size());
                    locked.forEach(row -> owners.add(row.getString("owner")));
                    return run(connection, DROP_OVERDUE, Tuple.of(owners.toArray(String[]::new), WAITING_DAYS));
                })
                .map(RowSet::rowCount));
    }

    /** What waits in all inboxes together, in bytes. */
    Future<Long> waitingBytes() {
        return database.run(TOTAL, Tuple.tuple())
                .map(rows -> rows.iterator().next().getLong("bytes"));
    }

    private static Future<RowSet<Row>> run(SqlConnection connection, String sql, Tuple values) {
        return connection.preparedQuery(sql).execute(values);
    }
}
