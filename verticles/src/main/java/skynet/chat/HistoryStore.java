package skynet.chat;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import skynet.bus.Cascade;
import skynet.bus.Chat;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.kit.Database;

/** What was said, as its owner finds it again: every statement names the tenant and the user whose it must be. */
public final class HistoryStore {
    /** Bytes of answers on one page, as they are packed on disk; the first message is on it however long. */
    private static final int PAGE_BYTES_MAX = 1 << 20;

    /** What was asked of another room when its reason went has come to an end by then. */
    static final Duration ON_ITS_WAY = Duration.ofMinutes(2);

    private static final String CONVERSATIONS =
            """
            SELECT c.id, c.title, c.begun_at, c.said_at,
                   (SELECT count(*)
                      FROM chat.message m
                     WHERE m.conversation = c.id
                       AND m.version_of IS NULL) AS messages
              FROM chat.conversation c
             WHERE c.tenant = $1
               AND c.owner = $2
               AND (c.said_at, c.id) < ($3, $4)
             ORDER BY c.said_at DESC, c.id DESC
             LIMIT $5
            """;

    /** The words are looked for in the index of all messages first; what is somebody else's falls out at once. */
    private static final String SEARCH =
            """
            WITH found AS MATERIALIZED (
                SELECT m.conversation, m.id AS message, m.said_at
                  FROM chat.message m
                  JOIN chat.conversation c
                    ON c.id = m.conversation
                 WHERE c.tenant = $1
                   AND c.owner = $2
                   AND chat.words(m.question, m.answer ->> 'text') @@ to_tsquery('pg_catalog.simple', $6)
                 UNION ALL
                SELECT c.id, NULL, NULL
                  FROM chat.conversation c
                 WHERE c.tenant = $1
                   AND c.owner = $2
                   AND chat.words(c.title, NULL) @@ to_tsquery('pg_catalog.simple', $6)),
            last AS (
                SELECT DISTINCT ON (conversation) conversation, message
                  FROM found
                 ORDER BY conversation, said_at DESC NULLS LAST)
            SELECT c.id, c.title, c.begun_at, c.said_at, last.message, m.question,
                   left(m.answer ->> 'text', 100000) AS said,
                   (SELECT count(*)
                      FROM chat.message n
                     WHERE n.conversation = c.id
                       AND n.version_of IS NULL) AS messages
              FROM last
              JOIN chat.conversation c
                ON c.id = last.conversation
              LEFT JOIN chat.message m
                ON m.id = last.message
             WHERE (c.said_at, c.id) < ($3, $4)
             ORDER BY c.said_at DESC, c.id DESC
             LIMIT $5
            """;

    private static final String CONVERSATION =
            """
            SELECT c.id, c.title, c.begun_at, c.said_at,
                   (SELECT count(*)
                      FROM chat.message m
                     WHERE m.conversation = c.id
                       AND m.version_of IS NULL) AS messages
              FROM chat.conversation c
             WHERE c.id = $1
               AND c.tenant = $2
               AND c.owner = $3
            """;

    private static final String MESSAGES =
            """
            WITH page AS (
                SELECT r.id, r.said_at,
                       row_number() OVER (ORDER BY r.said_at, r.id) AS number,
                       sum(v.bytes) OVER (ORDER BY r.said_at, r.id) AS bytes
                  FROM chat.message r
                 CROSS JOIN LATERAL (
                       SELECT sum(coalesce(pg_column_size(v.answer), 0)) AS bytes
                         FROM chat.message v
                        WHERE v.id = r.id
                           OR v.version_of = r.id) v
                 WHERE r.conversation = $1
                   AND r.version_of IS NULL
                   AND (r.said_at, r.id) > ($2, $3)
                 ORDER BY r.said_at, r.id
                 LIMIT $4)
            SELECT page.id AS root, page.said_at AS root_at, m.id, m.said_at, m.question, m.answer,
                   f.rating, f.reason, k.corrected,
                   (SELECT count(*) FROM page) AS roots
              FROM page
              JOIN chat.message m
                ON m.id = page.id
                OR m.version_of = page.id
              LEFT JOIN chat.feedback f
                ON f.message = m.id
              LEFT JOIN chat.correction k
                ON k.message = m.id
             WHERE page.number = 1
                OR page.bytes <= $5
             ORDER BY page.said_at, page.id, m.version_of NULLS FIRST, m.said_at, m.id
            """;

