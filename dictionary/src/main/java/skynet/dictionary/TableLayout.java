package skynet.dictionary;

/** Sizes of those sections that follow from the count of tokens alone. */
final class TableLayout {
    /** Average words per bucket of the perfect hash: fewer make it larger, more make it slower to build. */
    static final int BUCKET_WORDS = 4;

    /** Share of index entries in use, in percent. */
    static final int FILL_PERCENT = 95;

    private static final int PAIR_BITS_MIN = 1024;

    private TableLayout() {}

    static int buckets(int count) {
        return Math.max(1, count / BUCKET_WORDS);
    }

    static int entries(int count) {
        return (int) (count * 100L / FILL_PERCENT) + 1;
    }

    /** A power of two that keeps the pair filter at least half empty even if every token were a phrase. */
    static int pairBits(int count) {
        return Math.max(PAIR_BITS_MIN, Integer.highestOneBit(Math.max(1, 2 * count - 1)) * 2);
    }

    static int countsBytes() {
        return 4 * (Sector.values().length + TokenLayout.LANGUAGES_MAX);
    }
}
