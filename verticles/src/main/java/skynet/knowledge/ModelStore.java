package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import skynet.kit.Database;

/**
 * The other models in PostgreSQL: which there are, which one finds and which is to, what they made of each chunk. Whoever
 * changes documents or vectors takes the next generation first, so that no two do it at once.
 */
final class ModelStore {
    /** Below this cosine of what a model says of the same text now and then, it is another model. */
    private static final double SAME_MIN = 0.98;

    /** How often a name is given to another model. */
    private static final int NAMESAKES_MAX = 100;

    /** Chunks that one statement looks at, if the last document has not more by itself. */
    static final int WINDOW_CHUNKS = 5_000;

    /** Documents that it looks at; they may have no chunks at all. */
    static final int WINDOW_DOCUMENTS = 1_000;

    /** Stands for the vector of a chunk that a model never takes: no model has one without a direction. */
    static final float[] UNREADABLE = new float[2];

    private static final String STATE =
            """
            SELECT e.finds, coalesce(f.name, '') AS finds_name, coalesce(f.dimensions, 0) AS finds_dimensions,
                   e.wanted, coalesce(w.name, '') AS wanted_name, coalesce(w.dimensions, 0) AS wanted_dimensions,
                   e.change, e.changed_by,
                   e.switched_at + $1 * interval '1 millisecond' < now() AS settled,
                   s.lineage, s.generation
              FROM knowledge.embedding e
             CROSS JOIN knowledge.state s
              LEFT JOIN knowledge.model f ON f.number = e.finds
              LEFT JOIN knowledge.model w ON w.number = e.wanted
            """;

    private static final String ENTER =
            """
            INSERT INTO knowledge.model (name, dimensions, probe)
            VALUES ($1, $2, $3)
                ON CONFLICT (name) DO NOTHING
            """;

    private static final String MODEL =
            """
            SELECT number, name, dimensions, probe
              FROM knowledge.model
             WHERE name = $1
            """;

    /** The row stays locked to the end: two nodes do not change their minds at once. */
    private static final String MIND =
            """
            SELECT e.wanted, e.change, s.model AS before
              FROM knowledge.embedding e
              LEFT JOIN knowledge.embedding_setting s ON s.node = $1
               FOR UPDATE OF e
            """;

    private static final String SET =
            """
            INSERT INTO knowledge.embedding_setting (node, model)
            VALUES ($1, $2)
                ON CONFLICT (node) DO UPDATE
               SET model = excluded.model
            """;

    private static final String WANT =
            """
            UPDATE knowledge.embedding
               SET wanted = $2,
                   change = change + 1,
                   changed_by = $1
            """;

    private static final String TURN =
            """
            UPDATE knowledge.embedding
               SET reader = $1,
                   reads_until = now() + $2 * interval '1 millisecond'
             WHERE reader = $1
                OR reads_until < now()
            """;

    private static final String LEAVE =
            """
            UPDATE knowledge.embedding
               SET reads_until = '-infinity'
             WHERE reader = $1
            """;

    /** Where the next documents end that have so many chunks together; the last one may have more. */
    private static final String WINDOW =
            """
            SELECT generation, tenant, collection, name
              FROM (SELECT generation, tenant, collection, name, chunks,
                           sum(chunks) OVER (ORDER BY generation, tenant, collection, name) AS chunks_so_far
                      FROM (SELECT generation, tenant, collection, name, chunks
                              FROM knowledge.document
                             WHERE (generation, tenant, collection, name) > ($1, $2, $3, $4)
                             ORDER BY generation, tenant, collection, name
                             LIMIT $5) ahead) summed
             WHERE chunks_so_far - chunks < $6
             ORDER BY generation DESC, tenant DESC, collection DESC, name DESC
             LIMIT 1
            """;

