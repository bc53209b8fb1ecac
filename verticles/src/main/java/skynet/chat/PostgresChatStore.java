package skynet.chat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Base64;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;
import skynet.bus.Cascade;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.bus.codec.RecordCodec;
import skynet.kit.Database;

/** Conversations and messages in PostgreSQL. An answer is kept in the append-only form of the bus, which later releases read. */
public final class PostgresChatStore implements ChatStore {
    private static final String BEGIN_CONVERSATION =
            """
            INSERT INTO chat.conversation (id, tenant, owner)
            VALUES ($1, $2, $3)
                ON CONFLICT (id) DO NOTHING
            """;

    private static final String KEEP_MESSAGE =
            """
            INSERT INTO chat.message (id, conversation, question)
            VALUES ($1, $2, $3)
                ON CONFLICT (id) DO NOTHING
            """;

    private static final String END_CONVERSATION =
            """
            DELETE FROM chat.conversation
             WHERE id = $1
            """;

    private static final String MESSAGE =
            """
            SELECT conversation, question, answer, tenant, owner
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

    public PostgresChatStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<Kept> keep(UUID conversation, UUID message, String question, Principal by) {
        return database.together(connection -> connection
                .preparedQuery(BEGIN_CONVERSATION)
                .execute(Tuple.of(conversation, by.tenant(), by.user()))
                .compose(begun -> connection
                        .preparedQuery(KEEP_MESSAGE)
                        .execute(Tuple.of(message, conversation, question))
                        .compose(kept -> begun.rowCount() == 1 && kept.rowCount() == 0
                                ? endConversation(connection, conversation)
                                : Future.succeededFuture()))
                .compose(kept -> connection.preparedQuery(MESSAGE).execute(Tuple.of(message)))
                .map(rows -> kept(only(rows), question, by)));
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
                Optional.ofNullable(row.getJsonObject("answer")).map(PostgresChatStore::unpack));
    }

    private static JsonObject pack(Cascade.Answer answer) {
        Buffer bytes = Buffer.buffer();
        RecordCodec.write(bytes, answer);
        return new JsonObject()
                .put("text", answer.text().replace("\u0000", "\uFFFD"))
                .put("level", answer.level().name())
                .put("record", Base64.getEncoder().encodeToString(bytes.getBytes()));
    }

    static Cascade.Answer unpack(JsonObject packed) {
        byte[] bytes = Base64.getDecoder().decode(packed.getString("record"));
        return RecordCodec.read(Buffer.buffer(bytes), 0, Cascade.Answer.class);
    }
}
