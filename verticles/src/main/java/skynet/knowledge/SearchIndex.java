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
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.QueryBuilder;

/**
 * Finds passages by their words and by their meaning; a copy of what PostgreSQL keeps, made again when lost.
 *
 * <p>Words are matched as written (without case and accents) and by English stem, meaning by the nearest vectors.
 * The two rankings are fused by reciprocal rank, so neither scale matters. A change is visible to the next search at
 * once; it is on disk after {@link #commit}, which also happens every {@value #CHANGES_PER_COMMIT} documents. Safe
 * for several threads; every call may read the disk, so call from a worker.
 */
final class SearchIndex implements AutoCloseable {

    /** Most hits of one search. */
    static final int HITS_MAX = 100;

    /** Longest query in characters that is looked at. */
    static final int QUERY_CHARS_MAX = 1_000;

    /** In three fields a query has at most three clauses a character; Lucene's own bound is lower. */
    private static final int CLAUSES_MAX = 4 * QUERY_CHARS_MAX;

    private static final int CHANGES_PER_COMMIT = 64;

    /** Depth of each ranking before they are fused. */
    private static final int CANDIDATES = 60;

    /** Written into every commit; an index made in another way is made again. */
    private static final String FORM = "2 " + Embedder.MODEL;

    private static final String FORM_KEY = "form";
    private static final String LINEAGE_KEY = "lineage";
    private static final String GENERATION_KEY = "generation";
    static final String DOCUMENT = "document";
    static final String CHUNK = "chunk";
    private static final String WORDS = "words";
    private static final String STEMS = "stems";
    private static final String TITLE = "title";
    private static final String MEANING = "meaning";

    static {
        IndexSearcher.setMaxClauseCount(CLAUSES_MAX);
    }

    private final Analyzer analyzer = new PerFieldAnalyzerWrapper(
            new FoldingAnalyzer(), Map.of(STEMS, new EnglishAnalyzer(), TITLE, new EnglishAnalyzer()));
    private final Directory directory;
    private final IndexWriter writer;
    private final SearcherManager searchers;
    private Mark mark = Mark.NONE;
    private int changes;
    private boolean closed;

    /** One passage ready to be found. The vector is not copied: thousands are made and none is kept. */
    @SuppressWarnings("ArrayRecordComponent") // Lucene takes vectors as arrays, and nobody compares entries.
    record Entry(Chunk chunk, String text, float[] vector) {

        Entry {
            Objects.requireNonNull(chunk, "chunk");
            Objects.requireNonNull(text, "text");
            if (vector.length != Embedder.DIMENSIONS) {
                throw new IllegalArgumentException(
                        "vector: " + vector.length + " dimensions (expected: " + Embedder.DIMENSIONS + ")");
            }
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

    /** The names of its documents. */
    List<String> documents() throws IOException {
        searchers.maybeRefreshBlocking();
        IndexSearcher searcher = searchers.acquire();
        try {
            List<String> names = new ArrayList<>();
            Terms terms = MultiTerms.getTerms(searcher.getIndexReader(), DOCUMENT);
            if (terms == null) return names;
            TermsEnum each = terms.iterator();
            while (each.next() != null) names.add(each.term().utf8ToString());
            return names;
        } finally {
            searchers.release(searcher);
        }
    }

    /** Puts a document's passages in place of those it had. */
    synchronized void replace(String document, String title, List<Entry> entries) throws IOException {
        if (entries.isEmpty()) {
            delete(document);
            return;
        }
        List<org.apache.lucene.document.Document> rows =
                entries.stream().map(entry -> row(document, title, entry)).toList();
        writer.updateDocuments(new Term(DOCUMENT, document), rows);
        changed();
    }

    synchronized void delete(String document) throws IOException {
        writer.deleteDocuments(new Term(DOCUMENT, document));
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
        searchers.maybeRefreshBlocking();
        IndexSearcher searcher = searchers.acquire();
        try {
            return searcher.getIndexReader().numDocs();
        } finally {
            searchers.release(searcher);
        }
    }

    /** The best passages. */
    List<Hit> search(String query, float[] vector, int limit) throws IOException {
        if (limit < 1 || limit > HITS_MAX) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + HITS_MAX + ")");
        }
        String words = query.substring(0, Math.min(query.length(), QUERY_CHARS_MAX));
        searchers.maybeRefreshBlocking();
        IndexSearcher searcher = searchers.acquire();
        try {
            ScoreDoc[] byWords = searcher.search(byWords(words), CANDIDATES).scoreDocs;
            Query nearest = new KnnFloatVectorQuery(MEANING, vector, CANDIDATES);
            ScoreDoc[] byMeaning = searcher.search(nearest, CANDIDATES).scoreDocs;
            List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
            return new Fusion(byWords, byMeaning)
                    .hits(searcher.storedFields(), row -> meaning(leaves, row, vector), limit);
        } finally {
            searchers.release(searcher);
        }
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

    private static org.apache.lucene.document.Document row(String document, String title, Entry entry) {
        org.apache.lucene.document.Document row = new org.apache.lucene.document.Document();
        row.add(new StringField(DOCUMENT, document, Field.Store.YES));
        row.add(new StoredField(CHUNK, entry.chunk().index()));
        row.add(new TextField(WORDS, entry.text(), Field.Store.NO));
        row.add(new TextField(STEMS, entry.text(), Field.Store.NO));
        row.add(new TextField(TITLE, title, Field.Store.NO));
        row.add(new KnnFloatVectorField(MEANING, entry.vector(), VectorSimilarityFunction.COSINE));
        return row;
    }

    private static double meaning(List<LeafReaderContext> leaves, int row, float[] vector) throws IOException {
        LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(row, leaves));
        FloatVectorValues vectors = leaf.reader().getFloatVectorValues(MEANING);
        vectors.advance(row - leaf.docBase);
        return Embedder.similarity(vectors.vectorValue(), vector);
    }

    private Query byWords(String words) {
        QueryBuilder parts = new QueryBuilder(analyzer);
        List<Query> ways = Stream.of(
                        parts.createBooleanQuery(WORDS, words),
                        parts.createBooleanQuery(STEMS, words),
                        parts.createBooleanQuery(TITLE, words))
                .filter(Objects::nonNull)
                .toList();
        return new DisjunctionMaxQuery(ways, 0.3f);
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
