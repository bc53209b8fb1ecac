package skynet.knowledge;

import java.util.Objects;

/**
 * A passage offered as evidence.
 *
 * @param title of its document
 * @param chunk its number in the document
 * @param start where in the document its words begin
 * @param nearness cosine of its meaning and the question's
 */
record Passage(String document, String title, int chunk, int start, String text, double nearness) {

    Passage {
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(text, "text");
        if (chunk < 0) throw new IllegalArgumentException("chunk: " + chunk + " (expected: 0 or more)");
        if (start < 0) throw new IllegalArgumentException("start: " + start + " (expected: 0 or more)");
        if (!(Math.abs(nearness) < 1.001)) {
            throw new IllegalArgumentException("nearness: " + nearness + " (expected: -1 to 1)");
        }
    }
}
