package skynet.dictionary;

import java.nio.charset.StandardCharsets;

/**
 * A stream of the pack; all but the first and those of links hold one item per token in alphabetical order.
 *
 * <p>A pack is one gzip member. Unpacked it is the magic {@code SKYPACK2}, then each stream as its length (32 bits,
 * big-endian) and its bytes, in this order.
 */
enum PackStream {
    /** Count of tokens and of links (numbers), then the names in UTF-8. */
    SUMMARY,
    /** How many bytes a word shares with the one before it. */
    SHARED,
    /** The bytes that follow, closed by a line feed. */
    SUFFIX,
    /** The tie group of the token's rank, 24 bits in three planes, high plane first. */
    RANK,
    SECTOR,
    LANGUAGE,
    /** Languages other than the primary one: two planes of a byte. */
    LANGUAGES,
    /** Surface case, sector source. */
    SURFACE,
    PART_OF_SPEECH,
    /** Distance to the lemma in the alphabet, 0 when it is its own. */
    LEMMA,
    /** Sense position less that of the lemma, for tokens that have another lemma in the same sector. */
    ORDER_OF_FORMS,
    /** Sense position of all others, 24 bits in three planes per sector. */
    ORDER,
    /** Per token in order of meaning: how many links lead to later tokens, and the steps to them. */
    LINK_COUNTS,
    LINK_STEPS,
    /** Per link the language of the earlier token and that of the later one, four bits each. */
    LINK_LANGUAGES;

    static final byte[] MAGIC = "SKYPACK2".getBytes(StandardCharsets.US_ASCII);
    static final PackStream[] ALL = values();
    static final int ORDER_MAX = (1 << 24) - 1;
    static final int SUFFIX_END = '\n';
}
