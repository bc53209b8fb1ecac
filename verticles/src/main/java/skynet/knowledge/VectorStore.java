package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import skynet.kit.Database;

/**
 * The passages' vectors in a form that PostgreSQL can search, where it has the extension pgvector; elsewhere this is shut and
 * the embedded index searches alone. They are made from what is kept, so they stand outside of the schemas that a backup
 * takes. PostgreSQL looks at every vector that may be seen: its answer is exact.
 */
final class VectorStore {
    private static final Logger LOG = System.getLogger(VectorStore.class.getName());
    private static final int PAGE = 200;

    /** Chunks among which one statement looks for those that are missing. */
    private static final int PIECE = 5_000;

    private static final Shelfmark BEFORE_ALL = new Shelfmark("", "", "");

    private static final String TABLE = "public.skynet_passage";

    /** What stands for numbers that no statement takes as values. */
    private static final String MODEL = ":model";

    private static final String DIMENSIONS = ":dimensions";

    private static final String AVAILABLE =
            """
            SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') AS available
            """;

    private static final String EXTEND = "CREATE EXTENSION IF NOT EXISTS vector";

    private static final String CREATE =
            """
            CREATE TABLE IF NOT EXISTS public.skynet_passage (
                tenant      text        NOT NULL,
                collection  text        NOT NULL,
                document    text        NOT NULL,
                chunk       integer     NOT NULL,
                meaning     vector(384) NOT NULL,
                PRIMARY KEY (tenant, collection, document, chunk)
            )
            """;

    private static final String TIDY =
            """
            DELETE FROM public.skynet_passage v
             WHERE NOT EXISTS (
                   SELECT
                     FROM knowledge.chunk c
                    WHERE c.tenant = v.tenant
                      AND c.collection = v.collection
                      AND c.document = v.document
                      AND c.chunk = v.chunk)
            """;

    /** Where the next chunks end among which one statement looks for those that are missing. */
    private static final String ENDS =
            """
            SELECT tenant, collection, document AS name, chunk
              FROM (SELECT tenant, collection, document, chunk
                      FROM knowledge.chunk
                     WHERE (tenant, collection, document, chunk) > ($1, $2, $3, $4)
                     ORDER BY tenant, collection, document, chunk
                     LIMIT $5) ahead
             ORDER BY tenant DESC, collection DESC, document DESC, chunk DESC
             LIMIT 1
            """;

    /** OFFSET 0 has each chunk looked up by its key, whatever the server believes of the tables. */
    private static final String MISSING =
            """
            SELECT c.tenant, c.collection, c.document, c.chunk, c.vector
              FROM knowledge.chunk c
             WHERE (c.tenant, c.collection, c.document, c.chunk) > ($1, $2, $3, $4)
               AND (c.tenant, c.collection, c.document, c.chunk) <= ($5, $6, $7, $8)
               AND c.model = $9
               AND NOT EXISTS (
                   SELECT
                     FROM public.skynet_passage v
                    WHERE v.tenant = c.tenant
                      AND v.collection = c.collection
                      AND v.document = c.document
                      AND v.chunk = c.chunk
                   OFFSET 0)
             LIMIT $10
            """;

    private static final String WRITE =
            """
            INSERT INTO public.skynet_passage (tenant, collection, document, chunk, meaning)
            VALUES ($1, $2, $3, $4, $5::text::vector)
                ON CONFLICT (tenant, collection, document, chunk) DO UPDATE
               SET meaning = excluded.meaning
            """;

    private static final String FORGET =
            """
            DELETE FROM public.skynet_passage
             WHERE tenant = $1
               AND collection = $2
               AND document = $3
            """;

    /** A table for each other model; what the room forgets of that model goes from it by itself. */
    private static final String CREATE_OTHER =
            """
            CREATE TABLE IF NOT EXISTS public.skynet_passage_:model (
                tenant      text        NOT NULL,
                collection  text        NOT NULL,
                document    text        NOT NULL,
                chunk       integer     NOT NULL,
                model       integer     NOT NULL DEFAULT :model CHECK (model = :model),
                meaning     vector(:dimensions) NOT NULL,
                PRIMARY KEY (tenant, collection, document, chunk),
                FOREIGN KEY (tenant, collection, document, chunk, model)
                    REFERENCES knowledge.meaning (tenant, collection, document, chunk, model) ON DELETE CASCADE
            )
            """;

