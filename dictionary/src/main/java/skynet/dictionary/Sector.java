package skynet.dictionary;

import java.util.Locale;

/** A group of meanings: sectors follow each other around the plane in the order given here, and the order is permanent. */
public enum Sector {
    CONCEPT(Quadrant.I),
    LANGUAGE(Quadrant.I),
    KNOWLEDGE(Quadrant.I),
    PERCEPTION(Quadrant.I),
    MEASURE(Quadrant.I),
    SOCIAL(Quadrant.II),
    PERSON(Quadrant.II),
    NAME(Quadrant.II),
    GROUP(Quadrant.II),
    ECONOMY(Quadrant.II),
    EMOTION(Quadrant.II),
    CONTEST(Quadrant.II),
    ACT(Quadrant.II),
    PLACE(Quadrant.III),
    NATURE(Quadrant.III),
    ANIMAL(Quadrant.III),
    PLANT(Quadrant.III),
    SUBSTANCE(Quadrant.III),
    FOOD(Quadrant.III),
    BODY(Quadrant.III),
    ARTIFACT(Quadrant.III),
    TIME(Quadrant.IV),
    EVENT(Quadrant.IV),
    PROCESS(Quadrant.IV),
    MOTION(Quadrant.IV),
    STATE(Quadrant.IV),
    QUALITY(Quadrant.IV),
    MANNER(Quadrant.IV),
    FUNCTION(Quadrant.IV);

    private static final Sector[] ALL = values();

    private final Quadrant quadrant;
    private final String wireName;

    Sector(Quadrant quadrant) {
        this.quadrant = quadrant;
        this.wireName = name().toLowerCase(Locale.ROOT);
    }

    public Quadrant quadrant() {
        return quadrant;
    }

    /** The name as files and messages carry it: {@code concept}. */
    public String wireName() {
        return wireName;
    }

    /** Finds the sector of a wire name. */
    public static Sector parse(String wireName) {
        for (Sector sector : ALL) {
            if (sector.wireName.equals(wireName)) {
                return sector;
            }
        }
        throw new IllegalArgumentException("sector: " + wireName + " (expected: a lower-case name such as concept)");
    }

    static Sector of(int ordinal) {
        return ALL[ordinal];
    }
}
