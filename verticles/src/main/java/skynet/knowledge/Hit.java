package skynet.knowledge;

/**
 * One passage found: which, how good in all, and why.
 *
 * <p>{@code words} is BM25 and {@code meaning} the cosine; a rank counts from 1, and 0 says that this way of
 * searching did not find the passage. BM25 is then 0; the cosine is always that of the passage.
 */
record Hit(Shelfmark mark, int chunk, double score, int wordRank, double words, int meaningRank, double meaning) {

    String document() {
        return mark.document();
    }
}
