package skynet.dictionary.generator;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The canonical spelling of a token: NFC, lower case, letters and digits joined by single inner marks. */
final class Spelling {

    /** Longer entries are phrases or chemistry, and a short bound keeps the lookup table's inline keys short. */
    static final int CHARS_MAX = 48;

    /** Two bytes of room for separators below the 52 bytes that a table line holds. */
    static final int BYTES_MAX = 50;

    private static final String RUN = "[\\p{L}\\p{M}\\p{N}]+";
    private static final Pattern CANONICAL = Pattern.compile(RUN + "(?:[ '.\\-·/&]" + RUN + ")*");
    private static final Pattern LETTER = Pattern.compile("\\p{L}");
    private static final Pattern MARKS = Pattern.compile("\\p{Mn}+");

    private Spelling() {}

    /** The canonical spelling, or nothing when the entry cannot be a token. */
    static Optional<String> canonical(String entry) {
        String lower = Normalizer.normalize(entry, Normalizer.Form.NFC)
                .replace('\u2019', '\'')
                .strip()
                .toLowerCase(Locale.ROOT);
        boolean fits = !lower.isEmpty()
                && lower.length() <= CHARS_MAX
                && lower.getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX
                && CANONICAL.matcher(lower).matches()
                && LETTER.matcher(lower).find()
                && Normalizer.isNormalized(lower, Normalizer.Form.NFC);
        return fits ? Optional.of(lower) : Optional.empty();
    }

    /** The spelling without accents, as people type it who have no accents on their keyboard. */
    static String bare(String canonical) {
        String open = MARKS.matcher(Normalizer.normalize(canonical, Normalizer.Form.NFD))
                .replaceAll("");
        return open.replace("ß", "ss").replace('ł', 'l').replace("œ", "oe").replace("æ", "ae");
    }

    /** 0 lower case, 1 title case, 2 upper case, 3 anything else. */
    static int caseOf(String surface, String canonical) {
        if (surface.equals(canonical)) {
            return 0;
        }
        if (surface.length() > 1 && surface.equals(canonical.toUpperCase(Locale.ROOT))) {
            return 2;
        }
        String title = canonical.substring(0, 1).toUpperCase(Locale.ROOT) + canonical.substring(1);
        return surface.equals(title) ? 1 : 3;
    }

    static boolean isPhrase(String canonical) {
        return canonical.indexOf(' ') >= 0;
    }
}
