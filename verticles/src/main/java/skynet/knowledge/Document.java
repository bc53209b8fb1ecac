package skynet.knowledge;

import java.util.List;
import java.util.Objects;

/**
 * A document as it was read: the name it came by, the title shown to people, and its text.
 *
 * @param pages where in the text each page begins; empty for a document without pages
 */
public record Document(String name, String title, String text, List<Integer> pages) {

    /** A document without pages. */
    public Document(String name, String title, String text) {
        this(name, title, text, List.of());
    }

    public Document {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(text, "text");
        pages = List.copyOf(pages);
    }
}
