package skynet.knowledge;

import java.util.Objects;

/** A document as it was read: the name it came by, the title shown to people, and its text. */
public record Document(String name, String title, String text) {

    public Document {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(text, "text");
    }
}
