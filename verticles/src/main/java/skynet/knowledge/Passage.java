package skynet.knowledge;

import java.util.Objects;

/** A passage offered as evidence: its document, the title of that, and where in the document the words begin. */
record Passage(String document, String title, int start, String text) {

    Passage {
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(text, "text");
        if (start < 0) throw new IllegalArgumentException("start: " + start + " (expected: 0 or more)");
    }
}
