package skynet.kit;

import java.util.List;

/**
 * Ends a text before the first of some words, however the text is cut into pieces: what may be the beginning of one is held
 * back until it is known.
 */
public final class StopWords {
    private final List<String> words;
    private final StringBuilder held = new StringBuilder();
    private boolean met;

    public StopWords(List<String> words) {
        this.words = words;
    }

    /** Takes the next piece; gives what may be told now. */
    public String take(String piece) {
        if (words.isEmpty() || met) {
            return met ? "" : piece;
        }
        held.append(piece);
        int first = -1;
        for (String word : words) {
            int at = held.indexOf(word);
            first = at >= 0 && (first < 0 || at < first) ? at : first;
        }
        met = first >= 0;
        int told = met ? first : held.length() - beginning();
        String text = held.substring(0, told);
        held.delete(0, met ? held.length() : told);
        return text;
    }

    /** What was held back, when nothing follows. */
    public String rest() {
        String rest = held.toString();
        held.setLength(0);
        return rest;
    }

    /** Whether one of the words was met. */
    public boolean isMet() {
        return met;
    }

    /** How long the longest end of what is held is that begins one of the words. */
    private int beginning() {
        int longest = 0;
        for (String word : words) {
            for (int size = Math.min(word.length() - 1, held.length()); size > longest; size--) {
                if (held.substring(held.length() - size).equals(word.substring(0, size))) {
                    longest = size;
                }
            }
        }
        return longest;
    }
}
