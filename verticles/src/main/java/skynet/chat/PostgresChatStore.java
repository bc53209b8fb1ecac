package skynet.chat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import skynet.bus.Cascade;
import skynet.bus.Chat;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.bus.codec.RecordCodec;
import skynet.kit.Database;
import skynet.kit.Gathering;

/** Conversations and messages in PostgreSQL. An answer is kept in the append-only form of the bus, which later releases read. */
public final class PostgresChatStore implements ChatStore {
    /** Conversations begun by one writing. */
    private static final int BEGUN_TOGETHER_MAX = 64;

    private static final int WRITINGS_MAX = 2;
    private static final int WAITING_MAX = 4_096;

    /** Messages that are stored already change nothing and are not told; a conversation that exists undoes the whole. */
    private static final String BEGIN =
            """
            WITH asked AS (
                SELECT *
                  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
                    AS a (conversation, message, question, tenant, owner, title)
            ), kept AS (
                INSERT INTO chat.message (id, conversation, question)
                SELECT message, conversation, question
                  FROM asked
                    ON CONFLICT (id) DO NOTHING
             RETURNING conversation
            )
            INSERT INTO chat.conversation (id, tenant, owner, title)
            SELECT a.conversation, a.tenant, a.owner, a.title
              FROM asked a
              JOIN kept k ON k.conversation = a.conversation
            RETURNING id
            """;

    private static final String BEGIN_CONVERSATION =
            """
            INSERT INTO chat.conversation (id, tenant, owner, title)
            VALUES ($1, $2, $3, $4)
                ON CONFLICT (id) DO NOTHING
            """;

    /** The row is locked until the end, so that those who say something in a conversation at once come one after the other. */
    private static final String TOUCH_CONVERSATION =
            """
            UPDATE chat.conversation c
               SET said_at = now()
             WHERE id = $1
            RETURNING (SELECT count(*)
                         FROM chat.message m
                        WHERE m.conversation = c.id
                          AND m.version_of IS NULL) AS messages
            """;

    private static final String DROP_OLDEST =
            """
            DELETE FROM chat.conversation
             WHERE id IN (
                   SELECT id
                     FROM chat.conversation
                    WHERE tenant = $1
                      AND owner = $2
                    ORDER BY said_at DESC, id DESC
                   OFFSET $3)
            """;

    private static final String KEEP_MESSAGE =
            """
            INSERT INTO chat.message (id, conversation, question)
            VALUES ($1, $2, $3)
                ON CONFLICT (id) DO NOTHING
            """;

    private static final String KEEP_VERSION =
            """
            INSERT INTO chat.message (id, conversation, question, version_of)
            VALUES ($1, $2, $3, $4)
                ON CONFLICT (id) DO NOTHING
            """;

    private static final String VERSIONS =
            """
            SELECT count(*) AS versions
              FROM chat.message
             WHERE version_of = $1
            """;

    private static final String BEFORE =
            """
            SELECT r.question, v.said
              FROM chat.message r
             CROSS JOIN LATERAL (
                   SELECT left(v.answer ->> 'text', $3) AS said, v.answer ->> 'answered' AS answered
                     FROM chat.message v
                    WHERE (v.id = r.id OR v.version_of = r.id)
                      AND v.answer IS NOT NULL
                    ORDER BY v.said_at DESC, v.id DESC
                    LIMIT 1) v
             WHERE r.conversation = $1
               AND r.version_of IS NULL
               AND (r.said_at, r.id) < (
                   SELECT said_at, id
                     FROM chat.message
                    WHERE id = $2)
               AND coalesce(v.answered, 'true') = 'true'
               AND v.said <> ''
             ORDER BY r.said_at DESC, r.id DESC
             LIMIT $4
            """;

    private static final String END_CONVERSATION =
            """
            DELETE FROM chat.conversation
             WHERE id = $1
            """;

    private static final String MESSAGE =
            """
            SELECT m.id, conversation, question, answer, version_of, tenant, owner,
                   NOT EXISTS (
                       SELECT FROM chat.message e
                        WHERE e.conversation = m.conversation
                          AND e.version_of IS NULL
                          AND e.id <> m.id
                          AND e.id IS DISTINCT FROM m.version_of) AS begins
              FROM chat.message m
              JOIN chat.conversation c
                ON c.id = m.conversation
             WHERE m.id = $1
            """;

