package skynet.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.DisjunctionMaxQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.QueryBuilder;

/**
 * One look into the index as it is now: for passages, or for whole documents. A document's words are those of its whole
 * text, its meaning is that of its nearest passage; every candidate's cosine is taken exactly, however it was found.
 */
final class Retrieval {

    /** Depth of each search before the two are fused, at least and at most. */
    private static final int DEPTH_MIN = 100;

    private static final int DEPTH_MAX = 1_000;

    /** How many candidates are looked at for one that is wanted. */
    private static final int DEPTH_FACTOR = 10;

    /** What the words as written count beside their stems. */
    private static final float AS_WRITTEN = 0.3f;

    private final IndexSearcher searcher;
    private final QueryBuilder parts;
    private final Query within;
    private final List<LeafReaderContext> leaves;
    private final String field;
    private final float[] vector;

    /** Only vectors of the model that made the sought one are compared with it. */
    Retrieval(IndexSearcher searcher, Analyzer analyzer, Scope scope, Sought sought) {
        this.searcher = searcher;
        this.parts = new QueryBuilder(analyzer);
        this.within = within(scope);
        this.leaves = searcher.getIndexReader().leaves();
        this.field = Rows.meaning(sought.model(), sought.vector().length);
        this.vector = sought.vector();
    }

    List<Hit> passages(String words, int limit) throws IOException {
        int depth = depth(limit);
        ScoreDoc[] byWords = searcher.search(filtered(passageWords(words)), depth).scoreDocs;
        ScoreDoc[] byMeaning = nearest(depth);
        Fusion<Integer> fusion = new Fusion<>();
        for (ScoreDoc found : byMeaning) fusion.meaning(found.doc, cosine(found.score));
        for (ScoreDoc found : byWords) {
            fusion.words(found.doc, found.score);
            if (!fusion.knowsMeaning(found.doc))
                cosine(found.doc).ifPresent(cosine -> fusion.meaning(found.doc, cosine));
        }
        Map<Integer, Integer> wordRanks = ranks(byWords);
        Map<Integer, Integer> meaningRanks = ranks(byMeaning);
        List<Hit> hits = new ArrayList<>();
        for (int row : fusion.best(limit)) {
            Document stored = searcher.storedFields().document(row, Set.of(Rows.KEY, Rows.CHUNK));
            hits.add(new Hit(
                    Shelfmark.ofKey(stored.get(Rows.KEY)),
                    stored.getField(Rows.CHUNK).numericValue().intValue(),
                    fusion.score(row),
                    wordRanks.getOrDefault(row, 0),
                    fusion.wordsOf(row),
                    meaningRanks.getOrDefault(row, 0),
                    fusion.meaningOf(row)));
        }
        return List.copyOf(hits);
    }

    /** The same when another search has told which passages are near. */
    List<Hit> passages(String words, List<Near> near, int limit) throws IOException {
        Fusion<Near> fusion = new Fusion<>();
        Map<Near, Integer> meaningRanks = new HashMap<>();
        for (Near one : near) {
            fusion.meaning(one.place(), one.cosine());
            meaningRanks.put(one.place(), meaningRanks.size() + 1);
        }
        Map<Near, Integer> wordRanks = new HashMap<>();
        for (ScoreDoc found : searcher.search(filtered(passageWords(words)), depth(limit)).scoreDocs) {
            Document stored = searcher.storedFields().document(found.doc, Set.of(Rows.KEY, Rows.CHUNK));
            int chunk = stored.getField(Rows.CHUNK).numericValue().intValue();
            Near place = new Near(Shelfmark.ofKey(stored.get(Rows.KEY)), chunk, 0);
            fusion.words(place, found.score);
            wordRanks.put(place, wordRanks.size() + 1);
            if (!fusion.knowsMeaning(place)) cosine(found.doc).ifPresent(cosine -> fusion.meaning(place, cosine));
        }
        return fusion.best(limit).stream()
                .map(place -> new Hit(
                        place.mark(),
                        place.chunk(),
                        fusion.score(place),
                        wordRanks.getOrDefault(place, 0),
                        fusion.wordsOf(place),
                        meaningRanks.getOrDefault(place, 0),
                        fusion.meaningOf(place)))
                .toList();
    }

    List<Ranked> documents(String words, int limit) throws IOException {
        int depth = depth(limit);
        Fusion<Integer> fusion = new Fusion<>();
        for (ScoreDoc found : nearest(depth)) fusion.meaning(wholeOf(found.doc), cosine(found.score));
        for (ScoreDoc found : searcher.search(filtered(documentWords(words)), depth).scoreDocs) {
            fusion.words(found.doc, found.score);
            if (!fusion.knowsMeaning(found.doc)) {
                nearestPassage(found.doc).ifPresent(cosine -> fusion.meaning(found.doc, cosine));
            }
        }
        List<Ranked> ranked = new ArrayList<>();
        for (int row : fusion.best(limit)) {
            Document stored = searcher.storedFields().document(row, Set.of(Rows.KEY));
            ranked.add(new Ranked(
                    Shelfmark.ofKey(stored.get(Rows.KEY)),
                    fusion.score(row),
                    fusion.wordsOf(row),
                    fusion.meaningOf(row)));
        }
        return List.copyOf(ranked);
    }

