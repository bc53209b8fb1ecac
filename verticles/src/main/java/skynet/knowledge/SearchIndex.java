package skynet.knowledge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.FieldExistsQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.IOUtils;

/**
 * Finds passages by their words and by their meaning; a copy of what PostgreSQL keeps, made again when lost.
 *
 * <p>Words are matched as written (without case and accents) and by English stem, meaning by the nearest vectors; see
 * {@link Retrieval} for how the two become one. A change is visible to the next search at
 * once; it is on disk after {@link #commit}, which also happens every {@value #CHANGES_PER_COMMIT} documents. Safe
 * for several threads; every call may read the disk, so call from a worker.
 */
final class SearchIndex implements AutoCloseable {

    /** Most hits of one search. */
    static final int HITS_MAX = 1_000;

    /** Longest query in characters that is looked at. */
    static final int QUERY_CHARS_MAX = 4_000;

    /** In three fields a query has at most three clauses a character; Lucene's own bound is lower. */
    private static final int CLAUSES_MAX = 4 * QUERY_CHARS_MAX;

    private static final int CHANGES_PER_COMMIT = 64;

    /** Written into every commit; an index made in another way is made again. */
    private static final String FORM = "3 " + Embedder.MODEL;

    private static final String FORM_KEY = "form";
    private static final String LINEAGE_KEY = "lineage";
    private static final String GENERATION_KEY = "generation";

    static {
        IndexSearcher.setMaxClauseCount(CLAUSES_MAX);
    }

    private final Analyzer analyzer = Rows.analyzer();
    private final Directory directory;
    private final IndexWriter writer;
    private final SearcherManager searchers;
    private Mark mark = Mark.NONE;
    private int changes;
    private boolean closed;

    /**
     * One passage ready to be found. The vectors are not copied: thousands are made and none is kept.
     *
     * @param vector by the model of the JAR
     * @param others by other models, each by its number
     */
    @SuppressWarnings("ArrayRecordComponent") // Lucene takes vectors as arrays, and nobody compares entries.
    record Entry(Chunk chunk, String text, float[] vector, Map<Integer, float[]> others) {

        Entry {
            Objects.requireNonNull(chunk, "chunk");
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(others, "others");
            if (vector.length != Embedder.DIMENSIONS) {
                throw new IllegalArgumentException(
                        "vector: " + vector.length + " dimensions (expected: " + Embedder.DIMENSIONS + ")");
            }
        }

        /** Known to the model of the JAR alone. */
        Entry(Chunk chunk, String text, float[] vector) {
            this(chunk, text, vector, Map.of());
        }
    }

