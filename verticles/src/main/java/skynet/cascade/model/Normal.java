package skynet.cascade.model;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.text.Normalizer;
import java.util.function.UnaryOperator;

/** How a text is brought into the form in which its model has learned texts: composed, or with its spaces written out. */
final class Normal {
    /** What vocabularies of characters write for a space. */
    static final char SPACE = '\u2581';

    private final UnaryOperator<String> step;

    private Normal(UnaryOperator<String> step) {
        this.step = step;
    }

    /** Throws IllegalArgumentException that names a step that is not supported. */
    static Normal of(JsonObject file) {
        return new Normal(step(file));
    }

    String of(String text) {
        return step.apply(text);
    }

    private static UnaryOperator<String> step(JsonObject file) {
        if (file == null) {
            return text -> text;
        }
        String type = file.getString("type", "");
        switch (type) {
            case "Sequence" -> {
                UnaryOperator<String> all = text -> text;
                for (Object one : file.getJsonArray("normalizers", new JsonArray())) {
                    UnaryOperator<String> before = all;
                    UnaryOperator<String> next = step((JsonObject) one);
                    all = text -> next.apply(before.apply(text));
                }
                return all;
            }
            case "NFC", "NFD", "NFKC", "NFKD" -> {
                Normalizer.Form form = Normalizer.Form.valueOf(type);
                return text -> Normalizer.normalize(text, form);
            }
            case "Prepend" -> {
                String first = file.getString("prepend");
                return text -> text.isEmpty() ? text : first + text;
            }
            case "Replace" -> {
                String old = file.getJsonObject("pattern").getString("String");
                if (old == null) {
                    throw new IllegalArgumentException("normalizer: Replace by a pattern (expected: of a text)");
                }
                String other = file.getString("content");
                return text -> text.replace(old, other);
            }
            default ->
                throw new IllegalArgumentException(
                        "normalizer: " + type + " (expected: NFC, NFD, NFKC, NFKD, Prepend, Replace or none)");
        }
    }
}
