package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import skynet.bus.Knowledge;
import skynet.kit.Database;

/** Documents, chunks and vectors in PostgreSQL: the truth, from which the index of each node is rebuilt. */
public final class KnowledgeStore {
    private static final String DIGEST =
            """
            SELECT sha256
              FROM knowledge.document
             WHERE name = $1
               AND title = $2
            """;

    private static final String KEEP =
            """
            INSERT INTO knowledge.document (name, title, content, sha256, chars)
            VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (name) DO UPDATE
               SET title = excluded.title,
                   content = excluded.content,
                   sha256 = excluded.sha256,
                   chars = excluded.chars,
                   learned_at = now()
            """;

    private static final String CLEAR_CHUNKS =
            """
            DELETE FROM knowledge.chunk
             WHERE document = $1
            """;

    private static final String KEEP_CHUNK =
            """
            INSERT INTO knowledge.chunk (document, chunk, start_at, end_at, vector)
            VALUES ($1, $2, $3, $4, $5)
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
            SELECT chunk, start_at, end_at, vector
              FROM knowledge.chunk
             WHERE document = $1
             ORDER BY chunk
            """;

    private static final String COUNT =
            """
            SELECT count(*)::integer AS documents
              FROM knowledge.document
            """;

    private static final String PASSAGES =
            """
            SELECT d.title, d.content,
                   array_agg(c.start_at ORDER BY c.chunk) AS starts,
                   array_agg(c.end_at ORDER BY c.chunk) AS ends
              FROM knowledge.document d
              JOIN knowledge.chunk c ON c.document = d.name
             WHERE d.name = $1
             GROUP BY d.name
            """;

    private final Database database;

    public KnowledgeStore(Database database) {
        this.database = database;
    }

    /** Whether just this text is known under this name and title. */
    Future<Boolean> holds(Knowledge.Learn learn) {
        return database.run(DIGEST, Tuple.of(learn.document(), learn.title()))
                .map(rows -> rows.size() == 1
                        && MessageDigest.isEqual(
                                rows.iterator().next().getBuffer("sha256").getBytes(), digest(learn.text())));
    }

    /** Keeps a document and its chunks in place of whatever bore its name. */
    Future<Void> keep(Knowledge.Learn learn, List<Embedded> chunks) {
        Tuple document = Tuple.of(
                learn.document(),
                learn.title(),
                learn.text(),
                Buffer.buffer(digest(learn.text())),
                learn.text().length());
        List<Tuple> rows = chunks.stream()
                .map(c -> Tuple.of(
                        learn.document(),
                        c.chunk().index(),
                        c.chunk().start(),
                        c.chunk().end(),
                        pack(c.vector())))
                .toList();
        return database.together(connection -> connection
                .preparedQuery(KEEP)
                .execute(document)
                .compose(kept -> connection.preparedQuery(CLEAR_CHUNKS).execute(Tuple.of(learn.document())))
                .compose(cleared -> Database.each(connection, KEEP_CHUNK, rows)));
    }

    /** Whether there was such a document. */
    Future<Boolean> forget(String document) {
        return database.run(FORGET, Tuple.of(document)).map(rows -> rows.rowCount() == 1);
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
                        unpack(row.getBuffer("vector"))))
                .toList());
    }

    Future<Integer> count() {
        return database.run(COUNT, Tuple.tuple())
                .map(rows -> rows.iterator().next().getInteger("documents"));
    }

    /** The documents of these names with their chunks, each as it stood at one moment. */
    Future<Map<String, Kept>> passages(List<String> names) {
        Map<String, Kept> kept = new HashMap<>();
        Future<Void> done = Future.succeededFuture();
        for (String name : names) {
            done = done.compose(before -> database.run(PASSAGES, Tuple.of(name)))
                    .onSuccess(rows -> stream(rows).forEach(row -> kept.put(name, kept(row))))
                    .mapEmpty();
        }
        return done.map(all -> kept);
    }

    private static Kept kept(Row row) {
        Integer[] starts = row.getArrayOfIntegers("starts");
        Integer[] ends = row.getArrayOfIntegers("ends");
        List<Chunk> chunks = IntStream.range(0, starts.length)
                .mapToObj(chunk -> new Chunk(chunk, starts[chunk], ends[chunk]))
                .toList();
        return new Kept(row.getString("title"), row.getString("content"), chunks);
    }

    /** A document as it is kept, without the vectors. */
    record Kept(String title, String text, List<Chunk> chunks) {
        Kept {
            chunks = List.copyOf(chunks);
        }
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

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A chunk and its vector, which nobody writes to once it is here. */
    static final class Embedded {
        private final Chunk chunk;
        private final float[] vector;

        Embedded(Chunk chunk, float[] vector) {
            this.chunk = chunk;
            this.vector = vector;
        }

        Chunk chunk() {
            return chunk;
        }

        float[] vector() {
            return vector;
        }
    }
}