    /** Opens the index in a directory of its own. What cannot be read there is removed, and it begins empty. */
    SearchIndex(Path path) throws IOException {
        Files.createDirectories(path);
        directory = FSDirectory.open(path);
        try {
            boolean sound = sound();
            IndexWriterConfig config = new IndexWriterConfig(analyzer)
                    .setOpenMode(sound ? IndexWriterConfig.OpenMode.APPEND : IndexWriterConfig.OpenMode.CREATE)
                    .setRAMBufferSizeMB(32)
                    .setCodec(new WideCodec())
                    .setCommitOnClose(true);
            if (!sound) removeFiles(path);
            writer = new IndexWriter(directory, config);
            if (!sound) commit();
            searchers = new SearcherManager(writer, null);
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** How far it has followed the documents. */
    synchronized Mark mark() {
        return mark;
    }

    /** Says how far it has followed; on disk with the next commit. */
    synchronized void mark(Mark reached) {
        mark = reached;
    }

    /** False after a failure that Lucene does not get over, such as a full disk: then it has to be opened anew. */
    boolean isWritable() {
        return writer.isOpen();
    }

    /** Its documents. */
    List<Shelfmark> documents() throws IOException {
        return look(searcher -> {
            List<Shelfmark> marks = new ArrayList<>();
            Terms terms = MultiTerms.getTerms(searcher.getIndexReader(), Rows.KEY);
            if (terms == null) return marks;
            TermsEnum each = terms.iterator();
            while (each.next() != null) marks.add(Shelfmark.ofKey(each.term().utf8ToString()));
            return marks;
        });
    }

    /** Puts a document's passages in place of those it had. */
    synchronized void replace(Shelfmark mark, String title, List<Entry> entries) throws IOException {
        if (entries.isEmpty()) {
            delete(mark);
            return;
        }
        writer.updateDocuments(new Term(Rows.KEY, mark.key()), Rows.of(mark, title, entries));
        changed();
    }

    synchronized void delete(Shelfmark mark) throws IOException {
        writer.deleteDocuments(new Term(Rows.KEY, mark.key()));
        changed();
    }

    synchronized void clear() throws IOException {
        writer.deleteAll();
        mark = Mark.NONE;
        changed();
    }

    synchronized void commit() throws IOException {
        writer.setLiveCommitData(
                Map.of(FORM_KEY, FORM, LINEAGE_KEY, mark.lineage(), GENERATION_KEY, Long.toString(mark.generation()))
                        .entrySet());
        writer.commit();
        changes = 0;
    }

    /** Passages in the index. */
    int size() throws IOException {
        return look(searcher -> searcher.count(new FieldExistsQuery(Rows.MEANING)));
    }

    /** Passages that have a vector of a model, given its number and dimensions. */
    int size(int model, int dimensions) throws IOException {
        return look(searcher -> searcher.count(new FieldExistsQuery(Rows.meaning(model, dimensions))));
    }

    /** The best passages of those that may be looked through. */
    List<Hit> search(String query, Sought sought, Scope scope, int limit) throws IOException {
        requireLimit(limit);
        return look(searcher -> new Retrieval(searcher, analyzer, scope, sought).passages(cut(query), limit));
    }

    /** The same when another search has told which passages are near. */
    List<Hit> search(String query, Sought sought, Scope scope, List<Near> near, int limit) throws IOException {
        requireLimit(limit);
        return look(searcher -> new Retrieval(searcher, analyzer, scope, sought).passages(cut(query), near, limit));
    }

    /** The best documents of those that may be looked through, each once. */
    List<Retrieval.Ranked> rank(String query, Sought sought, Scope scope, int limit) throws IOException {
        requireLimit(limit);
        return look(searcher -> new Retrieval(searcher, analyzer, scope, sought).documents(cut(query), limit));
    }

    /** The share of the nearest passages of an exact search over all that the index finds as well. */
    double recall(float[] vector, int count) throws IOException {
        return look(searcher -> new Retrieval(searcher, analyzer, Scope.SHARED, Sought.by(vector)).recall(count));
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) return;
        closed = true;
        try {
            if (writer.isOpen()) commit();
        } finally {
            IOUtils.close(searchers, writer, directory, analyzer);
        }
    }

    private static void requireLimit(int limit) {
        if (limit < 1 || limit > HITS_MAX) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + HITS_MAX + ")");
        }
    }

    private static String cut(String query) {
        return query.substring(0, Math.min(query.length(), QUERY_CHARS_MAX));
    }

    private <T> T look(Look<T> look) throws IOException {
        searchers.maybeRefreshBlocking();
        IndexSearcher searcher = searchers.acquire();
        try {
            return look.at(searcher);
        } finally {
            searchers.release(searcher);
        }
    }

    /** What is read from the index as it is at one moment. */
    private interface Look<T> {
        T at(IndexSearcher searcher) throws IOException;
    }

    private void changed() throws IOException {
        changes++;
        if (changes >= CHANGES_PER_COMMIT) commit();
    }

    /** Reads every file's checksum, and the mark. A lock held by another process is no damage and is not answered here. */
    private boolean sound() throws IOException {
        try {
            if (!DirectoryReader.indexExists(directory)) return false;
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
                for (LeafReaderContext leaf : reader.leaves()) leaf.reader().checkIntegrity();
                Map<String, String> said = reader.getIndexCommit().getUserData();
                if (!FORM.equals(said.get(FORM_KEY))) return false;
                mark = new Mark(said.get(LINEAGE_KEY), Long.parseLong(said.get(GENERATION_KEY)));
                return true;
            }
        } catch (LockObtainFailedException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static void removeFiles(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals(IndexWriter.WRITE_LOCK_NAME))
                    .forEach(SearchIndex::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