    private static final String RENAME =
            """
            UPDATE chat.conversation
               SET title = $4
             WHERE id = $1
               AND tenant = $2
               AND owner = $3
            """;

    private static final String FORGET =
            """
            DELETE FROM chat.conversation
             WHERE id = $1
               AND tenant = $2
               AND owner = $3
            """;

    private static final String FORGET_ALL =
            """
            DELETE FROM chat.conversation
             WHERE tenant = $1
               AND owner = $2
            """;

    private static final String UNANSWERED =
            """
            SELECT m.id
              FROM chat.message m
              JOIN chat.conversation c
                ON c.id = m.conversation
             WHERE c.tenant = $1
               AND c.owner = $2
               AND ($3::uuid IS NULL OR c.id = $3)
               AND m.answer IS NULL
             ORDER BY m.said_at DESC
             LIMIT 50
            """;

    private static final String OLD_OF_GUESTS =
            """
            DELETE FROM chat.conversation
             WHERE id IN (
                   SELECT id
                     FROM chat.conversation
                    WHERE tenant = $1
                      AND owner = ''
                      AND said_at < now() - make_interval(days => $2)
                    ORDER BY said_at
                    LIMIT 1000)
                OR id IN (
                   SELECT id
                     FROM chat.conversation
                    WHERE tenant = $1
                      AND owner = ''
                    ORDER BY said_at, id
                    LIMIT (SELECT least(5000, greatest(0, count(*) - $3))
                             FROM chat.conversation
                            WHERE tenant = $1
                              AND owner = ''))
            """;

    private static final String OWN =
            """
            SELECT m.id, k.proposed,
                   (SELECT q.question FROM chat.message q WHERE q.id = coalesce(m.version_of, m.id)) AS question
              FROM chat.message m
              JOIN chat.conversation c
                ON c.id = m.conversation
              LEFT JOIN chat.correction k
                ON k.message = m.id
             WHERE m.id = $1
               AND c.tenant = $2
               AND c.owner = $3
            """;

    private static final String RATE =
            """
            INSERT INTO chat.feedback AS f (message, rating, reason)
            VALUES ($1, $2, $3)
                ON CONFLICT (message) DO UPDATE
               SET rating = excluded.rating,
                   reason = excluded.reason,
                   rated_at = now()
             WHERE (f.rating, f.reason) <> (excluded.rating, excluded.reason)
            """;

    private static final String UNRATE =
            """
            DELETE FROM chat.feedback
             WHERE message = $1
            """;

    private static final String CORRECT =
            """
            INSERT INTO chat.correction AS k (message, corrected)
            VALUES ($1, $2)
                ON CONFLICT (message) DO UPDATE
               SET corrected = excluded.corrected,
                   corrected_at = now(),
                   proposed = NULL
             WHERE k.corrected <> excluded.corrected
            """;

    private static final String INTEND =
            """
            INSERT INTO chat.withdrawn (pair, due_at)
            VALUES (gen_random_uuid(), now() + make_interval(secs => $1))
            RETURNING pair
            """;

