package skynet.dictionary;

/**
 * Offsets, bits and sizes of what the table keeps per token.
 *
 * <pre>
 * record, 16 bytes little-endian, two words
 *   place   bits  0..23 offset in the text   24..31 bytes of text   32..46 slot   47..53 ring
 *                54 starts a phrase          55..56 surface case    57..60 language
 *                61..63 how the sector was found
 *   meaning bits  0..4  sector                  5..8  part of speech   9..28 lemma id
 *                29..44 languages, one bit each                       45..63 sense, all ones when unknown
 *
 * link, 4 bytes: bits 0..19 id of the other token   20..23 its language   24..27 language of the token itself
 *
 * index entry, 16 bytes little-endian, two words
 *   first   the first 8 bytes of the word, zero-filled
 *   second, word up to 13 bytes:  bits 0..39 bytes 8..12 of the word            40..59 id   60..63 length
 *   second, longer word:          bits 0..23 offset in the text  24..31 length  40..59 id   60..63 all ones
 * An empty entry is zero; no word has the length 0.
 * </pre>
 */
final class TokenLayout {
    static final int RECORD_BYTES = 16;
    static final int RECORD_SHIFT = 4;
    static final int MEANING = 8;

    static final int ENTRY_BYTES = 16;
    static final int ENTRY_SHIFT = 4;
    static final int ENTRY_ID_SHIFT = 40;
    static final int ENTRY_LENGTH_SHIFT = 60;
    static final int INLINE_BYTES_MAX = 13;
    static final long ENTRY_LONG = 0xFL;
    static final long ENTRY_KEY_MASK = 0xF00000FFFFFFFFFFL;

    static final int ID_MASK = 0xFFFFF;
    static final int TEXT_BYTES_MAX = 1 << 24;
    static final int WORD_BYTES_MAX = 64;
    static final int LANGUAGES_MAX = 16;
    static final int PARTS_OF_SPEECH_MAX = 16;
    static final int SURFACE_CASES_MAX = 4;
    static final int SECTOR_SOURCES_MAX = 8;
    static final int COUNT_MAX = 1 << 20;

    /** The sense of a token whose place in the tree of meanings is not known; known ones are smaller. */
    static final int SENSE_UNKNOWN = (1 << 19) - 1;

    private TokenLayout() {}

    static long place(
            int offset,
            int length,
            int ring,
            int slot,
            boolean startsPhrase,
            int surfaceCase,
            int language,
            int sectorSource) {
        return offset
                | (long) length << 24
                | (long) slot << 32
                | (long) ring << 47
                | (startsPhrase ? 1L << 54 : 0)
                | (long) surfaceCase << 55
                | (long) language << 57
                | (long) sectorSource << 61;
    }

    static int offset(long place) {
        return (int) place & 0xFFFFFF;
    }

    static int length(long place) {
        return (int) place >>> 24;
    }

    static int slot(long place) {
        return (int) (place >>> 32) & 0x7FFF;
    }

    static int ring(long place) {
        return (int) (place >>> 47) & 0x7F;
    }

    static boolean startsPhrase(long place) {
        return (place >>> 54 & 1) != 0;
    }

    static int surfaceCase(long place) {
        return (int) (place >>> 55) & 3;
    }

    static int language(long place) {
        return (int) (place >>> 57) & 15;
    }

    static int sectorSource(long place) {
        return (int) (place >>> 61);
    }

    static long meaning(int sector, int partOfSpeech, int lemma, int languageMask, int sense) {
        return sector | (long) partOfSpeech << 5 | (long) lemma << 9 | (long) languageMask << 29 | (long) sense << 45;
    }

    static int sector(long meaning) {
        return (int) meaning & 31;
    }

    static int partOfSpeech(long meaning) {
        return (int) meaning >>> 5 & 15;
    }

    static int lemma(long meaning) {
        return (int) meaning >>> 9 & ID_MASK;
    }

    static int languageMask(long meaning) {
        return (int) (meaning >>> 29) & 0xFFFF;
    }

    static int sense(long meaning) {
        return (int) (meaning >>> 45);
    }

    static int link(int other, int otherLanguage, int ownLanguage) {
        return other | otherLanguage << 20 | ownLanguage << 24;
    }

    static int linkTarget(int link) {
        return link & ID_MASK;
    }

    static int linkTargetLanguage(int link) {
        return link >>> 20 & 15;
    }

    static int linkOwnLanguage(int link) {
        return link >>> 24 & 15;
    }
}
