package skynet.knowledge;

import java.util.Comparator;

/** A passage that is near in meaning: which, and the cosine. */
record Near(Shelfmark mark, int chunk, double cosine) implements Comparable<Near> {
    private static final Comparator<Near> ORDER =
            Comparator.comparing((Near near) -> near.mark.key()).thenComparingInt(Near::chunk);

    /** The same passage without its cosine, by which it is told from others. */
    Near place() {
        return new Near(mark, chunk, 0);
    }

    @Override
    public int compareTo(Near other) {
        return ORDER.compare(this, other);
    }
}
