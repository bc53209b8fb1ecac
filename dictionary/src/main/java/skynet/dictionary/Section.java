package skynet.dictionary;

/** A part of the table file; the parts follow each other in this order, each aligned to {@value #ALIGNMENT} bytes. */
enum Section {
    /** Perfect-hash entries, see {@link TokenLayout}. */
    ENTRIES,
    /** One unsigned 16-bit pilot per bucket of the perfect hash. */
    PILOTS,
    /** All words in UTF-8, in order of their ids, and {@value #TEXT_SLACK} zero bytes so that words can be read whole. */
    TEXT,
    /** One record per token, see {@link TokenLayout}. */
    RECORDS,
    /** Which codes of the plane are taken, see {@link PlaneIndex}. */
    PLANE_BLOCKS,
    /** Ids in order of their codes, each less the first id of its ring, 16 bits. */
    PLANE_IDS,
    /** One bit per hashed pair of tokens with which some phrase begins. */
    PAIRS,
    /** Where the links of each token start, 32 bits, one more than there are tokens. */
    LINK_STARTS,
    /** Ids of linked tokens, 32 bits. */
    LINK_TARGETS,
    /** Tokens per sector and per primary language, 32 bits. */
    COUNTS,
    /** Names of languages, parts of speech, surface cases and sector sources: four lines of UTF-8, split by blanks. */
    NAMES;

    static final int ALIGNMENT = 64;
    static final int TEXT_SLACK = 64;

    static final Section[] ALL = values();
}