    /** When the correction is another one now, or it is too late, the pair is taken back. */
    private static final String PROPOSED =
            """
            WITH noted AS (
                UPDATE chat.correction
                   SET proposed = $4
                 WHERE message = $1
                   AND corrected = $2
                   AND EXISTS (SELECT FROM chat.withdrawn WHERE pair = $3)
             RETURNING message
            ), own AS (
                DELETE FROM chat.withdrawn
                 WHERE pair = $3
                   AND EXISTS (SELECT FROM noted)
            )
            INSERT INTO chat.withdrawn (pair)
            SELECT $4
             WHERE NOT EXISTS (SELECT FROM noted)
                ON CONFLICT (pair) DO UPDATE SET due_at = now()
            """;

    private static final String WITHDRAWN =
            """
            SELECT pair
              FROM chat.withdrawn
             WHERE due_at <= now()
             LIMIT $1
            """;

    private static final String TAKEN_BACK =
            """
            DELETE FROM chat.withdrawn
             WHERE pair = ANY ($1::uuid[])
            """;

    /** Who says a message once more that was deleted has it answered anew. */
    private static final String SAID_AGAIN =
            """
            DELETE FROM chat.forgotten f
             USING chat.message m
             WHERE m.id = f.message
            """;

    private static final String FORGOTTEN =
            """
            WITH due AS (
                SELECT f.message, f.tenant, f.due_at
                  FROM chat.forgotten f
                 WHERE f.due_at <= now()
                   AND NOT EXISTS (SELECT FROM chat.message m WHERE m.id = f.message)
                 ORDER BY f.due_at
                 LIMIT $1)
            SELECT message, tenant
              FROM due
             WHERE tenant = (SELECT tenant FROM due ORDER BY due_at, tenant LIMIT 1)
            """;

    /** Once for what there was, and once more for what was on its way. */
    private static final String LET_GO =
            """
            WITH late AS (
                UPDATE chat.forgotten
                   SET due_at = now() + make_interval(secs => $2), once_more = false
                 WHERE message = ANY ($1::uuid[])
                   AND once_more)
            DELETE FROM chat.forgotten
             WHERE message = ANY ($1::uuid[])
               AND NOT once_more
               AND due_at <= now()
            """;

    private static final String UNCORRECT =
            """
            DELETE FROM chat.correction
             WHERE message = $1
            """;

    private final Database database;

    public HistoryStore(Database database) {
        this.database = database;
    }

    /** A page of somebody's conversations, those of a search with what stands around the words. */
    Future<Chat.Listed> list(Principal by, SearchWords words, Cursor behind, int limit) {
        Tuple values = Tuple.of(by.tenant(), by.user(), behind.at(), behind.id(), limit + 1);
        return (words.isEmpty()
                        ? database.run(CONVERSATIONS, values)
                        : database.run(SEARCH, values.addString(words.query())))
                .map(rows -> {
                    List<Chat.Conversation> found = new ArrayList<>();
                    Cursor last = behind;
                    for (Row row : rows) {
                        if (found.size() == limit) {
                            return new Chat.Listed(found, last.text());
                        }
                        found.add(words.isEmpty() ? conversation(row, "", "") : hit(row, words));
                        last = new Cursor(row.getOffsetDateTime("said_at"), row.getUUID("id"));
                    }
                    return new Chat.Listed(found, "");
                });
    }

    /** A page of a conversation; ABSENT to whoever does not own it. */
    Future<Chat.Opened> open(Principal by, UUID conversation, Cursor behind, int limit) {
        return database.run(CONVERSATION, Tuple.of(conversation, by.tenant(), by.user()))
                .map(rows -> conversation(only(rows, "conversation"), "", ""))
                .compose(found -> database.run(
                                MESSAGES, Tuple.of(conversation, behind.at(), behind.id(), limit + 1, PAGE_BYTES_MAX))
                        .map(rows -> page(found, rows, limit)));
    }

    Future<Void> rename(Principal by, UUID conversation, String title) {
        return database.run(RENAME, Tuple.of(conversation, by.tenant(), by.user(), title))
                .map(rows -> {
                    if (rows.rowCount() == 0) {
                        throw absent("conversation");
                    }
                    return null;
                });
    }

