package skynet.genom;

import java.util.Arrays;

/** Some codes that belong together: an immutable, well-formed array of {@link Codes}. */
public final class CodeRun {
    private final int[] codes;

    private CodeRun(int[] codes) {
        this.codes = codes;
    }

    /**
     * Copies the first {@code count} codes.
     *
     * @throws IllegalArgumentException when they are not well formed
     */
    public static CodeRun of(int[] codes, int count) {
        Codes.check(codes, count);
        return new CodeRun(Arrays.copyOf(codes, count));
    }

    /** A copy of the codes. */
    public int[] toArray() {
        return codes.clone();
    }

    /** The number of array places, payload of raw spans included. */
    public int size() {
        return codes.length;
    }

    /** The number of tokens, fallback tokens included. */
    public int tokenCount() {
        int count = 0;
        for (int at = 0; at < codes.length; at += Codes.words(codes[at])) {
            count++;
        }
        return count;
    }

    int[] codes() {
        return codes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodeRun run && Arrays.equals(codes, run.codes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(codes);
    }

    @Override
    public String toString() {
        return codes.length + " codes";
    }
}
