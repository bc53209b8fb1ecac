package skynet.web;

/**
 * The last piece of an answer that somebody has, as its name says: {@code attempt.seq}.
 *
 * @param attempt the attempt that computed it, from 1
 * @param seq its number, 0 when it has none yet
 */
record Place(int attempt, long seq) {
    /** Before the first piece. */
    static final Place START = new Place(1, 0);

    private static final int CHARS_MAX = 24;

    /** Reads a name; an empty one is the start. */
    static Place of(String name, String text) {
        if (text.isEmpty()) {
            return START;
        }
        int dot = text.indexOf('.');
        try {
            if (dot > 0 && text.length() <= CHARS_MAX) {
                Place place =
                        new Place(Integer.parseInt(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1)));
                if (place.attempt >= 1 && place.seq >= 0) {
                    return place;
                }
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException(name + ": no place in an answer (expected: like 1.42)");
    }

    @Override
    public String toString() {
        return attempt + "." + seq;
    }
}