    private static final String ANSWER =
            """
            UPDATE chat.message
               SET answer = $2
             WHERE id = $1
               AND answer IS NULL
            """;

    private final Database database;
    private final Gathering<Beginning, Boolean> beginnings;

    public PostgresChatStore(Database database) {
        this.database = database;
        this.beginnings = new Gathering<>(WRITINGS_MAX, BEGUN_TOGETHER_MAX, WAITING_MAX, this::begin);
    }

    /** A message that begins a conversation. */
    private record Beginning(UUID conversation, UUID message, String question, Principal by) {}

    @Override
    public Future<Kept> begin(UUID conversation, UUID message, String question, Principal by) {
        return beginnings
                .add(new Beginning(conversation, message, question, by))
                .recover(failure ->
                        failure instanceof Fault ? Future.failedFuture(failure) : Future.succeededFuture(false))
                .compose(begun -> begun
                        ? makeRoom(by).map(room -> new Kept(conversation, message, question, Optional.empty(), true))
                        : keep(conversation, message, question, by));
    }

    /** Which of them began; the others are stored already, or have to be looked at one by one. */
    private Future<List<Boolean>> begin(List<Beginning> all) {
        return database.run(
                        BEGIN,
                        Tuple.of(
                                all.stream().map(Beginning::conversation).toArray(UUID[]::new),
                                all.stream().map(Beginning::message).toArray(UUID[]::new),
                                all.stream().map(Beginning::question).toArray(String[]::new),
                                all.stream().map(one -> one.by().tenant()).toArray(String[]::new),
                                all.stream().map(one -> one.by().user()).toArray(String[]::new),
                                all.stream()
                                        .map(one -> Title.of(one.question()))
                                        .toArray(String[]::new)))
                .map(rows -> {
                    Set<UUID> begun = new HashSet<>();
                    rows.forEach(row -> begun.add(row.getUUID("id")));
                    return all.stream()
                            .map(one -> begun.contains(one.conversation()))
                            .toList();
                });
    }

    private Future<?> makeRoom(Principal by) {
        return by.isGuest()
                ? Future.succeededFuture()
                : database.run(DROP_OLDEST, Tuple.of(by.tenant(), by.user(), Chat.CONVERSATIONS_MAX));
    }

    @Override
    public Future<Kept> keep(UUID conversation, UUID message, String question, Principal by) {
        return database.together(connection -> connection
                .preparedQuery(BEGIN_CONVERSATION)
                .execute(Tuple.of(conversation, by.tenant(), by.user(), Title.of(question)))
                .compose(begun -> connection
                        .preparedQuery(KEEP_MESSAGE)
                        .execute(Tuple.of(message, conversation, question))
                        .compose(kept ->
                                settle(connection, conversation, by, begun.rowCount() == 1, kept.rowCount() == 1)))
                .compose(kept -> connection.preparedQuery(MESSAGE).execute(Tuple.of(message)))
                .map(rows -> kept(only(rows), question, by)));
    }

    /** What follows from a conversation that begins, or from a message that is new in one. */
    private static Future<?> settle(
            SqlConnection connection, UUID conversation, Principal by, boolean begins, boolean isNew) {
        if (begins && !isNew) {
            return endConversation(connection, conversation);
        }
        if (begins && !by.isGuest()) {
            return connection
                    .preparedQuery(DROP_OLDEST)
                    .execute(Tuple.of(by.tenant(), by.user(), Chat.CONVERSATIONS_MAX));
        }
        return begins || !isNew ? Future.succeededFuture() : touch(connection, conversation);
    }

    private static Future<?> touch(SqlConnection connection, UUID conversation) {
        return connection
                .preparedQuery(TOUCH_CONVERSATION)
                .execute(Tuple.of(conversation))
                .map(rows -> {
                    if (rows.iterator().next().getInteger("messages") > Chat.MESSAGES_MAX) {
                        throw new Fault(
                                Fault.Kind.CONFLICT,
                                "conversation: holds " + Chat.MESSAGES_MAX + " messages (expected: begin another)");
                    }
                    return null;
                });
    }

    @Override
    public Future<Kept> keepVersion(UUID version, UUID of, Principal by) {
        return database.together(connection -> connection
                .preparedQuery(MESSAGE)
                .execute(Tuple.of(of))
                .map(rows -> kept(only(rows), by))
                .compose(first -> keepVersion(connection, version, first)
                        .compose(kept -> connection.preparedQuery(MESSAGE).execute(Tuple.of(version)))
                        .map(rows -> version(kept(only(rows), by), first))));
    }

