package skynet.knowledge;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.search.ScoreDoc;

/** Two rankings of the same passages made one by reciprocal rank: a good place in both beats the best in one. */
final class Fusion {

    /** The usual constant of the method: how fast a lower rank loses weight. */
    private static final double SMOOTHING = 60;

    private final ScoreDoc[] byWords;
    private final ScoreDoc[] byMeaning;
    private final Map<Integer, Integer> wordRanks;
    private final Map<Integer, Integer> meaningRanks;
    private final Map<Integer, Double> scores = new HashMap<>();

    Fusion(ScoreDoc[] byWords, ScoreDoc[] byMeaning) {
        this.byWords = byWords;
        this.byMeaning = byMeaning;
        wordRanks = ranks(byWords);
        meaningRanks = ranks(byMeaning);
    }

    List<Hit> hits(StoredFields stored, Meaning meaning, int limit) throws IOException {
        List<Integer> best = scores.keySet().stream()
                .sorted(Comparator.comparing((Integer row) -> -scores.get(row)).thenComparing(row -> row))
                .limit(limit)
                .toList();
        List<Hit> hits = new ArrayList<>(best.size());
        for (int row : best) {
            hits.add(hit(row, stored.document(row, Set.of(SearchIndex.DOCUMENT, SearchIndex.CHUNK)), meaning));
        }
        return List.copyOf(hits);
    }

    private Hit hit(int row, Document found, Meaning meaning) throws IOException {
        int wordRank = wordRanks.getOrDefault(row, 0);
        int meaningRank = meaningRanks.getOrDefault(row, 0);
        return new Hit(
                found.get(SearchIndex.DOCUMENT),
                found.getField(SearchIndex.CHUNK).numericValue().intValue(),
                scores.get(row),
                wordRank,
                wordRank == 0 ? 0 : byWords[wordRank - 1].score,
                meaningRank,
                meaningRank == 0 ? meaning.of(row) : cosine(byMeaning[meaningRank - 1].score));
    }

    private Map<Integer, Integer> ranks(ScoreDoc[] found) {
        Map<Integer, Integer> ranks = new HashMap<>();
        for (int i = 0; i < found.length; i++) {
            ranks.put(found[i].doc, i + 1);
            scores.merge(found[i].doc, 1 / (SMOOTHING + i + 1), Double::sum);
        }
        return ranks;
    }

    /** The cosine of a row that the search by meaning did not reach. */
    interface Meaning {
        double of(int row) throws IOException;
    }

    /** Lucene reports (1 + cosine) / 2, which is never negative. */
    private static double cosine(float score) {
        return 2 * score - 1;
    }
}
