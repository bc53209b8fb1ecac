package skynet.kit;

import java.util.Arrays;
import java.util.Locale;

/** When passages of documents are sent to light nodes that an operator granted to compute. */
public enum Lending {
    /** Never. */
    OFF,
    /** While this node is at another question of level 2. */
    BUSY,
    /** Whenever one is idle. */
    ALWAYS;

    /** The one of a setting. */
    public static Lending of(String key, String text) {
        return Arrays.stream(values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(key + ": " + text + " (expected: off, busy or always)"));
    }
}