    /** OFFSET 0 has each chunk looked up by its key; as a join the largest documents would cost the square of their chunks. */
    private static final String UNREAD =
            """
            SELECT d.generation, d.tenant, d.collection, d.name, u.chunk, d.title, u.passage, d.learned_at
              FROM knowledge.document d
             CROSS JOIN LATERAL (
                   SELECT c.chunk, c.passage
                     FROM knowledge.chunk c
                    WHERE c.tenant = d.tenant
                      AND c.collection = d.collection
                      AND c.document = d.name
                      AND (d.generation, d.tenant, d.collection, d.name, c.chunk) > ($2, $3, $4, $5, $6)
                      AND NOT EXISTS (
                          SELECT
                            FROM knowledge.meaning m
                           WHERE m.tenant = c.tenant
                             AND m.collection = c.collection
                             AND m.document = c.document
                             AND m.chunk = c.chunk
                             AND m.model = $1
                          OFFSET 0)
                    ORDER BY c.chunk
                    LIMIT $11) u
             WHERE (d.generation, d.tenant, d.collection, d.name) >= ($2, $3, $4, $5)
               AND (d.generation, d.tenant, d.collection, d.name) <= ($7, $8, $9, $10)
             ORDER BY d.generation, d.tenant, d.collection, d.name, u.chunk
             LIMIT $11
            """;

    private static final String ADVANCE =
            """
            UPDATE knowledge.state
               SET generation = generation + 1
            RETURNING generation
            """;

    /** Nothing where the document is gone or another one since its chunk was read. */
    private static final String MEAN =
            """
            INSERT INTO knowledge.meaning (tenant, collection, document, chunk, model, vector)
            SELECT c.tenant, c.collection, c.document, c.chunk, $5, $6
              FROM knowledge.chunk c
              JOIN knowledge.document d ON d.tenant = c.tenant AND d.collection = c.collection AND d.name = c.document
             WHERE c.tenant = $1
               AND c.collection = $2
               AND c.document = $3
               AND c.chunk = $4
               AND d.learned_at = $7
                ON CONFLICT DO NOTHING
            """;

    /** Those of some documents that a model has read to their ends become what they are in this generation. */
    private static final String READ =
            """
            UPDATE knowledge.document d
               SET generation = $5
              FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[], $3::text[])) AS asked (tenant, collection, name)
             WHERE d.tenant = asked.tenant
               AND d.collection = asked.collection
               AND d.name = asked.name
               AND NOT EXISTS (
                   SELECT
                     FROM knowledge.chunk c
                     LEFT JOIN knowledge.meaning m
                       ON m.tenant = c.tenant
                      AND m.collection = c.collection
                      AND m.document = c.document
                      AND m.chunk = c.chunk
                      AND m.model = $4
                    WHERE c.tenant = d.tenant
                      AND c.collection = d.collection
                      AND c.document = d.name
                      AND m.model IS NULL)
            RETURNING d.tenant, d.collection, d.name, d.title
            """;

    /** What became what it is later than somebody looked at everything is looked at here. */
    private static final String SWITCH =
            """
            UPDATE knowledge.embedding
               SET finds = wanted,
                   switched_at = now()
             WHERE finds <> wanted
               AND wanted = $1
               AND change = $2
               AND ($1 = 0
                OR NOT EXISTS (
                   SELECT
                     FROM knowledge.document d
                     JOIN knowledge.chunk c ON c.tenant = d.tenant AND c.collection = d.collection AND c.document = d.name
                    WHERE d.generation > $3
                      AND NOT EXISTS (
                          SELECT
                            FROM knowledge.meaning m
                           WHERE m.tenant = c.tenant
                             AND m.collection = c.collection
                             AND m.document = c.document
                             AND m.chunk = c.chunk
                             AND m.model = $1
                          OFFSET 0)))
            """;

    /** By the models, which are few: looking for a vector that is of none of two would read them all. */
    private static final String IDLE =
            """
            SELECT DISTINCT idle.tenant, idle.collection, idle.document AS name
              FROM (SELECT m.tenant, m.collection, m.document
                      FROM knowledge.model o
                      JOIN knowledge.meaning m ON m.model = o.number
                     WHERE o.number <> ALL (ARRAY(SELECT unnest(ARRAY[finds, wanted]) FROM knowledge.embedding))
                     LIMIT $1) idle
            """;

