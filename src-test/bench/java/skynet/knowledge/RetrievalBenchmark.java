package skynet.knowledge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;

/**
 * Does the fusion of words and meaning rank documents better than either alone?
 *
 * <p>Each passage of the node's own documents and of the tests' is a document; those that hold the words expected of a
 * labelled question are relevant. nDCG@10 for plain BM25 (English stems of title and text, the library's own constants),
 * for our words alone (the same and, with less weight, the words as written), for the embedding model alone (exact
 * cosines), for reciprocal ranks of the last two and for ours; on questions that anything was fitted on and on those held
 * out. The differences of ours come with the share of 100,000 random sign changes that do as well.
 *
 * <p>Command: {@code java -cp <test class path of src-test> skynet.knowledge.RetrievalBenchmark}
 */
public final class RetrievalBenchmark {
    private static final int TOP = 10;
    private static final int CHANGES = 100_000;
    private static final double RECIPROCAL = 60;
    private static final List<String> FOREIGN = List.of("bakery.md", "lighthouse.txt", "bicycles.html", "library.md");

    private RetrievalBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Map<String, String> passages = new LinkedHashMap<>();
        Path directory = Files.createTempDirectory("skynet-bench");
        try (SearchIndex index = new SearchIndex(directory)) {
            for (Document document : documents()) add(document, index, passages);
            index.commit();
            List<Asked> asked;
            try (Directory files = FSDirectory.open(directory);
                    DirectoryReader reader = DirectoryReader.open(files)) {
                asked = asked(passages, index, new IndexSearcher(reader));
            }
            System.out.println(passages.size() + " passages, " + asked.size() + " questions");
            for (String part : List.of("fit", "held", "all")) {
                print(
                        part,
                        asked.stream()
                                .filter(one -> part.equals("all") || one.part.equals(part))
                                .toList());
            }
        }
    }

    private static List<Document> documents() throws IOException {
        List<Document> all = new ArrayList<>(Collection.read());
        all.addAll(Library.read("foreign/", FOREIGN));
        all.addAll(Library.read("documents/", Library.DOCUMENTS));
        return all;
    }

    private static void add(Document document, SearchIndex index, Map<String, String> passages) throws IOException {
        for (Chunk chunk : new Chunker(Library.embedder().tokenizer()).chunks(document.text())) {
            String text = chunk.of(document.text());
            String name = document.name() + "#" + chunk.index();
            float[] vector = Library.embedder().embed(KnowledgeWorker.inContext(name, document.title(), text));
            Chunk whole = new Chunk(0, 0, text.length());
            index.replace(
                    Shelfmark.shared(name), document.title(), List.of(new SearchIndex.Entry(whole, text, vector)));
            passages.put(name, text);
        }
    }

    /** The questions that some passage answers, each with all passages as both searches rate them. */
    private static List<Asked> asked(Map<String, String> passages, SearchIndex index, IndexSearcher plain)
            throws IOException {
        List<Asked> asked = new ArrayList<>();
        for (String line : Library.lines("acceptance.tsv")) {
            String[] columns = line.split("\t", -1);
            ask(columns[0], columns[2], columns[3], passages, index, plain, asked);
        }
        for (String line : Library.lines("questions.tsv")) {
            String[] columns = line.split("\t", -1);
            if (columns[0].equals("yes")) ask("fit", columns[1], columns[2], passages, index, plain, asked);
        }
        return asked;
    }

    private static void ask(
            String part,
            String question,
            String words,
            Map<String, String> passages,
            SearchIndex index,
            IndexSearcher plain,
            List<Asked> asked)
            throws IOException {
        Set<String> relevant = new HashSet<>();
        for (String wanted : words.isEmpty() ? new String[0] : words.split("\\|")) {
            passages.forEach((name, text) -> {
                if (text.contains(wanted)) relevant.add(name);
            });
        }
        if (relevant.isEmpty()) return;
        asked.add(new Asked(
                part,
                question,
                relevant,
                plain(question, plain),
                index.rank(
                        question, Sought.by(Library.embedder().embed(question)), Scope.SHARED, SearchIndex.HITS_MAX)));
    }

    /** BM25 of the English stems of title and text, by document. */
    private static Map<String, Double> plain(String question, IndexSearcher searcher) throws IOException {
        Map<String, Double> scores = new HashMap<>();
        Query stems = new QueryBuilder(Rows.analyzer()).createBooleanQuery(Rows.ALL_STEMS, question);
        if (stems == null) return scores;
        for (ScoreDoc found : searcher.search(stems, SearchIndex.HITS_MAX).scoreDocs) {
            String key = searcher.storedFields()
                    .document(found.doc, Set.of(Rows.KEY))
                    .get(Rows.KEY);
            scores.put(Shelfmark.ofKey(key).document(), (double) found.score);
        }
        return scores;
    }

    private static void print(String part, List<Asked> asked) {
        double[] bm25 = ndcg(asked, one -> one::plain);
        double[] words = ndcg(asked, one -> one::words);
        double[] meaning = ndcg(asked, one -> one::meaning);
        double[] ranks = ndcg(asked, one -> one::ranks);
        double[] ours = ndcg(asked, one -> Retrieval.Ranked::score);
        System.out.printf(
                Locale.ROOT,
                "%s, %d questions: BM25 %.3f, our words %.3f, meaning %.3f, reciprocal ranks %.3f, ours %.3f%n",
                part,
                asked.size(),
                mean(bm25),
                mean(words),
                mean(meaning),
                mean(ranks),
                mean(ours));
        System.out.printf(
                Locale.ROOT,
                "  ours - BM25 %+.3f (p %.4f), ours - meaning %+.3f (p %.4f)%n",
                mean(ours) - mean(bm25),
                chance(ours, bm25),
                mean(ours) - mean(meaning),
                chance(ours, meaning));
        StringBuilder weights = new StringBuilder("  meaning weight:");
        for (int tenth = 0; tenth <= 10; tenth++) {
            double weight = tenth / 10.0;
            weights.append(
                    String.format(Locale.ROOT, " %.1f %.3f", weight, mean(ndcg(asked, one -> one.weighed(weight)))));
        }
        System.out.println(weights);
    }

    private static double[] ndcg(List<Asked> asked, Rule rule) {
        return asked.stream().mapToDouble(one -> one.ndcg(rule.of(one))).toArray();
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) sum += value;
        return sum / Math.max(1, values.length);
    }

    /** How often a random choice of signs makes the mean difference as large as it is. */
    private static double chance(double[] ours, double[] theirs) {
        double seen = Math.abs(mean(ours) - mean(theirs)) * ours.length;
        SplittableRandom random = new SplittableRandom(9);
        int asGood = 0;
        for (int change = 0; change < CHANGES; change++) {
            double sum = 0;
            for (int i = 0; i < ours.length; i++) {
                sum += random.nextBoolean() ? ours[i] - theirs[i] : theirs[i] - ours[i];
            }
            if (Math.abs(sum) >= seen - 1e-12) asGood++;
        }
        return (double) asGood / CHANGES;
    }

    /** By what a question's passages are ordered. */
    private interface Rule {
        ToDoubleFunction<Retrieval.Ranked> of(Asked asked);
    }

    /** A question, the passages that answer it, and all passages. */
    private record Asked(
            String part,
            String question,
            Set<String> relevant,
            Map<String, Double> plain,
            List<Retrieval.Ranked> ranked) {

        double plain(Retrieval.Ranked one) {
            return plain.getOrDefault(one.mark().document(), 0.0);
        }

        double words(Retrieval.Ranked one) {
            return one.words();
        }

        double meaning(Retrieval.Ranked one) {
            return one.meaning();
        }

        double ranks(Retrieval.Ranked one) {
            double byWords = one.words() > 0 ? 1 / (RECIPROCAL + rank(one, Retrieval.Ranked::words)) : 0;
            return byWords + 1 / (RECIPROCAL + rank(one, Retrieval.Ranked::meaning));
        }

        ToDoubleFunction<Retrieval.Ranked> weighed(double weight) {
            double words =
                    ranked.stream().mapToDouble(Retrieval.Ranked::words).max().orElse(1);
            double meaning =
                    ranked.stream().mapToDouble(Retrieval.Ranked::meaning).max().orElse(1);
            return one ->
                    (1 - weight) * one.words() / Math.max(1e-9, words) + weight * (one.meaning() + 1) / (meaning + 1);
        }

        private long rank(Retrieval.Ranked one, ToDoubleFunction<Retrieval.Ranked> by) {
            double own = by.applyAsDouble(one);
            return 1
                    + ranked.stream()
                            .filter(other -> by.applyAsDouble(other) > own)
                            .count();
        }

        double ndcg(ToDoubleFunction<Retrieval.Ranked> rule) {
            Map<Retrieval.Ranked, Double> scores = new HashMap<>();
            ranked.forEach(one -> scores.put(one, rule.applyAsDouble(one)));
            List<Retrieval.Ranked> order = new ArrayList<>(ranked);
            order.sort(Comparator.comparingDouble((Retrieval.Ranked one) -> -scores.get(one))
                    .thenComparing(one -> one.mark().document()));
            double gain = 0;
            double ideal = 0;
            for (int rank = 0; rank < TOP; rank++) {
                double discount = Math.log(2) / Math.log(rank + 2);
                if (rank < order.size()
                        && relevant.contains(order.get(rank).mark().document())) gain += discount;
                if (rank < relevant.size()) ideal += discount;
            }
            return gain / ideal;
        }
    }
}
