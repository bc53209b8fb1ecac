package skynet.knowledge;

import java.util.Objects;

/** A passage offered as evidence: its document, the title of that, its number and where in the document it begins. */
record Passage(String document, String title, int chunk, int start, String text) {

    Passage {
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(text, "text");
        if (chunk < 0) throw new IllegalArgumentException("chunk: " + chunk + " (expected: 0 or more)");
        if (start < 0) throw new IllegalArgumentException("start: " + start + " (expected: 0 or more)");
    }
}
