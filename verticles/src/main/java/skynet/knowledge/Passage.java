package skynet.knowledge;

import java.util.Objects;

/**
 * A passage offered as evidence.
 *
 * @param mark which document it is of
 * @param title of its document
 * @param chunk its number in the document
 * @param start where in the document its words begin
 * @param nearness cosine of its meaning and the question's
 */
record Passage(Shelfmark mark, String title, int chunk, int start, String text, double nearness, Paging paging) {

    Passage {
        Objects.requireNonNull(mark, "mark");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(paging, "paging");
        if (chunk < 0) throw new IllegalArgumentException("chunk: " + chunk + " (expected: 0 or more)");
        if (start < 0) throw new IllegalArgumentException("start: " + start + " (expected: 0 or more)");
        if (!(Math.abs(nearness) < 1.001)) {
            throw new IllegalArgumentException("nearness: " + nearness + " (expected: -1 to 1)");
        }
    }

    /** Of a shared document without pages. */
    Passage(String document, String title, int chunk, int start, String text, double nearness) {
        this(Shelfmark.shared(document), title, chunk, start, text, nearness, Paging.NONE);
    }

    String document() {
        return mark.document();
    }

    /** One past its last character in the document. */
    int end() {
        return start + text.length();
    }
}
