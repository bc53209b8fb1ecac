package skynet.knowledge;

import java.util.Objects;

/** Where a sentence of an answer stands, and the very characters that stand there. */
record Citation(String document, String title, int chunk, int start, int end, String text) {

    Citation {
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(title, "title");
        if (end - start != text.length()) {
            throw new IllegalArgumentException(
                    "citation: " + text.length() + " characters (expected: " + (end - start) + ")");
        }
    }
}