    /** A table that is left of another database under this name, and numbers its models otherwise, does not hang on to this one. */
    private static final String FOREIGN_OTHER =
            """
            SELECT to_regclass('public.skynet_passage_:model') IS NOT NULL
               AND NOT EXISTS (
                   SELECT
                     FROM pg_constraint
                    WHERE conrelid = to_regclass('public.skynet_passage_:model')
                      AND confrelid = 'knowledge.meaning'::regclass) AS is_foreign
            """;

    private static final String ENDS_OTHER =
            """
            SELECT tenant, collection, document AS name, chunk
              FROM (SELECT tenant, collection, document, chunk
                      FROM knowledge.meaning
                     WHERE (tenant, collection, document, chunk) > ($1, $2, $3, $4)
                       AND model = :model
                     ORDER BY tenant, collection, document, chunk
                     LIMIT $5) ahead
             ORDER BY tenant DESC, collection DESC, document DESC, chunk DESC
             LIMIT 1
            """;

    private static final String MISSING_OTHER =
            """
            SELECT m.tenant, m.collection, m.document, m.chunk, d.learned_at, m.vector
              FROM knowledge.meaning m
              JOIN knowledge.document d ON d.tenant = m.tenant AND d.collection = m.collection AND d.name = m.document
             WHERE (m.tenant, m.collection, m.document, m.chunk) > ($1, $2, $3, $4)
               AND (m.tenant, m.collection, m.document, m.chunk) <= ($5, $6, $7, $8)
               AND m.model = :model
               AND m.vector <> $9
               AND NOT EXISTS (
                   SELECT
                     FROM public.skynet_passage_:model v
                    WHERE v.tenant = m.tenant
                      AND v.collection = m.collection
                      AND v.document = m.document
                      AND v.chunk = m.chunk
                   OFFSET 0)
             LIMIT $10
            """;

    /** Nothing where the document is gone or another one by now. */
    private static final String WRITE_OTHER =
            """
            INSERT INTO public.skynet_passage_:model (tenant, collection, document, chunk, meaning)
            SELECT m.tenant, m.collection, m.document, m.chunk, $5::text::vector
              FROM knowledge.meaning m
              JOIN knowledge.document d ON d.tenant = m.tenant AND d.collection = m.collection AND d.name = m.document
             WHERE m.tenant = $1
               AND m.collection = $2
               AND m.document = $3
               AND m.chunk = $4
               AND m.model = :model
               AND ($6::timestamptz IS NULL OR d.learned_at = $6)
                ON CONFLICT DO NOTHING
            """;

    private static final String IDLE_OTHERS =
            """
            SELECT right(tablename, -length('skynet_passage_'))::integer AS model
              FROM pg_tables
             WHERE schemaname = 'public'
               AND tablename ~ '^skynet_passage_[0-9]{1,9}$'
               AND right(tablename, -length('skynet_passage_'))::integer
                   <> ALL (ARRAY(SELECT unnest(ARRAY[finds, wanted]) FROM knowledge.embedding))
            """;

    private static final String DROP_OTHER = "DROP TABLE IF EXISTS public.skynet_passage_:model";

    private static final String NEAREST =
            """
            SELECT tenant, collection, document, chunk, 1 - (meaning <=> $1::text::vector) AS cosine
              FROM public.skynet_passage
             WHERE tenant IN ('', $2)
               AND ($3 = '' OR collection = $3)
             ORDER BY meaning <=> $1::text::vector
             LIMIT $4
            """;

    private final Database database;
    private volatile boolean open;

    /** The other models whose tables are there and filled. */
    private final Set<Integer> others = ConcurrentHashMap.newKeySet();

    /**
     * How a table gets what is missing in it.
     *
     * @param filter what the vectors are told by that belong into it
     * @param row the values of a row to be written
     */
    private record Filling(String ends, String missing, Object filter, String write, Function<Row, Tuple> row) {}

    VectorStore(Database database) {
        this.database = database;
    }

    boolean isOpen() {
        return open;
    }

    /** Whether a model's vectors can be searched here. */
    boolean has(int model) {
        return open && (model == Sought.OF_THE_JAR || others.contains(model));
    }

