package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
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

    private static final String MISSING =
            """
            SELECT c.tenant, c.collection, c.document, c.chunk, c.vector
              FROM knowledge.chunk c
              LEFT JOIN public.skynet_passage v USING (tenant, collection, document, chunk)
             WHERE v.document IS NULL
               AND c.model = $1
             LIMIT $2
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

    VectorStore(Database database) {
        this.database = database;
    }

    boolean isOpen() {
        return open;
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

    /** What was kept while nobody wrote here, page by page. */
    private Future<Void> fill() {
        return database.run(MISSING, Tuple.of(Embedder.MODEL, PAGE)).compose(rows -> {
            List<Tuple> page = StreamSupport.stream(rows.spliterator(), false)
                    .map(row -> Tuple.of(
                            row.getString("tenant"),
                            row.getString("collection"),
                            row.getString("document"),
                            row.getInteger("chunk"),
                            text(KnowledgeStore.unpack(row.getBuffer("vector")))))
                    .toList();
            return page.isEmpty()
                    ? Future.succeededFuture()
                    : database.together(connection -> Database.each(connection, WRITE, page))
                            .compose(written -> fill());
        });
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
        return Database.each(connection, FORGET, gone).compose(done -> Database.each(connection, WRITE, rows));
    }

    Future<Void> forget(SqlConnection connection, Shelfmark mark) {
        return open ? Database.each(connection, FORGET, List.of(KnowledgeStore.tuple(mark))) : Future.succeededFuture();
    }

    /** The nearest passages of those that may be seen, nearest first. */
    Future<List<Near>> nearest(float[] vector, Scope scope, int count) {
        return database.run(NEAREST, Tuple.of(text(vector), scope.tenant(), scope.collection(), count))
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