    /** Deletes one conversation, or all; tells how many there were. */
    Future<Integer> forget(Principal by, Optional<UUID> conversation) {
        return conversation
                .map(one -> database.run(FORGET, Tuple.of(one, by.tenant(), by.user())))
                .orElseGet(() -> database.run(FORGET_ALL, Tuple.of(by.tenant(), by.user())))
                .map(RowSet::rowCount);
    }

    /** Messages of one tenant that are gone, of whose answers something may be kept still. */
    Future<Gone> forgotten(int limit) {
        return database.run(FORGOTTEN, Tuple.of(limit)).map(rows -> {
            List<UUID> messages = new ArrayList<>();
            String tenant = "";
            for (Row row : rows) {
                tenant = row.getString("tenant");
                messages.add(row.getUUID("message"));
            }
            return new Gone(tenant, messages);
        });
    }

    /** What was said again is not gone. */
    Future<Void> saidAgain() {
        return database.run(SAID_AGAIN, Tuple.tuple()).mapEmpty();
    }

    /** Nothing is kept of the answers to these; what was on its way when they went is looked for once more. */
    Future<Void> letGo(List<UUID> messages) {
        return database.run(LET_GO, Tuple.of(messages.toArray(UUID[]::new), (double) ON_ITS_WAY.toSeconds()))
                .mapEmpty();
    }

    /** The messages that have no answer yet, the latest first, as many as one may want to stop. */
    Future<List<UUID>> unanswered(Principal by, Optional<UUID> conversation) {
        return database.run(UNANSWERED, Tuple.of(by.tenant(), by.user(), conversation.orElse(null)))
                .map(rows -> {
                    List<UUID> ids = new ArrayList<>();
                    rows.forEach(row -> ids.add(row.getUUID("id")));
                    return ids;
                });
    }

    /** Deletes what guests have not used for so long, and the oldest of what is too much. */
    Future<Integer> forgetGuests(int days, int conversationsMax) {
        return database.run(OLD_OF_GUESTS, Tuple.of(Principal.GUESTS, days, conversationsMax))
                .map(RowSet::rowCount);
    }

    /** Keeps a rating; tells whether it is another one than before. */
    Future<Boolean> rate(Principal by, UUID message, Chat.Rating rating, String reason) {
        return own(by, message)
                .compose(own -> rating == Chat.Rating.NONE
                        ? database.run(UNRATE, Tuple.of(message)).map(rows -> rows.rowCount() == 1)
                        : database.run(RATE, Tuple.of(message, rating.name().toLowerCase(Locale.ROOT), reason))
                                .map(rows -> rows.rowCount() == 1));
    }

    /** Keeps a correction, or takes it back when it is empty. */
    Future<Correction> correct(Principal by, UUID message, String text) {
        return own(by, message)
                .compose(own -> text.isEmpty()
                        ? database.run(UNCORRECT, Tuple.of(message))
                        : database.run(CORRECT, Tuple.of(message, text)))
                .compose(kept -> own(by, message))
                .map(own -> new Correction(own.getString("question"), own.getUUID("proposed") != null));
    }

    /** The id of a pair that is to be proposed; it is taken back unless it is {@link #proposed} in time. */
    Future<UUID> intend() {
        return database.run(INTEND, Tuple.of((double) ON_ITS_WAY.toSeconds()))
                .map(rows -> rows.iterator().next().getUUID("pair"));
    }

    /**
     * Notes as which pair a correction was proposed; tells whether, for it may be another one meanwhile, or gone: then the pair
     * is to be taken back. An earlier release calls the pair by another id than was intended.
     */
    Future<Boolean> proposed(UUID message, String text, UUID intended, UUID pair) {
        return database.run(PROPOSED, Tuple.of(message, text, intended, pair)).map(rows -> rows.rowCount() == 0);
    }

