package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import skynet.bus.Knowledge;
import skynet.kit.Database;
import skynet.kit.Sha256;

/** Documents, chunks and vectors in PostgreSQL: the truth, from which the index of each node is rebuilt. */
public final class KnowledgeStore {
    /** What is known under each of these names, among them the title they had then. */
    private static final String HELD =
            """
            SELECT d.tenant, d.collection, d.name, d.title, d.sha256, d.generation, d.chunks
              FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (tenant, collection, name)
              JOIN knowledge.document d USING (tenant, collection, name)
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

    /** Whoever changes documents begins with this row, so that no two wait for each other. */
    private static final String LOCK =
            """
            SELECT generation
              FROM knowledge.state
               FOR UPDATE
            """;

    private static final String KEEP =
            """
            INSERT INTO knowledge.document
                   (tenant, collection, name, title, content, sha256, chars, chunks, pages, generation)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                ON CONFLICT (tenant, collection, name) DO UPDATE
               SET title = excluded.title,
                   content = excluded.content,
                   sha256 = excluded.sha256,
                   chars = excluded.chars,
                   chunks = excluded.chunks,
                   pages = excluded.pages,
                   generation = excluded.generation,
                   learned_at = now()
            """;

    private static final String CLEAR_CHUNKS =
            """
            DELETE FROM knowledge.chunk
             WHERE tenant = $1
               AND collection = $2
               AND document = $3
            """;

    private static final String KEEP_CHUNK =
            """
            INSERT INTO knowledge.chunk
                   (tenant, collection, document, chunk, start_at, end_at, passage, page, turns, vector, model)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """;

    private static final String FORGET =
            """
            DELETE FROM knowledge.document
             WHERE tenant = $1
               AND collection = $2
               AND name = $3
            """;

    /** A tenant's own before what is shared, the main collection before the others. */
    private static final String READ =
            """
            SELECT name, title, content, collection, tenant = '' AS shared, pages
              FROM knowledge.document
             WHERE name = $1
               AND tenant IN ('', $2)
               AND ($3 = '' OR collection = $3)
             ORDER BY tenant DESC, collection <> 'main', collection
             LIMIT 1
            """;

    /** One name may stand in several collections, and they are not torn apart. */
    private static final String LIST =
            """
            SELECT name, title, chars, chunks, collection, tenant = '' AS shared, cardinality(pages) AS pages
              FROM knowledge.document
             WHERE name > $1
               AND tenant IN ('', $2)
               AND ($3 = '' OR collection = $3)
             ORDER BY name
             FETCH FIRST $4 ROWS WITH TIES
            """;

    private static final String COLLECTIONS =
            """
            SELECT collection,
                   tenant = '' AS shared,
                   count(*)::integer AS documents,
                   sum(chunks)::bigint AS chunks,
                   sum(chars)::bigint AS chars
              FROM knowledge.document
             WHERE tenant IN ('', $1)
             GROUP BY tenant, collection
             ORDER BY tenant DESC, collection
             LIMIT $2
            """;

    private static final String FIND =
            """
            SELECT tenant, collection, name, title, chunks
              FROM knowledge.document
             WHERE name = $1
               AND tenant IN ('', $2)
               AND ($3 = '' OR collection = $3)
             ORDER BY tenant DESC, collection <> 'main', collection
             LIMIT 1
            """;

    private static final String CHUNKS =
            """
            SELECT chunk, start_at, end_at, passage, page, turns, vector
              FROM knowledge.chunk
             WHERE tenant = $1
               AND collection = $2
               AND document = $3
             ORDER BY chunk
            """;

    private static final String SOME_CHUNKS =
            """
            SELECT chunk, start_at, end_at, passage, page
              FROM knowledge.chunk
             WHERE tenant = $1
               AND collection = $2
               AND document = $3
               AND chunk >= $4
             ORDER BY chunk
             LIMIT $5
            """;

    private static final String VERSIONS =
            """
            SELECT tenant, collection, name, title, generation
              FROM knowledge.document
             WHERE (generation, tenant, collection, name) > ($1, $2, $3, $4)
             ORDER BY generation, tenant, collection, name
             LIMIT $5
            """;

    private static final String GONE =
            """
            SELECT tenant, collection, name
              FROM unnest($1::text[], $2::text[], $3::text[]) AS indexed (tenant, collection, name)
             WHERE NOT EXISTS (
                   SELECT
                     FROM knowledge.document d
                    WHERE d.tenant = indexed.tenant
                      AND d.collection = indexed.collection
                      AND d.name = indexed.name)
            """;

    private static final String SAMPLE =
            """
            SELECT s.sha256, d.name IS NULL AS forgotten
              FROM knowledge.sample s
              LEFT JOIN knowledge.document d ON d.tenant = '' AND d.collection = 'main' AND d.name = s.name
             WHERE s.name = $1
            """;

    private static final String OFFER =
            """
            INSERT INTO knowledge.sample (name, sha256)
            VALUES ($1, $2)
                ON CONFLICT (name) DO UPDATE
               SET sha256 = excluded.sha256
            """;

    /** Passages that all may read, each document's first ones. */
    private static final String SOME_PASSAGES =
            """
            SELECT passage
              FROM knowledge.chunk
             WHERE tenant = ''
               AND length(passage) >= 80
             ORDER BY chunk, collection, document
             LIMIT $1
            """;

    private static final String COUNT =
            """
            SELECT count(*)::integer AS documents
              FROM knowledge.document
            """;

    /** No column of the document but its title: its text may have megabytes. */
    private static final String PASSAGES =
            """
            SELECT hit.place::integer AS place, c.tenant, c.collection, c.document, c.chunk, d.title, c.start_at, c.passage,
                   c.page, c.turns
              FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[])
                   WITH ORDINALITY AS hit (tenant, collection, document, chunk, place)
              JOIN knowledge.chunk c
                ON c.tenant = hit.tenant
               AND c.collection = hit.collection
               AND c.document = hit.document
               AND c.chunk = hit.chunk
              JOIN knowledge.document d
                ON d.tenant = c.tenant
               AND d.collection = c.collection
               AND d.name = c.document
             ORDER BY hit.place
            """;

    /** With the vectors, which are only read where another model than that of the JAR found. */
    private static final String PASSAGES_WITH_VECTORS = PASSAGES.replaceFirst("c\\.turns", "c.turns, c.vector");

    private final Database database;
    private final VectorStore vectors;
    private final ModelStore models;

    public KnowledgeStore(Database database) {
        this.database = database;
        this.vectors = new VectorStore(database);
        this.models = new ModelStore(database, vectors);
    }

    /** The models by whose vectors passages may be found. */
    ModelStore models() {
        return models;
    }

    /** The vectors where PostgreSQL can search them. */
    VectorStore vectors() {
        return vectors;
    }

    /** Those of these documents that are known just so, each with the generation since which they are. */
    Future<Map<Shelfmark, Held>> holds(List<Knowledge.Learn> learns) {
        Map<Shelfmark, Knowledge.Learn> asked = new HashMap<>();
        learns.forEach(learn -> asked.put(Shelfmark.of(learn), learn));
        return database.run(HELD, marks(List.copyOf(asked.keySet()))).map(rows -> {
            Map<Shelfmark, Held> held = new HashMap<>();
            stream(rows).forEach(row -> {
                Shelfmark mark = markOf(row);
                Knowledge.Learn learn = asked.get(mark);
                if (learn.title().equals(row.getString("title")) && isOf(row.getBuffer("sha256"), learn.text())) {
                    held.put(mark, new Held(row.getLong("generation"), row.getInteger("chunks")));
                }
            });
            return held;
        });
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

    /** Keeps documents and their chunks in place of whatever bore their names. Returns the generation they are of. */
    Future<Long> keep(List<Written> documents) {
        List<Tuple> marks = documents.stream().map(d -> tuple(d.mark())).toList();
        List<Tuple> chunks = documents.stream().flatMap(KnowledgeStore::rows).toList();
        return database.together(connection -> connection
                .preparedQuery(ADVANCE)
                .execute()
                .map(KnowledgeStore::generation)
                .compose(generation -> Database.each(connection, KEEP, documents(documents, generation))
                        .compose(kept -> Database.each(connection, CLEAR_CHUNKS, marks))
                        .compose(cleared -> Database.each(connection, KEEP_CHUNK, chunks))
                        .compose(written -> ModelStore.keep(connection, documents))
                        .compose(written -> vectors.write(connection, documents))
                        .map(all -> generation)));
    }

    private static List<Tuple> documents(List<Written> documents, long generation) {
        return documents.stream()
                .map(document -> tuple(document.mark())
                        .addString(document.learn().title())
                        .addString(document.learn().text())
                        .addBuffer(Buffer.buffer(Sha256.of(document.learn().text())))
                        .addInteger(document.learn().text().length())
                        .addInteger(document.chunks().size())
                        .addArrayOfInteger(document.learn().pages().toArray(Integer[]::new))
                        .addLong(generation))
                .toList();
    }

    private static Stream<Tuple> rows(Written document) {
        return document.chunks().stream().map(c -> tuple(document.mark())
                .addInteger(c.chunk().index())
                .addInteger(c.chunk().start())
                .addInteger(c.chunk().end())
                .addString(c.passage())
                .addInteger(c.paging().first())
                .addArrayOfInteger(c.paging().turns().toArray(Integer[]::new))
                .addBuffer(pack(c.vector()))
                .addString(Embedder.MODEL));
    }

    static Tuple tuple(Shelfmark mark) {
        return Tuple.of(mark.tenant(), mark.collection(), mark.document());
    }

    static Tuple marks(List<Shelfmark> marks) {
        return Tuple.tuple()
                .addArrayOfString(marks.stream().map(Shelfmark::tenant).toArray(String[]::new))
                .addArrayOfString(marks.stream().map(Shelfmark::collection).toArray(String[]::new))
                .addArrayOfString(marks.stream().map(Shelfmark::document).toArray(String[]::new));
    }

    static Shelfmark markOf(Row row) {
        return new Shelfmark(row.getString("tenant"), row.getString("collection"), row.getString("name"));
    }

    /** The generation without this document; empty when there was no such document. */
    Future<Optional<Long>> forget(Shelfmark mark) {
        return database.together(connection -> connection
                .preparedQuery(LOCK)
                .execute()
                .compose(locked -> connection.preparedQuery(FORGET).execute(tuple(mark)))
                .compose(gone -> gone.rowCount() == 0
                        ? Future.succeededFuture(Optional.empty())
                        : vectors.forget(connection, mark)
                                .compose(forgotten ->
                                        connection.preparedQuery(ADVANCE).execute())
                                .map(KnowledgeStore::generation)
                                .map(Optional::of)));
    }

    private static long generation(RowSet<Row> rows) {
        return rows.iterator().next().getLong("generation");
    }

    Future<Optional<Knowledge.Document>> read(String document, Scope scope) {
        return database.run(READ, Tuple.of(document, scope.tenant(), scope.collection()))
                .map(rows -> stream(rows)
                        .map(row -> new Knowledge.Document(
                                row.getString("name"),
                                row.getString("title"),
                                row.getString("content"),
                                row.getString("collection"),
                                row.getBoolean("shared"),
                                List.of(row.getArrayOfIntegers("pages"))))
                        .findFirst());
    }

    Future<List<Knowledge.Shelf>> list(String after, int limit, Scope scope) {
        return database.run(LIST, Tuple.of(after, scope.tenant(), scope.collection(), limit))
                .map(rows -> stream(rows)
                        .map(row -> new Knowledge.Shelf(
                                row.getString("name"),
                                row.getString("title"),
                                row.getInteger("chunks"),
                                row.getInteger("chars"),
                                row.getString("collection"),
                                row.getBoolean("shared"),
                                row.getInteger("pages")))
                        .toList());
    }

    /** The collections that a tenant may read, its own first. */
    Future<List<Knowledge.Collection>> collections(String tenant, int limit) {
        return database.run(COLLECTIONS, Tuple.of(tenant, limit)).map(rows -> stream(rows)
                .map(row -> new Knowledge.Collection(
                        row.getString("collection"),
                        row.getBoolean("shared"),
                        row.getInteger("documents"),
                        row.getLong("chunks"),
                        row.getLong("chars")))
                .toList());
    }

    Future<List<Embedded>> chunks(Shelfmark mark) {
        return models.meanings(mark)
                .compose(meanings -> database.run(CHUNKS, tuple(mark)).map(rows -> stream(rows)
                        .map(row -> new Embedded(
                                new Chunk(
                                        row.getInteger("chunk"), row.getInteger("start_at"), row.getInteger("end_at")),
                                row.getString("passage"),
                                unpack(row.getBuffer("vector")),
                                pagingOf(row),
                                meanings.getOrDefault(row.getInteger("chunk"), Map.of())))
                        .toList()));
    }

    /** Some chunks of the document that somebody means by a name. */
    Future<Optional<Knowledge.Chunks>> chunks(String document, Scope scope, int from, int limit) {
        return database.run(FIND, Tuple.of(document, scope.tenant(), scope.collection()))
                .compose(rows -> {
                    Optional<Row> found = stream(rows).findFirst();
                    return found.isEmpty()
                            ? Future.succeededFuture(Optional.empty())
                            : chunks(found.get(), from, limit).map(Optional::of);
                });
    }

    private Future<Knowledge.Chunks> chunks(Row document, int from, int limit) {
        Shelfmark mark = markOf(document);
        return database.run(SOME_CHUNKS, tuple(mark).addInteger(from).addInteger(limit))
                .map(rows -> new Knowledge.Chunks(
                        mark.document(),
                        document.getString("title"),
                        mark.collection(),
                        mark.tenant().isEmpty(),
                        document.getInteger("chunks"),
                        stream(rows)
                                .map(row -> new Knowledge.Chunk(
                                        row.getInteger("chunk"),
                                        row.getInteger("start_at"),
                                        row.getInteger("end_at"),
                                        row.getInteger("page"),
                                        row.getString("passage")))
                                .toList()));
    }

    /** The documents by generation and mark after a cursor, each with the generation it is of. */
    Future<List<Version>> versions(long generation, Shelfmark after, int limit) {
        Tuple cursor = Tuple.of(generation, after.tenant(), after.collection(), after.document(), limit);
        return database.run(VERSIONS, cursor).map(rows -> stream(rows)
                .map(row -> new Version(markOf(row), row.getString("title"), row.getLong("generation")))
                .toList());
    }

    /** Which of these documents are not known any more. */
    Future<List<Shelfmark>> gone(List<Shelfmark> documents) {
        return database.run(GONE, marks(documents))
                .map(rows -> stream(rows).map(KnowledgeStore::markOf).toList());
    }

    Future<List<String>> somePassages(int limit) {
        return database.run(SOME_PASSAGES, Tuple.of(limit))
                .map(rows -> stream(rows).map(row -> row.getString("passage")).toList());
    }

    Future<Integer> count() {
        return database.run(COUNT, Tuple.tuple())
                .map(rows -> rows.iterator().next().getInteger("documents"));
    }

    /**
     * The passages that were found, in their order. One whose document has shrunk since is not there any more. How near each is
     * to the question is told by the model of the JAR, whichever found it: answers are weighed by what is known of that one.
     */
    Future<List<Passage>> passages(List<Hit> hits, Sought sought) {
        Tuple asked = marks(hits.stream().map(Hit::mark).toList())
                .addArrayOfInteger(hits.stream().map(Hit::chunk).toArray(Integer[]::new));
        return database.run(sought.isOfTheJar() ? PASSAGES : PASSAGES_WITH_VECTORS, asked)
                .map(rows -> stream(rows)
                        .map(row -> new Passage(
                                new Shelfmark(
                                        row.getString("tenant"),
                                        row.getString("collection"),
                                        row.getString("document")),
                                row.getString("title"),
                                row.getInteger("chunk"),
                                row.getInteger("start_at"),
                                row.getString("passage"),
                                sought.isOfTheJar()
                                        ? hits.get(row.getInteger("place") - 1).meaning()
                                        : Embedder.similarity(unpack(row.getBuffer("vector")), sought.plain()),
                                pagingOf(row)))
                        .toList());
    }

    private static Paging pagingOf(Row row) {
        return new Paging(row.getInteger("page"), List.of(row.getArrayOfIntegers("turns")));
    }

    private static Stream<Row> stream(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }

    static Buffer pack(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Buffer.buffer(bytes.array());
    }

    static float[] unpack(Buffer bytes) {
        float[] vector = new float[bytes.length() / Float.BYTES];
        ByteBuffer.wrap(bytes.getBytes())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(vector);
        return vector;
    }

    /** A document and the generation in which it became what it is. */
    record Version(Shelfmark mark, String title, long generation) {}

    /** Since which generation a document is what it is, and how many chunks it has. */
    record Held(long generation, int chunks) {}

    /** A document to be kept, with its chunks. */
    record Written(Knowledge.Learn learn, List<Embedded> chunks) {

        Shelfmark mark() {
            return Shelfmark.of(learn);
        }
    }

    /** A chunk, its words, and its vector, which nobody writes to once it is here. */
    static final class Embedded {
        private final Chunk chunk;
        private final String passage;
        private final float[] vector;
        private final Paging paging;
        private final Map<Integer, float[]> others;

        Embedded(Chunk chunk, String passage, float[] vector, Paging paging) {
            this(chunk, passage, vector, paging, Map.of());
        }

        Embedded(Chunk chunk, String passage, float[] vector, Paging paging, Map<Integer, float[]> others) {
            this.chunk = chunk;
            this.passage = passage;
            this.vector = vector;
            this.paging = paging;
            this.others = Map.copyOf(others);
        }

        /** The same with what another model made of it. */
        Embedded with(int model, float[] meaning) {
            Map<Integer, float[]> more = new HashMap<>(others);
            more.put(model, meaning);
            return new Embedded(chunk, passage, vector, paging, more);
        }

        /** What other models than that of the JAR made of it, by their numbers. */
        Map<Integer, float[]> others() {
            return others;
        }

        Paging paging() {
            return paging;
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
