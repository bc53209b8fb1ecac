package skynet.dictionary;

/**
 * Two tokens that translate each other, each as a word of one language, packed into a number: lower id (20 bits), higher
 * id (20), language of the lower (4), language of the higher (4). Two words may be linked in several pairs of languages.
 */
final class Link {
    private static final int LANGUAGE_MASK = 15;

    private Link() {}

    static long of(int one, int oneLanguage, int other, int otherLanguage) {
        return one < other
                ? packed(one, oneLanguage, other, otherLanguage)
                : packed(other, otherLanguage, one, oneLanguage);
    }

    private static long packed(int low, int lowLanguage, int high, int highLanguage) {
        return (long) low << 28 | (long) high << 8 | lowLanguage << 4 | highLanguage;
    }

    static int low(long link) {
        return (int) (link >>> 28);
    }

    static int high(long link) {
        return (int) (link >>> 8) & TokenLayout.ID_MASK;
    }

    static int lowLanguage(long link) {
        return (int) link >>> 4 & LANGUAGE_MASK;
    }

    static int highLanguage(long link) {
        return (int) link & LANGUAGE_MASK;
    }
}