    /** Asked again under the lock: somebody may have changed their mind. */
    private static final String DROP =
            """
            DELETE FROM knowledge.meaning
             WHERE tenant = $1
               AND collection = $2
               AND document = $3
               AND model <> ALL (ARRAY(SELECT unnest(ARRAY[finds, wanted]) FROM knowledge.embedding))
            """;

    private static final String TOUCH =
            """
            UPDATE knowledge.document
               SET generation = $4
             WHERE tenant = $1
               AND collection = $2
               AND name = $3
            """;

    /** The zeros are those of {@link #UNREADABLE}, as an index has them. */
    private static final String PROGRESS =
            """
            WITH known AS (
                SELECT coalesce(sum(chunks), 0)::bigint AS chunks
                  FROM knowledge.document
            )
            SELECT known.chunks,
                   CASE WHEN e.wanted = 0
                        THEN known.chunks
                        ELSE (SELECT count(*) FROM knowledge.meaning m WHERE m.model = e.wanted)
                    END AS read,
                   (SELECT count(*)
                      FROM knowledge.meaning m
                     WHERE m.model = e.wanted
                       AND m.vector = '\\x0000000000000000'::bytea) AS unreadable
              FROM knowledge.embedding e
             CROSS JOIN known
            """;

    private static final String MEANINGS =
            """
            SELECT m.chunk, m.model, m.vector
              FROM knowledge.meaning m
              JOIN knowledge.embedding e ON m.model IN (e.finds, e.wanted)
             WHERE m.tenant = $1
               AND m.collection = $2
               AND m.document = $3
               AND m.vector <> $4
            """;

    private static final String KEEP =
            """
            INSERT INTO knowledge.meaning (tenant, collection, document, chunk, model, vector)
            VALUES ($1, $2, $3, $4, $5, $6)
            """;

    private final Database database;
    private final VectorStore vectors;

    ModelStore(Database database, VectorStore vectors) {
        this.database = database;
        this.vectors = vectors;
    }

    /** How things are; a switch longer ago than {@code following} is settled. */
    Future<ModelState> state(Duration following) {
        return database.run(STATE, Tuple.of(following.toMillis())).map(rows -> {
            Row row = rows.iterator().next();
            return new ModelState(
                    numbered(row, "finds"),
                    numbered(row, "wanted"),
                    row.getLong("change"),
                    row.getInteger("changed_by"),
                    row.getBoolean("settled"),
                    new Mark(row.getUUID("lineage").toString(), row.getLong("generation")));
        });
    }

    private static ModelState.Numbered numbered(Row row, String which) {
        int number = row.getInteger(which);
        return number == Sought.OF_THE_JAR
                ? ModelState.Numbered.OF_THE_JAR
                : new ModelState.Numbered(
                        number, row.getString(which + "_name"), row.getInteger(which + "_dimensions"));
    }

    /** The number of a model, by what it is called and what it says of a fixed text. */
    Future<ModelState.Numbered> enter(String name, float[] probe) {
        return enter(name + ':' + probe.length, probe, 1);
    }

    private Future<ModelState.Numbered> enter(String name, float[] probe, int times) {
        String called = times == 1 ? name : name + '~' + times;
        return database.run(ENTER, Tuple.of(called, probe.length, KnowledgeStore.pack(probe)))
                .compose(entered -> database.run(MODEL, Tuple.of(called)))
                .compose(rows -> {
                    Row row = rows.iterator().next();
                    float[] then = KnowledgeStore.unpack(row.getBuffer("probe"));
                    boolean same = then.length == probe.length && Embedder.similarity(then, probe) >= SAME_MIN;
                    return same || times == NAMESAKES_MAX
                            ? Future.succeededFuture(
                                    new ModelState.Numbered(row.getInteger("number"), called, probe.length))
                            : enter(name, probe, times + 1);
                });
    }

