package skynet.dictionary;

import java.util.Arrays;

/** Sorts tokens around the plane: by sector, position of the sense, lemma, language, and at last the word itself. */
final class MeaningOrder {
    private static final int ID_BITS = 20;
    private static final int ORDER_BITS = 31;
    private static final int LANGUAGE_BITS = 4;

    private MeaningOrder() {}

    /** Ids in the order of their meaning. Two sorts of packed numbers replace one sort of objects. */
    static int[] of(Lexicon lexicon) {
        int[] byWord = byLemmaAndLanguage(lexicon);
        long[] keys = new long[lexicon.count];
        for (int i = 0; i < keys.length; i++) {
            int id = byWord[i];
            keys[i] = ((long) lexicon.sector[id] << ORDER_BITS | lexicon.order[id]) << ID_BITS | i;
        }
        Arrays.parallelSort(keys);
        int[] sorted = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            sorted[i] = byWord[(int) keys[i] & TokenLayout.ID_MASK];
        }
        return sorted;
    }

    private static int[] byLemmaAndLanguage(Lexicon lexicon) {
        long[] keys = new long[lexicon.count];
        for (int id = 0; id < keys.length; id++) {
            long lemma = lexicon.alphabet[lexicon.lemma[id]];
            keys[id] = (lemma << LANGUAGE_BITS | lexicon.language[id]) << ID_BITS | lexicon.alphabet[id];
        }
        Arrays.parallelSort(keys);
        int[] sorted = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            sorted[i] = lexicon.byAlphabet[(int) keys[i] & TokenLayout.ID_MASK];
        }
        return sorted;
    }
}