    private static Future<?> keepVersion(SqlConnection connection, UUID version, Kept first) {
        return connection
                .preparedQuery(TOUCH_CONVERSATION)
                .execute(Tuple.of(first.conversation()))
                .compose(touched -> connection
                        .preparedQuery(KEEP_VERSION)
                        .execute(Tuple.of(version, first.conversation(), first.question(), first.root())))
                .compose(kept -> connection.preparedQuery(VERSIONS).execute(Tuple.of(first.root())))
                .map(rows -> {
                    if (rows.iterator().next().getInteger("versions") >= Chat.VERSIONS_MAX) {
                        throw new Fault(
                                Fault.Kind.CONFLICT,
                                "message: has " + Chat.VERSIONS_MAX + " answers (expected: ask in other words)");
                    }
                    return null;
                });
    }

    private static Kept version(Kept kept, Kept first) {
        if (!kept.root().equals(first.root())) {
            throw new Fault(Fault.Kind.CONFLICT, "message_id: used before for another message");
        }
        return kept;
    }

    @Override
    public Future<List<Exchange>> before(Kept kept) {
        return kept.begins()
                ? Future.succeededFuture(List.of())
                : database.run(
                                BEFORE,
                                Tuple.of(
                                        kept.conversation(),
                                        kept.root(),
                                        Context.ANSWER_CHARS_MAX + 1,
                                        Context.EXCHANGES_MAX))
                        .map(rows -> {
                            List<Exchange> said = new ArrayList<>();
                            rows.forEach(
                                    row -> said.add(new Exchange(row.getString("question"), row.getString("said"))));
                            return said;
                        });
    }

    @Override
    public Future<Kept> find(UUID message, Principal by) {
        return database.run(MESSAGE, Tuple.of(message)).map(rows -> kept(only(rows), by));
    }

    private static Row only(RowSet<Row> rows) {
        Iterator<Row> found = rows.iterator();
        if (!found.hasNext()) {
            throw Fault.absent("message: no such one of yours");
        }
        return found.next();
    }

    /** The message is stored already, in another conversation: the one begun for it a moment ago would stay empty. */
    private static Future<?> endConversation(SqlConnection connection, UUID conversation) {
        return connection.preparedQuery(END_CONVERSATION).execute(Tuple.of(conversation));
    }

    @Override
    public Future<Cascade.Answer> answer(UUID message, Cascade.Answer answer) {
        return database.run(ANSWER, Tuple.of(message, pack(answer)))
                .compose(updated -> updated.rowCount() == 1
                        ? Future.succeededFuture(answer)
                        : database.run(MESSAGE, Tuple.of(message))
                                .map(rows -> unpack(only(rows).getJsonObject("answer"))));
    }

    /** What is thrown here undoes the whole: nothing is left in a conversation of somebody else. */
    private static Kept kept(Row row, String question, Principal by) {
        Kept kept = kept(row, by);
        if (!row.getString("question").equals(question)) {
            throw new Fault(Fault.Kind.CONFLICT, "message_id: used before with another message");
        }
        return kept;
    }

    private static Kept kept(Row row, Principal by) {
        if (!row.getString("tenant").equals(by.tenant())
                || !row.getString("owner").equals(by.user())) {
            throw Fault.absent("conversation: no such one of yours");
        }
        return new Kept(
                row.getUUID("conversation"),
                Optional.ofNullable(row.getUUID("version_of")).orElse(row.getUUID("id")),
                row.getString("question"),
                Optional.ofNullable(row.getJsonObject("answer")).map(PostgresChatStore::unpack),
                row.getBoolean("begins"));
    }

    private static JsonObject pack(Cascade.Answer answer) {
        Buffer bytes = Buffer.buffer();
        RecordCodec.write(bytes, answer);
        return new JsonObject()
                .put("text", answer.text().replace("\u0000", "\uFFFD"))
                .put("answered", answer.answered())
                .put("level", answer.level().name())
                .put("record", Base64.getEncoder().encodeToString(bytes.getBytes()));
    }

    static Cascade.Answer unpack(JsonObject packed) {
        byte[] bytes = Base64.getDecoder().decode(packed.getString("record"));
        return RecordCodec.read(Buffer.buffer(bytes), 0, Cascade.Answer.class);
    }
}