    /**
     * Says which model a node's settings name. It is a change of mind when they named another one before, or when no node
     * ever changed its mind and they name one. Returns whether it was.
     */
    Future<Boolean> set(int node, int model) {
        return database.together(connection -> connection
                .preparedQuery(MIND)
                .execute(Tuple.of(node))
                .compose(rows -> {
                    Row mind = rows.iterator().next();
                    Integer before = mind.getInteger("before");
                    boolean anew = before == null
                            ? mind.getLong("change") == 0 && model != Sought.OF_THE_JAR
                            : before != model;
                    boolean changes = anew && mind.getInteger("wanted") != model;
                    return connection
                            .preparedQuery(SET)
                            .execute(Tuple.of(node, model))
                            .compose(set -> changes
                                    ? connection.preparedQuery(WANT).execute(Tuple.of(node, model))
                                    : Future.succeededFuture())
                            .map(done -> changes);
                }));
    }

    /** Whether it is this reader's turn, which it then is for so long. */
    Future<Boolean> turn(String reader, Duration length) {
        return database.run(TURN, Tuple.of(reader, length.toMillis())).map(rows -> rows.rowCount() == 1);
    }

    Future<Void> leave(String reader) {
        return database.run(LEAVE, Tuple.of(reader)).mapEmpty();
    }

    /** What a model has not read of the next documents after a place. */
    Future<Ahead> ahead(int model, Place after, int limit) {
        Shelfmark from = after.mark;
        Tuple window = Tuple.of(
                after.generation, from.tenant(), from.collection(), from.document(), WINDOW_DOCUMENTS, WINDOW_CHUNKS);
        return database.run(WINDOW, window).compose(ends -> {
            Optional<Place> end = stream(ends)
                    .map(row -> new Place(row.getLong("generation"), KnowledgeStore.markOf(row), Integer.MAX_VALUE))
                    .findFirst();
            Place to = end.orElse(after);
            Tuple asked = Tuple.of(model, after.generation, from.tenant(), from.collection(), from.document())
                    .addInteger(after.chunk)
                    .addLong(to.generation)
                    .addString(to.mark.tenant())
                    .addString(to.mark.collection())
                    .addString(to.mark.document())
                    .addInteger(limit);
            return database.run(UNREAD, asked)
                    .map(rows -> new Ahead(stream(rows).map(ModelStore::unread).toList(), end));
        });
    }

    private static Unread unread(Row row) {
        return new Unread(
                new Place(row.getLong("generation"), KnowledgeStore.markOf(row), row.getInteger("chunk")),
                row.getString("title"),
                row.getString("passage"),
                row.getOffsetDateTime("learned_at"));
    }

    /** Keeps what a model made of some chunks. Returns the documents that it has read to their ends, and their generation. */
    Future<Read> keep(int model, List<Unread> chunks, List<float[]> meanings) {
        List<Tuple> rows = new ArrayList<>();
        for (int i = 0; i < chunks.size(); i++) {
            Unread chunk = chunks.get(i);
            rows.add(KnowledgeStore.tuple(chunk.mark())
                    .addInteger(chunk.chunk())
                    .addInteger(model)
                    .addBuffer(KnowledgeStore.pack(meanings.get(i)))
                    .addOffsetDateTime(chunk.learnedAt));
        }
        List<Shelfmark> marks = chunks.stream().map(Unread::mark).distinct().toList();
        return database.together(connection -> advance(connection).compose(generation -> Database.each(
                        connection, MEAN, rows)
                .compose(kept -> vectors.write(connection, model, chunks, meanings))
                .compose(written -> connection
                        .preparedQuery(READ)
                        .execute(KnowledgeStore.marks(marks).addInteger(model).addLong(generation)))
                .map(read -> new Read(
                        generation,
                        stream(read)
                                .map(row -> new KnowledgeStore.Version(
                                        KnowledgeStore.markOf(row), row.getString("title"), generation))
                                .toList()))));
    }

    /**
     * Lets a model find that has read every chunk: of the documents to a generation, as somebody has seen since the change of
     * mind with this number, and of those that came later. Returns whether it does from now on.
     */
    Future<Boolean> switchTo(int model, long change, long generation) {
        return database.together(connection -> advance(connection)
                .compose(next -> connection.preparedQuery(SWITCH).execute(Tuple.of(model, change, generation)))
                .map(rows -> rows.rowCount() == 1));
    }

