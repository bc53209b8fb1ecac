package skynet.kit;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the name that somebody probably meant: the one with the fewest letters to change (Levenshtein distance). */
public final class Nearest {
    private Nearest() {}

    /** Returns the nearest of the {@code names}, of which there must be one; the first of equals. */
    public static String to(String text, Collection<String> names) {
        return names.stream()
                .min(Comparator.comparingInt(name -> distance(text, name)))
                .orElseThrow(() -> new IllegalArgumentException("names: none (expected: at least one)"));
    }

    static int distance(String left, String right) {
        String a = left.toLowerCase(Locale.ROOT);
        String b = right.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int column = 0; column <= b.length(); column++) {
            row[column] = column;
        }
        for (int line = 1; line <= a.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column <= b.length(); column++) {
                int above = row[column];
                int change = a.charAt(line - 1) == b.charAt(column - 1) ? 0 : 1;
                row[column] = Math.min(diagonal + change, Math.min(above, row[column - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
