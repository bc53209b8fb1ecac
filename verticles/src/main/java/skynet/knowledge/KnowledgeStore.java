package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import skynet.bus.Knowledge;
import skynet.kit.Database;
import skynet.kit.Sha256;

/** Documents, chunks and vectors in PostgreSQL: the truth, from which the index of each node is rebuilt. */
public final class KnowledgeStore {
    private static final String DIGEST =
            """
            SELECT sha256, generation
              FROM knowledge.document
             WHERE name = $1
               AND title = $2
            """;

    private static final String MARK =
            """
            SELECT lineage, generation
              FROM knowledge.state
            """;

    /** The row stays locked to the end of the transaction: whoever sees a generation sees all before it. */
    private static final String ADVANCE =
            """
            UPDATE knowledge.state
               SET generation = generation + 1
            RETURNING generation
            """;

    private static final String KEEP =
            """
            INSERT INTO knowledge.document (name, title, content, sha256, chars, generation)
            VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (name) DO UPDATE
               SET title = excluded.title,
                   content = excluded.content,
                   sha256 = excluded.sha256,
                   chars = excluded.chars,
                   generation = excluded.generation,
                   learned_at = now()
            """;

    private static final String CLEAR_CHUNKS =
            """
            DELETE FROM knowledge.chunk
             WHERE document = $1
            """;

    private static final String KEEP_CHUNK =
            """
            INSERT INTO knowledge.chunk (document, chunk, start_at, end_at, passage, vector)
            VALUES ($1, $2, $3, $4, $5, $6)
            """;

    private static final String FORGET =
            """
            DELETE FROM knowledge.document
             WHERE name = $1
            """;

    private static final String READ =
            """
            SELECT name, title, content
              FROM knowledge.document
             WHERE name = $1
            """;

    private static final String LIST =
            """
            SELECT d.name, d.title, d.chars, count(c.chunk)::integer AS chunks
              FROM knowledge.document d
              LEFT JOIN knowledge.chunk c ON c.document = d.name
             WHERE d.name > $1
             GROUP BY d.name
             ORDER BY d.name
             LIMIT $2
            """;

    private static final String CHUNKS =
            """
            SELECT chunk, start_at, end_at, passage, vector
              FROM knowledge.chunk
             WHERE document = $1
             ORDER BY chunk
            """;

    private static final String VERSIONS =
            """
            SELECT name, title, generation
              FROM knowledge.document
             WHERE (generation, name) > ($1, $2)
             ORDER BY generation, name
             LIMIT $3
            """;

    private static final String GONE =
            """
            SELECT indexed.name
              FROM unnest($1::text[]) AS indexed (name)
             WHERE NOT EXISTS (SELECT FROM knowledge.document d WHERE d.name = indexed.name)
            """;

    private static final String SAMPLE =
            """
            SELECT s.sha256, d.name IS NULL AS forgotten
              FROM knowledge.sample s
              LEFT JOIN knowledge.document d ON d.name = s.name
             WHERE s.name = $1
            """;

    private static final String OFFER =
            """
            INSERT INTO knowledge.sample (name, sha256)
            VALUES ($1, $2)
                ON CONFLICT (name) DO UPDATE
               SET sha256 = excluded.sha256
            """;

    private static final String COUNT =
            """
            SELECT count(*)::integer AS documents
              FROM knowledge.document
            """;

    /** No column of the document but its title: its text may have megabytes. */
    private static final String PASSAGES =
            """
            SELECT hit.place::integer AS place, c.document, c.chunk, d.title, c.start_at, c.passage
              FROM unnest($1::text[], $2::integer[]) WITH ORDINALITY AS hit (document, chunk, place)
              JOIN knowledge.chunk c ON c.document = hit.document AND c.chunk = hit.chunk
              JOIN knowledge.document d ON d.name = c.document
             ORDER BY hit.place
            """;

    private final Database database;

    public KnowledgeStore(Database database) {
        this.database = database;
    }

    /** The generation in which just this text became known under this name and title; empty when it is not. */
    Future<Optional<Long>> holds(Knowledge.Learn learn) {
        return database.run(DIGEST, Tuple.of(learn.document(), learn.title())).map(rows -> stream(rows)
                .filter(row -> isOf(row.getBuffer("sha256"), learn.text()))
                .map(row -> row.getLong("generation"))
                .findFirst());
    }

    /** Whether a sample is to be learned: never offered, or changed since and not forgotten. */
    Future<Boolean> isDue(Knowledge.Learn sample) {
        return database.run(SAMPLE, Tuple.of(sample.document())).map(rows -> stream(rows)
                .noneMatch(row -> row.getBoolean("forgotten") || isOf(row.getBuffer("sha256"), sample.text())));
    }

    /** Remembers that a sample was offered. */
    Future<Void> offered(Knowledge.Learn sample) {
        return database.run(OFFER, Tuple.of(sample.document(), Buffer.buffer(Sha256.of(sample.text()))))
                .mapEmpty();
    }

    private static boolean isOf(Buffer sha256, String text) {
        return MessageDigest.isEqual(sha256.getBytes(), Sha256.of(text));
    }

    /** The database these documents are in, and how far they have come. */
    Future<Mark> mark() {
        return database.run(MARK, Tuple.tuple()).map(rows -> {
            Row row = rows.iterator().next();
            return new Mark(row.getUUID("lineage").toString(), row.getLong("generation"));
        });
    }

