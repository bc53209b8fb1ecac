package skynet.dictionary;

/** A quarter of the plane and the broad meaning that lives there: I mind, II society, III matter, IV change and quality. */
public enum Quadrant {
    I,
    II,
    III,
    IV;

    private static final Quadrant[] ALL = values();

    static Quadrant of(int ordinal) {
        return ALL[ordinal];
    }
}
