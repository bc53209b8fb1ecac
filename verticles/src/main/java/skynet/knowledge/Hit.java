package skynet.knowledge;

/**
 * One passage found: which, how good in all, and why.
 *
 * <p>{@code words} is BM25 and {@code meaning} the cosine; a rank counts from 1, and 0 says that this way of
 * searching did not find the passage (its part is then 0 too).
 */
record Hit(String document, int chunk, double score, int wordRank, double words, int meaningRank, double meaning) {}