    /** Keeps a document and its chunks in place of whatever bore its name. Returns the generation it is of. */
    Future<Long> keep(Knowledge.Learn learn, List<Embedded> chunks) {
        return database.together(connection -> connection
                .preparedQuery(ADVANCE)
                .execute()
                .map(KnowledgeStore::generation)
                .compose(generation -> connection
                        .preparedQuery(KEEP)
                        .execute(document(learn, generation))
                        .compose(kept -> connection.preparedQuery(CLEAR_CHUNKS).execute(Tuple.of(learn.document())))
                        .compose(cleared -> Database.each(connection, KEEP_CHUNK, rows(learn.document(), chunks)))
                        .map(all -> generation)));
    }

    private static Tuple document(Knowledge.Learn learn, long generation) {
        return Tuple.of(
                learn.document(),
                learn.title(),
                learn.text(),
                Buffer.buffer(Sha256.of(learn.text())),
                learn.text().length(),
                generation);
    }

    private static List<Tuple> rows(String document, List<Embedded> chunks) {
        return chunks.stream()
                .map(c -> Tuple.of(
                        document,
                        c.chunk().index(),
                        c.chunk().start(),
                        c.chunk().end(),
                        c.passage(),
                        pack(c.vector())))
                .toList();
    }

    /** The generation without this document; empty when there was no such document. */
    Future<Optional<Long>> forget(String document) {
        return database.together(connection -> connection
                .preparedQuery(FORGET)
                .execute(Tuple.of(document))
                .compose(gone -> gone.rowCount() == 0
                        ? Future.succeededFuture(Optional.empty())
                        : connection
                                .preparedQuery(ADVANCE)
                                .execute()
                                .map(KnowledgeStore::generation)
                                .map(Optional::of)));
    }

    private static long generation(RowSet<Row> rows) {
        return rows.iterator().next().getLong("generation");
    }

    Future<Optional<Knowledge.Document>> read(String document) {
        return database.run(READ, Tuple.of(document)).map(rows -> stream(rows)
                .map(row ->
                        new Knowledge.Document(row.getString("name"), row.getString("title"), row.getString("content")))
                .findFirst());
    }

    Future<List<Knowledge.Shelf>> list(String after, int limit) {
        return database.run(LIST, Tuple.of(after, limit)).map(rows -> stream(rows)
                .map(row -> new Knowledge.Shelf(
                        row.getString("name"),
                        row.getString("title"),
                        row.getInteger("chunks"),
                        row.getInteger("chars")))
                .toList());
    }

    Future<List<Embedded>> chunks(String document) {
        return database.run(CHUNKS, Tuple.of(document)).map(rows -> stream(rows)
                .map(row -> new Embedded(
                        new Chunk(row.getInteger("chunk"), row.getInteger("start_at"), row.getInteger("end_at")),
                        row.getString("passage"),
                        unpack(row.getBuffer("vector"))))
                .toList());
    }

    /** The documents by generation and name after a cursor, each with the generation it is of. */
    Future<List<Version>> versions(long generation, String after, int limit) {
        return database.run(VERSIONS, Tuple.of(generation, after, limit)).map(rows -> stream(rows)
                .map(row -> new Version(row.getString("name"), row.getString("title"), row.getLong("generation")))
                .toList());
    }

    /** Which of these documents are not known any more. */
    Future<List<String>> gone(List<String> documents) {
        return database.run(GONE, Tuple.tuple().addArrayOfString(documents.toArray(String[]::new)))
                .map(rows -> stream(rows).map(row -> row.getString("name")).toList());
    }

    Future<Integer> count() {
        return database.run(COUNT, Tuple.tuple())
                .map(rows -> rows.iterator().next().getInteger("documents"));
    }

    /** The passages that were found, in their order. One whose document has shrunk since is not there any more. */
    Future<List<Passage>> passages(List<Hit> hits) {
        String[] documents = hits.stream().map(Hit::document).toArray(String[]::new);
        Integer[] chunks = hits.stream().map(Hit::chunk).toArray(Integer[]::new);
        return database.run(PASSAGES, Tuple.tuple().addArrayOfString(documents).addArrayOfInteger(chunks))
                .map(rows -> stream(rows)
                        .map(row -> new Passage(
                                row.getString("document"),
                                row.getString("title"),
                                row.getInteger("chunk"),
                                row.getInteger("start_at"),
                                row.getString("passage"),
                                hits.get(row.getInteger("place") - 1).meaning()))
                        .toList());
    }

    private static Stream<Row> stream(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }

    private static Buffer pack(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Buffer.buffer(bytes.array());
    }

    private static float[] unpack(Buffer bytes) {
        float[] vector = new float[bytes.length() / Float.BYTES];
        ByteBuffer.wrap(bytes.getBytes())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(vector);
        return vector;
    }

    /** A document and the generation in which it became what it is. */
    record Version(String document, String title, long generation) {}

    /** A chunk, its words, and its vector, which nobody writes to once it is here. */
    static final class Embedded {
        private final Chunk chunk;
        private final String passage;
        private final float[] vector;

        Embedded(Chunk chunk, String passage, float[] vector) {
            this.chunk = chunk;
            this.passage = passage;
            this.vector = vector;
        }

        Chunk chunk() {
            return chunk;
        }

        String passage() {
            return passage;
        }

        float[] vector() {
            return vector;
        }
    }
}
