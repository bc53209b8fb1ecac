package skynet.dictionary;

/**
 * Offsets, bits and sizes of what the table keeps per token.
 *
 * <pre>
 * record, 16 bytes little-endian, two words
 *   place   bits  0..23 offset in the text   24..31 bytes of text   32..46 slot   47..53 ring
 *                54 starts a phrase          55..56 surface case    57..60 language
 *   meaning bits  0..4  sector   5..7 how the sector was found   8..11 part of speech
 *                12..31 lemma id                32..47 languages, one bit each
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

    private TokenLayout() {}

    static long place(int offset, int length, int ring, int slot, boolean startsPhrase, int surfaceCase, int language) {
        return offset
                | (long) length << 24
                | (long) slot << 32
                | (long) ring << 47
                | (startsPhrase ? 1L << 54 : 0)
                | (long) surfaceCase << 55
                | (long) language << 57;
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

    static long meaning(int sector, int sectorSource, int partOfSpeech, int lemma, int languageMask) {
        return sector
                | (long) sectorSource << 5
                | (long) partOfSpeech << 8
                | (long) lemma << 12
                | (long) languageMask << 32;
    }

    static int sector(long meaning) {
        return (int) meaning & 31;
    }

    static int sectorSource(long meaning) {
        return (int) meaning >>> 5 & 7;
    }

    static int partOfSpeech(long meaning) {
        return (int) meaning >>> 8 & 15;
    }

    static int lemma(long meaning) {
        return (int) meaning >>> 12;
    }

    static int languageMask(long meaning) {
        return (int) (meaning >>> 32) & 0xFFFF;
    }
}
