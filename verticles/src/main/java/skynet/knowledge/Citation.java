package skynet.knowledge;

import java.util.Objects;

/** Where a sentence of an answer stands, and the very characters that stand there. The page is 0 in a document without pages. */
record Citation(Shelfmark mark, String title, int chunk, int start, int end, String text, int page) {

    Citation {
        Objects.requireNonNull(mark, "mark");
        Objects.requireNonNull(title, "title");
        if (end - start != text.length()) {
            throw new IllegalArgumentException(
                    "citation: " + text.length() + " characters (expected: " + (end - start) + ")");
        }
    }

    String document() {
        return mark.document();
    }
}
