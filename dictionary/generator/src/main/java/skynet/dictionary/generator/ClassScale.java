package skynet.dictionary.generator;

/**
 * What a frequency class of one spelling dictionary means: the straight line through the mean logarithmic frequency of
 * each class, weighted by how many words of the class the common tokens count.
 */
final class ClassScale {

    /** Of rarer classes the common tokens hold only the luckiest words. */
    private static final int CLASS_MIN = 8;

    private static final int WORDS_MIN = 30;
    private static final int CLASSES = 26;

    private final double[] sums = new double[CLASSES];
    private final int[] counts = new int[CLASSES];

    void observe(int frequencyClass, double zipf) {
        sums[frequencyClass] += zipf;
        counts[frequencyClass]++;
    }

    /** The line as intercept and slope. */
    double[] line() {
        double n = 0;
        double x = 0;
        double y = 0;
        double xx = 0;
        double xy = 0;
        for (int each = CLASS_MIN; each < CLASSES; each++) {
            if (counts[each] > WORDS_MIN) {
                double weight = counts[each];
                n += weight;
                x += weight * each;
                y += sums[each];
                xx += weight * each * each;
                xy += sums[each] * each;
            }
        }
        double spread = n * xx - x * x;
        if (spread <= 0) {
            throw new IllegalStateException("frequency classes: too few counted words (expected: two classes or more)");
        }
        double slope = (n * xy - x * y) / spread;
        return new double[] {(y - slope * x) / n, slope};
    }
}
