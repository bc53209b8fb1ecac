package skynet.cascade.tools;

import io.vertx.core.json.JsonObject;

/**
 * One argument of a tool. The schema that is shown and the check that is made come from the same words, so that they cannot
 * differ.
 *
 * @param min the shortest text in characters, or the smallest number
 * @param max the longest text in characters, or the largest number
 */
record Parameter(String name, Kind kind, String description, boolean required, int min, int max) {
    /** What an argument is. */
    enum Kind {
        TEXT("string"),
        NUMBER("integer");

        private final String type;

        Kind(String type) {
            this.type = type;
        }
    }

    static Parameter text(String name, String description, int charsMax) {
        return new Parameter(name, Kind.TEXT, description, true, 1, charsMax);
    }

    static Parameter number(String name, String description, int min, int max) {
        return new Parameter(name, Kind.NUMBER, description, false, min, max);
    }

    /** The same, and it may be left out. */
    Parameter optional() {
        return new Parameter(name, kind, description, false, min, max);
    }

    JsonObject schema() {
        JsonObject schema = new JsonObject().put("type", kind.type).put("description", description);
        return kind == Kind.TEXT
                ? schema.put("minLength", min).put("maxLength", max)
                : schema.put("minimum", min).put("maximum", max);
    }

    /** Refuses a value that is none. */
    Object checked(Object value) {
        if (kind == Kind.TEXT) {
            if (!(value instanceof String text)) {
                throw new IllegalArgumentException(name + ": no text (expected: a string)");
            }
            if (text.isBlank() || text.length() > max || text.indexOf('\0') >= 0) {
                throw new IllegalArgumentException(
                        name + ": " + text.length() + " characters (expected: 1 to " + max + ", not blank, no U+0000)");
            }
            return text.strip();
        }
        if (!(value instanceof Integer number) || number < min || number > max) {
            throw new IllegalArgumentException(
                    name + ": no such number (expected: a whole number from " + min + " to " + max + ")");
        }
        return number;
    }
}