    /** Pairs to be taken back, for their corrections are gone. */
    Future<List<UUID>> withdrawn(int most) {
        return database.run(WITHDRAWN, Tuple.of(most)).map(rows -> {
            List<UUID> pairs = new ArrayList<>();
            rows.forEach(row -> pairs.add(row.getUUID("pair")));
            return pairs;
        });
    }

    /** Forgets pairs that were taken back. */
    Future<Void> takenBack(List<UUID> pairs) {
        return database.run(TAKEN_BACK, Tuple.tuple().addArrayOfUUID(pairs.toArray(UUID[]::new)))
                .mapEmpty();
    }

    private Future<Row> own(Principal by, UUID message) {
        return database.run(OWN, Tuple.of(message, by.tenant(), by.user())).map(rows -> only(rows, "message"));
    }

    private static Row only(RowSet<Row> rows, String what) {
        if (rows.size() == 0) {
            throw absent(what);
        }
        return rows.iterator().next();
    }

    private static Fault absent(String what) {
        return Fault.absent(what + ": no such one of yours");
    }

    private static Chat.Conversation hit(Row row, SearchWords words) {
        UUID message = row.getUUID("message");
        return message == null
                ? conversation(row, "", "")
                : conversation(
                        row,
                        message.toString(),
                        words.excerpt(
                                row.getString("question"),
                                Optional.ofNullable(row.getString("said")).orElse("")));
    }

    private static Chat.Conversation conversation(Row row, String message, String excerpt) {
        return new Chat.Conversation(
                row.getUUID("id").toString(),
                row.getString("title"),
                millis(row.getOffsetDateTime("begun_at")),
                millis(row.getOffsetDateTime("said_at")),
                row.getInteger("messages"),
                message,
                excerpt);
    }

    /** Groups rows by their message. One message more than fits was asked for, and what was too long is missing at the end. */
    private static Chat.Opened page(Chat.Conversation conversation, RowSet<Row> rows, int limit) {
        Map<UUID, List<Row>> byRoot = new LinkedHashMap<>();
        rows.forEach(row -> byRoot.computeIfAbsent(row.getUUID("root"), root -> new ArrayList<>())
                .add(row));
        List<Chat.Message> messages = new ArrayList<>();
        Cursor last = Cursor.EARLIEST;
        int roots = 0;
        for (Map.Entry<UUID, List<Row>> one : byRoot.entrySet()) {
            if (messages.size() == limit) {
                break;
            }
            Row first = one.getValue().get(0);
            roots = first.getInteger("roots");
            last = new Cursor(first.getOffsetDateTime("root_at"), one.getKey());
            messages.add(new Chat.Message(
                    one.getKey().toString(),
                    first.getString("question"),
                    millis(first.getOffsetDateTime("root_at")),
                    one.getValue().stream().map(HistoryStore::version).toList()));
        }
        return new Chat.Opened(conversation, messages, messages.size() < roots ? last.text() : "");
    }

    private static Chat.Version version(Row row) {
        return new Chat.Version(
                row.getUUID("id").toString(),
                millis(row.getOffsetDateTime("said_at")),
                Optional.ofNullable(row.getJsonObject("answer"))
                        .map(PostgresChatStore::unpack)
                        .map(List::<Cascade.Answer>of)
                        .orElse(List.of()),
                rating(row.getString("rating")),
                Optional.ofNullable(row.getString("reason")).orElse(""),
                Optional.ofNullable(row.getString("corrected")).orElse(""));
    }

    private static Chat.Rating rating(String text) {
        return text == null ? Chat.Rating.NONE : Chat.Rating.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private static long millis(OffsetDateTime time) {
        return time.toInstant().toEpochMilli();
    }

    /** Messages of a tenant that are gone; none when there is no such tenant. */
    record Gone(String tenant, List<UUID> messages) {}

    /** A correction as it is kept: the question that it answers, and whether it was proposed to learn from. */
    record Correction(String question, boolean proposed) {}
}