    /** Makes the vectors of those that find and will searchable, and lets go of all others; fails never. */
    Future<Void> prepare(ModelState state) {
        // Whoever drops their vectors drops their tables, on whichever node that is.
        others.retainAll(List.of(state.finds().number(), state.wanted().number()));
        return prepare(state.finds()).compose(prepared -> prepare(state.wanted()));
    }

    private Future<Void> prepare(ModelState.Numbered model) {
        if (!open || model.isOfTheJar() || others.contains(model.number())) {
            return Future.succeededFuture();
        }
        int number = model.number();
        return database.run(of(FOREIGN_OTHER, number), Tuple.tuple())
                .compose(rows -> rows.iterator().next().getBoolean("is_foreign")
                        ? database.run(of(DROP_OTHER, number), Tuple.tuple())
                        : Future.succeededFuture())
                .compose(clear -> database.run(
                        of(CREATE_OTHER, number).replace(DIMENSIONS, "" + model.dimensions()), Tuple.tuple()))
                .compose(created -> {
                    // From here on this node writes into it too, so nothing is left out behind the filling.
                    others.add(number);
                    return fill(number);
                })
                .recover(failure -> {
                    others.remove(number);
                    LOG.log(Level.WARNING, "pgvector: no table for " + model.name(), failure);
                    return Future.succeededFuture();
                });
    }

    private Future<Void> fill(int model) {
        Filling filling = new Filling(
                of(ENDS_OTHER, model),
                of(MISSING_OTHER, model),
                KnowledgeStore.pack(ModelStore.UNREADABLE),
                of(WRITE_OTHER, model),
                row -> passage(row).addOffsetDateTime(row.getOffsetDateTime("learned_at")));
        return fill(filling, BEFORE_ALL, -1);
    }

    /** What is kept and not in a table, piece by piece, so that no statement grows with what is kept. */
    private Future<Void> fill(Filling filling, Shelfmark after, int chunk) {
        Tuple from = KnowledgeStore.tuple(after).addInteger(chunk);
        return database.run(
                        filling.ends,
                        KnowledgeStore.tuple(after).addInteger(chunk).addInteger(PIECE))
                .compose(ends -> {
                    if (ends.size() == 0) {
                        return Future.succeededFuture();
                    }
                    Row end = ends.iterator().next();
                    Shelfmark mark = KnowledgeStore.markOf(end);
                    int last = end.getInteger("chunk");
                    from.addString(mark.tenant()).addString(mark.collection()).addString(mark.document());
                    from.addInteger(last).addValue(filling.filter).addInteger(PAGE);
                    return write(filling, from).compose(written -> fill(filling, mark, last));
                });
    }

    private Future<Void> write(Filling filling, Tuple piece) {
        return database.run(filling.missing, piece).compose(rows -> {
            List<Tuple> page = StreamSupport.stream(rows.spliterator(), false)
                    .map(filling.row)
                    .toList();
            Future<Void> written = database.together(connection -> Database.each(connection, filling.write, page));
            return page.size() < PAGE ? written : written.compose(more -> write(filling, piece));
        });
    }

    private static Tuple passage(Row row) {
        return Tuple.of(
                row.getString("tenant"),
                row.getString("collection"),
                row.getString("document"),
                row.getInteger("chunk"),
                text(KnowledgeStore.unpack(row.getBuffer("vector"))));
    }

    /** Takes in what a model made of chunks, in the transaction that keeps it. */
    Future<Void> write(SqlConnection connection, int model, List<ModelStore.Unread> chunks, List<float[]> meanings) {
        if (!has(model)) return Future.succeededFuture();
        List<Tuple> rows = new ArrayList<>();
        for (int i = 0; i < chunks.size(); i++) {
            if (meanings.get(i) == ModelStore.UNREADABLE) {
                continue;
            }
            rows.add(KnowledgeStore.tuple(chunks.get(i).mark())
                    .addInteger(chunks.get(i).chunk())
                    .addString(text(meanings.get(i)))
                    .addOffsetDateTime(chunks.get(i).learnedAt()));
        }
        return Database.each(connection, of(WRITE_OTHER, model), rows);
    }