    /** The share of the nearest passages that the index finds, whoever they belong to: exact means the cosine of each. */
    double recall(int count) throws IOException {
        Set<Integer> found = new HashSet<>();
        KnnFloatVectorQuery nearest = new KnnFloatVectorQuery(field, vector, DEPTH_MIN);
        for (ScoreDoc one : searcher.search(nearest, count).scoreDocs) found.add(one.doc);
        Fusion<Integer> all = new Fusion<>();
        for (LeafReaderContext leaf : leaves) {
            FloatVectorValues vectors = leaf.reader().getFloatVectorValues(field);
            Bits live = leaf.reader().getLiveDocs();
            if (vectors == null) continue;
            for (int row = vectors.nextDoc(); row != DocIdSetIterator.NO_MORE_DOCS; row = vectors.nextDoc()) {
                if (live == null || live.get(row)) {
                    all.meaning(leaf.docBase + row, Embedder.similarity(vectors.vectorValue(), vector));
                }
            }
        }
        List<Integer> exact = all.best(count);
        return exact.isEmpty()
                ? 1
                : (double) exact.stream().filter(found::contains).count() / exact.size();
    }

    static int depth(int limit) {
        return Math.max(DEPTH_MIN, Math.min(DEPTH_MAX, DEPTH_FACTOR * limit));
    }

    /** What is shared or the tenant's own, and in the collection if one is named. */
    private static Query within(Scope scope) {
        BooleanQuery.Builder tenants = new BooleanQuery.Builder();
        tenants.add(new TermQuery(new Term(Rows.TENANT, "")), Occur.SHOULD);
        if (!scope.tenant().isEmpty()) {
            tenants.add(new TermQuery(new Term(Rows.TENANT, scope.tenant())), Occur.SHOULD);
        }
        if (scope.collection().isEmpty()) return tenants.build();
        return new BooleanQuery.Builder()
                .add(tenants.build(), Occur.FILTER)
                .add(new TermQuery(new Term(Rows.COLLECTION, scope.collection())), Occur.FILTER)
                .build();
    }

    private Query filtered(Query words) {
        return new BooleanQuery.Builder()
                .add(words, Occur.MUST)
                .add(within, Occur.FILTER)
                .build();
    }

    private Query passageWords(String words) {
        List<Query> ways = new ArrayList<>();
        for (String field : List.of(Rows.WORDS, Rows.STEMS, Rows.TITLE)) {
            Query way = parts.createBooleanQuery(field, words);
            if (way != null) ways.add(way);
        }
        return new DisjunctionMaxQuery(ways, 0.3f);
    }

    /** By stem, and a little by the words as written, which is what other languages and names are found by. */
    private Query documentWords(String words) {
        Query stems = parts.createBooleanQuery(Rows.ALL_STEMS, words);
        Query written = parts.createBooleanQuery(Rows.ALL_WORDS, words);
        if (written == null) return new MatchNoDocsQuery();
        if (stems == null) return written;
        return new BooleanQuery.Builder()
                .add(stems, Occur.SHOULD)
                .add(new BoostQuery(written, AS_WRITTEN), Occur.SHOULD)
                .build();
    }

    private ScoreDoc[] nearest(int depth) throws IOException {
        return searcher.search(new KnnFloatVectorQuery(field, vector, depth, within), depth).scoreDocs;
    }

    private static Map<Integer, Integer> ranks(ScoreDoc[] found) {
        Map<Integer, Integer> ranks = new HashMap<>();
        for (int i = 0; i < found.length; i++) ranks.put(found[i].doc, i + 1);
        return ranks;
    }

    /** The row of the whole document that a passage's row belongs to. */
    private int wholeOf(int row) throws IOException {
        return row + (int) number(Rows.AHEAD, row);
    }

    /** Of those passages that the model has read; empty when there is none. */
    private OptionalDouble nearestPassage(int whole) throws IOException {
        int passages = (int) number(Rows.PASSAGES, whole);
        OptionalDouble nearest = OptionalDouble.empty();
        for (int row = whole - passages; row < whole; row++) {
            OptionalDouble one = cosine(row);
            if (one.isPresent() && one.getAsDouble() > nearest.orElse(-1)) nearest = one;
        }
        return nearest;
    }

    private long number(String field, int row) throws IOException {
        LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(row, leaves));
        NumericDocValues values = leaf.reader().getNumericDocValues(field);
        if (values == null || !values.advanceExact(row - leaf.docBase)) {
            throw new IOException("index: row " + row + " has no " + field + " (expected: a whole block)");
        }
        return values.longValue();
    }

    /** Empty where the model has not read the passage: then only its words speak for it. */
    private OptionalDouble cosine(int row) throws IOException {
        LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(row, leaves));
        FloatVectorValues vectors = leaf.reader().getFloatVectorValues(field);
        int place = row - leaf.docBase;
        return vectors == null || vectors.advance(place) != place
                ? OptionalDouble.empty()
                : OptionalDouble.of(Embedder.similarity(vectors.vectorValue(), vector));
    }

    /** Lucene reports (1 + cosine) / 2, which is never negative. */
    private static double cosine(float score) {
        return 2 * score - 1;
    }

    /** One whole document found: how good in all, BM25 of its words and the cosine of its nearest passage. */
    record Ranked(Shelfmark mark, double score, double words, double meaning) {}
}
