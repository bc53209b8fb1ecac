package skynet.dictionary;

import java.util.BitSet;

/** Tokens that consist of several tokens: which ones begin with what. */
final class Phrases {
    /** Ids with which some phrase begins. */
    final BitSet starters = new BitSet();

    /** Hashed pairs of first and second token of the phrases. */
    final BitSet pairs = new BitSet();

    private Phrases() {}

    /** A phrase counts only when its first two words are tokens; others no tokenizer would arrive at. */
    static Phrases of(Lexicon lexicon) {
        Phrases phrases = new Phrases();
        int bits = TableLayout.pairBits(lexicon.count);
        for (int id = 0; id < lexicon.count; id++) {
            int start = lexicon.start[id];
            int end = lexicon.start[id + 1];
            int blank = blank(lexicon.text, start, end);
            if (blank < end) {
                int first = lexicon.find(lexicon.text, start, blank);
                int second = lexicon.find(lexicon.text, blank + 1, blank(lexicon.text, blank + 1, end));
                if (first >= 0 && second >= 0) {
                    phrases.starters.set(first);
                    phrases.pairs.set(WordHash.pair(first, second, bits));
                }
            }
        }
        return phrases;
    }

    private static int blank(byte[] text, int start, int end) {
        int at = start;
        while (at < end && text[at] != ' ') {
            at++;
        }
        return at;
    }
}
