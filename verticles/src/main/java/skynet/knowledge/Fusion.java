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
 * clear winner stays one, which ranks alone would hide, and a search that found nothing good takes nothing away.
 */
final class Fusion {

    /** How much meaning counts; words have the rest. Cosines lie close together, so this is less than it seems. */
    static final double MEANING_WEIGHT = 0.8;

    private final Map<Integer, Double> words = new HashMap<>();
    private final Map<Integer, Double> meaning = new HashMap<>();
    private double wordsMax;
    private double meaningMax = -1;

    /** Says what BM25 is of a row. */
    void words(int row, double score) {
        words.put(row, score);
        wordsMax = Math.max(wordsMax, score);
    }

    /** Says what the cosine is of a row; of several, the highest counts. */
    void meaning(int row, double cosine) {
        meaning.merge(row, cosine, Math::max);
        meaningMax = Math.max(meaningMax, cosine);
    }

    boolean knowsMeaning(int row) {
        return meaning.containsKey(row);
    }

    double wordsOf(int row) {
        return words.getOrDefault(row, 0.0);
    }

    double meaningOf(int row) {
        return meaning.getOrDefault(row, -1.0);
    }

    /** Above 0 and at most 1. */
    double score(int row) {
        double byWords = wordsMax > 0 ? wordsOf(row) / wordsMax : 0;
        double byMeaning = meaningMax > -1 ? (meaningOf(row) + 1) / (meaningMax + 1) : 0;
        return (1 - MEANING_WEIGHT) * byWords + MEANING_WEIGHT * byMeaning;
    }

    /** The best rows; equals in the order of the index. */
    List<Integer> best(int limit) {
        List<Placed> placed = new ArrayList<>(meaning.size() + words.size());
        for (int row : meaning.keySet()) placed.add(new Placed(row, score(row)));
        for (int row : words.keySet()) {
            if (!meaning.containsKey(row)) placed.add(new Placed(row, score(row)));
        }
        placed.sort(Comparator.naturalOrder());
        return placed.stream().limit(limit).map(Placed::row).toList();
    }

    /** A row and what it has in all. */
    private record Placed(int row, double score) implements Comparable<Placed> {

        @Override
        public int compareTo(Placed other) {
            int better = Double.compare(other.score, score);
            return better != 0 ? better : Integer.compare(row, other.row);
        }
    }
}