    /** Drops the tables of models that neither find nor will. */
    Future<Void> tidy() {
        if (!open) return Future.succeededFuture();
        return database.run(IDLE_OTHERS, Tuple.tuple()).compose(rows -> {
            Future<Void> done = Future.succeededFuture();
            for (Row row : rows) {
                int model = row.getInteger("model");
                others.remove(model);
                done = done.compose(before ->
                        database.run(of(DROP_OTHER, model), Tuple.tuple()).mapEmpty());
            }
            return done;
        });
    }

    private static String of(String sql, int model) {
        return sql.replace(MODEL, "" + model);
    }

    /** Opens where the server has the extension and lets us use it; fails never. */
    Future<Void> open() {
        return database.run(AVAILABLE, Tuple.tuple())
                .compose(rows -> rows.iterator().next().getBoolean("available")
                        ? prepare().onSuccess(ready -> open = true)
                        : Future.succeededFuture())
                .recover(failure -> {
                    LOG.log(
                            Level.WARNING,
                            "pgvector: there but not to be used; the embedded index searches alone",
                            failure);
                    return Future.succeededFuture();
                });
    }

    private Future<Void> prepare() {
        return database.run(EXTEND, Tuple.tuple())
                .compose(extended -> database.run(CREATE, Tuple.tuple()))
                .compose(created -> database.run(TIDY, Tuple.tuple()))
                .compose(tidied -> fill());
    }

    /** What was kept while nobody wrote here. */
    private Future<Void> fill() {
        return fill(new Filling(ENDS, MISSING, Embedder.MODEL, WRITE, VectorStore::passage), BEFORE_ALL, -1);
    }

    /** Takes documents' vectors in, in the transaction that keeps them. */
    Future<Void> write(SqlConnection connection, List<KnowledgeStore.Written> documents) {
        if (!open) return Future.succeededFuture();
        List<Tuple> gone =
                documents.stream().map(d -> KnowledgeStore.tuple(d.mark())).toList();
        List<Tuple> rows = new ArrayList<>();
        for (KnowledgeStore.Written document : documents) {
            document.chunks()
                    .forEach(c -> rows.add(KnowledgeStore.tuple(document.mark())
                            .addInteger(c.chunk().index())
                            .addString(text(c.vector()))));
        }
        return Database.each(connection, FORGET, gone)
                .compose(done -> Database.each(connection, WRITE, rows))
                .compose(done -> writeOthers(connection, documents));
    }

    private Future<Void> writeOthers(SqlConnection connection, List<KnowledgeStore.Written> documents) {
        Map<Integer, List<Tuple>> rows = new HashMap<>();
        for (KnowledgeStore.Written document : documents) {
            for (KnowledgeStore.Embedded chunk : document.chunks()) {
                chunk.others().forEach((model, vector) -> rows.computeIfAbsent(model, first -> new ArrayList<>())
                        .add(KnowledgeStore.tuple(document.mark())
                                .addInteger(chunk.chunk().index())
                                .addString(text(vector))
                                .addOffsetDateTime(null)));
            }
        }
        Future<Void> done = Future.succeededFuture();
        for (Map.Entry<Integer, List<Tuple>> of : rows.entrySet()) {
            if (has(of.getKey())) {
                done = done.compose(before -> Database.each(connection, of(WRITE_OTHER, of.getKey()), of.getValue()));
            }
        }
        return done;
    }

    Future<Void> forget(SqlConnection connection, Shelfmark mark) {
        return open ? Database.each(connection, FORGET, List.of(KnowledgeStore.tuple(mark))) : Future.succeededFuture();
    }

    /** The nearest passages of those that may be seen, nearest first. */
    Future<List<Near>> nearest(Sought sought, Scope scope, int count) {
        String sql = sought.isOfTheJar() ? NEAREST : NEAREST.replace(TABLE, TABLE + '_' + sought.model());
        return database.run(sql, Tuple.of(text(sought.vector()), scope.tenant(), scope.collection(), count))
                .map(VectorStore::near);
    }

    private static List<Near> near(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new Near(
                        new Shelfmark(row.getString("tenant"), row.getString("collection"), row.getString("document")),
                        row.getInteger("chunk"),
                        row.getDouble("cosine")))
                .toList();
    }

    private static String text(float[] vector) {
        StringJoiner text = new StringJoiner(",", "[", "]");
        for (float value : vector) text.add(Float.toString(value));
        return text.toString();
    }
}