    /** Drops vectors of models that neither find nor will, of a few documents. Returns those, and their generation. */
    Future<Read> drop(int limit) {
        return database.run(IDLE, Tuple.of(limit)).compose(rows -> {
            List<Shelfmark> marks = stream(rows).map(KnowledgeStore::markOf).toList();
            return marks.isEmpty()
                    ? vectors.tidy().map(new Read(0, List.of()))
                    : database.together(connection -> advance(connection).compose(generation -> Database.each(
                                    connection,
                                    DROP,
                                    marks.stream().map(KnowledgeStore::tuple).toList())
                            .compose(dropped -> Database.each(
                                    connection,
                                    TOUCH,
                                    marks.stream()
                                            .map(mark ->
                                                    KnowledgeStore.tuple(mark).addLong(generation))
                                            .toList()))
                            .map(touched -> new Read(
                                    generation,
                                    marks.stream()
                                            .map(mark -> new KnowledgeStore.Version(mark, "", generation))
                                            .toList()))));
        });
    }

    /** How many chunks there are, and how many of them the wanted model has read. */
    Future<Progress> progress() {
        return database.run(PROGRESS, Tuple.tuple()).map(rows -> {
            Row row = rows.iterator().next();
            return new Progress(row.getLong("chunks"), row.getLong("read"), row.getLong("unreadable"));
        });
    }

    /** What the models that find and will find made of a document: by chunk, by model. */
    Future<Map<Integer, Map<Integer, float[]>>> meanings(Shelfmark mark) {
        return database.run(MEANINGS, KnowledgeStore.tuple(mark).addBuffer(KnowledgeStore.pack(UNREADABLE)))
                .map(rows -> {
                    Map<Integer, Map<Integer, float[]>> meanings = new HashMap<>();
                    stream(rows)
                            .forEach(row -> meanings.computeIfAbsent(row.getInteger("chunk"), chunk -> new HashMap<>())
                                    .put(row.getInteger("model"), KnowledgeStore.unpack(row.getBuffer("vector"))));
                    return meanings;
                });
    }

    /** Keeps what was made of documents as they came, in the transaction that keeps them. */
    static Future<Void> keep(SqlConnection connection, List<KnowledgeStore.Written> documents) {
        List<Tuple> rows = new ArrayList<>();
        for (KnowledgeStore.Written document : documents) {
            document.chunks().forEach(c -> c.others()
                    .forEach((model, vector) -> rows.add(KnowledgeStore.tuple(document.mark())
                            .addInteger(c.chunk().index())
                            .addInteger(model)
                            .addBuffer(KnowledgeStore.pack(vector)))));
        }
        return Database.each(connection, KEEP, rows);
    }

    private static Future<Long> advance(SqlConnection connection) {
        return connection.preparedQuery(ADVANCE).execute().map(rows -> rows.iterator()
                .next()
                .getLong("generation"));
    }

    private static Stream<Row> stream(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }

    /** How far somebody has come who looks at all documents in the order in which they became what they are. */
    record Place(long generation, Shelfmark mark, int chunk) {
        /** Before all of them. */
        static final Place FIRST = new Place(0, new Shelfmark("", "", ""), -1);
    }

    /**
     * What is unread of the documents after a place.
     *
     * @param chunks the first ones; none when all was read
     * @param end where these documents end; empty when there are no more of them
     */
    record Ahead(List<Unread> chunks, Optional<Place> end) {}

    /** A chunk that a model has not read, of a document as it was at a time. */
    record Unread(Place place, String title, String passage, OffsetDateTime learnedAt) {
        Shelfmark mark() {
            return place.mark;
        }

        int chunk() {
            return place.chunk;
        }

        /** What the model reads of it. */
        String text() {
            return KnowledgeWorker.inContext(mark().document(), title, passage);
        }
    }

    /** Documents that are other ones for an index since a generation. */
    record Read(long generation, List<KnowledgeStore.Version> documents) {}

    /** How far the wanted model is; the unreadable ones are among those read. */
    record Progress(long chunks, long read, long unreadable) {}
}
