package skynet.chat;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What somebody looks for in their conversations: words, each meant by its beginning, all of which must be there, whatever
 * the case and the marks on letters.
 */
final class SearchWords {
    private static final int WORDS_MAX = 16;
    private static final int EXCERPT_CHARS = 160;
    private static final int BEFORE_CHARS = 40;

    private final List<String> words;

    private SearchWords(List<String> words) {
        this.words = words;
    }

    static SearchWords of(String text) {
        List<String> words = new ArrayList<>();
        for (String word : folded(text).split("\\s+")) {
            if (word.chars().anyMatch(Character::isLetterOrDigit) && words.size() < WORDS_MAX) {
                words.add(word);
            }
        }
        return new SearchWords(List.copyOf(words));
    }

    boolean isEmpty() {
        return words.isEmpty();
    }

    /** The question in the language of PostgreSQL's full-text search. Each word is quoted, so that it is only ever a word. */
    String query() {
        List<String> terms = new ArrayList<>();
        for (String word : words) {
            terms.add('\'' + word.replace("\\", "\\\\").replace("'", "''") + "':*");
        }
        return String.join(" & ", terms);
    }

    /** What stands around the first of the words in one of two texts, on one line. */
    String excerpt(String first, String second) {
        String text = holds(first) || !holds(second) ? first : second;
        String line = text.replaceAll("\\s+", " ").strip();
        int at = Math.max(0, placeIn(line));
        int from = at <= BEFORE_CHARS ? 0 : wordAfter(line, at - BEFORE_CHARS, at);
        int to = from + EXCERPT_CHARS >= line.length() ? line.length() : wordBefore(line, from + EXCERPT_CHARS);
        return (from > 0 ? "…" : "") + line.substring(from, to) + (to < line.length() ? "…" : "");
    }

    private boolean holds(String text) {
        return placeIn(text) >= 0;
    }

    private int placeIn(String text) {
        String folded = sameLength(text);
        int place = -1;
        for (String word : words) {
            int at = folded.indexOf(word);
            place = at >= 0 && (place < 0 || at < place) ? at : place;
        }
        return place;
    }

    private static int wordAfter(String line, int from, int limit) {
        int space = line.indexOf(' ', from);
        return space < 0 || space + 1 > limit ? limit : space + 1;
    }

    private static int wordBefore(String line, int to) {
        int space = line.lastIndexOf(' ', to);
        int cut = space > to - BEFORE_CHARS ? space : to;
        return Character.isLowSurrogate(line.charAt(cut)) ? cut - 1 : cut;
    }

    private static String folded(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("[\\u0300-\\u036f]", "")
                .toLowerCase(Locale.ROOT);
    }

    /** Folded character by character, so that a place in it is the same place in the text. */
    private static String sameLength(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            folded.append(
                    c < 128
                            ? Character.toLowerCase(c)
                            : folded(String.valueOf(c)).concat(" ").charAt(0));
        }
        return folded.toString();
    }
}
