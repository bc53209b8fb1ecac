package skynet.bus;

/** What kind of machine a node is; its number tells, by the range it lies in. The order is part of the wire: append only. */
public enum NodeClass {
    /** NOD1 to NOD9: the named members of a swarm. Their operator numbers them; nobody registers as one. */
    CORE(1, 9),
    /** NOD10 to NOD99: further servers; an admin grants the number. */
    S(10, 99),
    /** NOD100 to NOD999999: desktops. */
    D(100, 999_999),
    /** NOD1000000 to NOD9999999: phones and browsers. */
    M(1_000_000, 9_999_999);

    private final int first;
    private final int last;

    NodeClass(int first, int last) {
        this.first = first;
        this.last = last;
    }

    /** The lowest number of this class. */
    public int first() {
        return first;
    }

    /** The highest number of this class. */
    public int last() {
        return last;
    }

    /** The name in answers: {@code core}, or the letter. */
    public String text() {
        return this == CORE ? "core" : name();
    }

    /** The class of a letter, in either case. */
    public static NodeClass of(String text) {
        for (NodeClass one : values()) {
            if (one.name().equalsIgnoreCase(text)) {
                return one;
            }
        }
        throw new IllegalArgumentException("class: " + (text.length() > 8 ? text.length() + " characters" : text)
                + " (expected: core, S, D or M)");
    }
}
