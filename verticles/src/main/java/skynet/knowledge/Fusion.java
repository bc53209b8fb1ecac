package skynet.knowledge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two ways of searching made one: each score as a share of the best one, weighed and summed.
 *
 * <p>A cosine begins at -1 and BM25 at 0, whatever the others are; only the best of each search sets the scale. So a
 * clear winner stays one, which ranks alone would hide, and a search that found nothing good takes nothing away. A row of
 * which no cosine is known, since the model has not read it, counts as the farthest of those that are known.
 */
final class Fusion<K extends Comparable<K>> {

    /** How much meaning counts; words have the rest. Cosines lie close together, so this is less than it seems. */
    static final double MEANING_WEIGHT = 0.8;

    private final Map<K, Double> words = new HashMap<>();
    private final Map<K, Double> meaning = new HashMap<>();
    private double wordsMax;
    private double meaningMax = -1;
    private double meaningMin = 1;

    /** Says what BM25 is of a row. */
    void words(K row, double score) {
        words.put(row, score);
        wordsMax = Math.max(wordsMax, score);
    }

    /** Says what the cosine is of a row; of several, the highest counts. */
    void meaning(K row, double cosine) {
        meaning.merge(row, cosine, Math::max);
        meaningMax = Math.max(meaningMax, cosine);
        meaningMin = Math.min(meaningMin, cosine);
    }

    boolean knowsMeaning(K row) {
        return meaning.containsKey(row);
    }

    double wordsOf(K row) {
        return words.getOrDefault(row, 0.0);
    }

    /** -1 where none is known. */
    double meaningOf(K row) {
        return meaning.getOrDefault(row, -1.0);
    }

    /** Above 0 and at most 1. */
    double score(K row) {
        double byWords = wordsMax > 0 ? wordsOf(row) / wordsMax : 0;
        double byMeaning = meaningMax > -1 ? (meaning.getOrDefault(row, meaningMin) + 1) / (meaningMax + 1) : 0;
        return (1 - MEANING_WEIGHT) * byWords + MEANING_WEIGHT * byMeaning;
    }

    /** The best rows; equals in the order of the index. */
    List<K> best(int limit) {
        List<Placed<K>> placed = new ArrayList<>(meaning.size() + words.size());
        for (K row : meaning.keySet()) placed.add(new Placed<>(row, score(row)));
        for (K row : words.keySet()) {
            if (!meaning.containsKey(row)) placed.add(new Placed<>(row, score(row)));
        }
        placed.sort(Comparator.naturalOrder());
        return placed.stream().limit(limit).map(Placed::row).toList();
    }

    /** A row and what it has in all. */
    private record Placed<K extends Comparable<K>>(K row, double score) implements Comparable<Placed<K>> {

        @Override
        public int compareTo(Placed<K> other) {
            int better = Double.compare(other.score, score);
            return better != 0 ? better : row.compareTo(other.row);
        }
    }
}
