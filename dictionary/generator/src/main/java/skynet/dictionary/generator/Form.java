package skynet.dictionary.generator;

/** One spelling within one language, with all that the sources say about it. Grows while sources are read. */
final class Form {

    /** Class 0 of the spelling dictionaries means: never seen in their corpus. */
    static final int CLASS_UNSEEN = 0;

    private final String canonical;
    private String surface;
    private int frequencyClass = CLASS_UNSEEN;
    private double counted = Double.NEGATIVE_INFINITY;
    private double ranked = Double.NEGATIVE_INFINITY;
    private double listed;
    private boolean headword;

    Form(String canonical, String surface) {
        this.canonical = canonical;
        this.surface = surface;
    }

    /** Notes a spelling and its frequency class; the more frequent spelling names the case, lower case wins a tie. */
    void spelled(String spelling, int spellingClass) {
        if (spellingClass > frequencyClass || spellingClass == frequencyClass && spelling.equals(canonical)) {
            surface = spelling;
        }
        frequencyClass = Math.max(frequencyClass, spellingClass);
    }

    /** Notes that running text holds this form, and how often. */
    void counted(double estimate) {
        counted = Math.max(counted, estimate);
    }

    /** Notes the place in a list of common words; a count, where there is one, knows better. */
    void ranked(double estimate) {
        ranked = Math.max(ranked, estimate);
    }

    /** Notes that a dictionary lists this form, and how frequent to think it at least. */
    void listed(double estimate) {
        headword = true;
        listed = Math.max(listed, estimate);
    }

    int frequencyClass() {
        return frequencyClass;
    }

    boolean isAttested() {
        return Double.isFinite(counted) || Double.isFinite(ranked) || frequencyClass > CLASS_UNSEEN;
    }

    boolean isHeadword() {
        return headword;
    }

    /** Base-ten logarithm of the occurrences per billion words, as the best of the evidence estimates it. */
    double zipf() {
        return Math.max(Double.isFinite(counted) ? counted : ranked, listed);
    }

    String canonical() {
        return canonical;
    }

    String surface() {
        return surface;
    }
}
