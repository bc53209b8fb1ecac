package skynet.dictionary.generator;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A language of the dictionary. The ordinal is its bit in a token's language mask.
 *
 * <p>The weight is added to the logarithmic frequency when words of all languages are put into one order: English and
 * Czech readers are the ones the product promises most to. So too the places: Czech inflects, so it has most, and the
 * rarest inflections of Polish, German and Portuguese, which its sources list by the million, make room.
 */
enum Language {
    EN("eng", 0.6, 160_000, ""),
    CS("ces", 0.4, 190_000, "áčďéěíňóřšťúůýž"),
    DE("deu", -0.2, 150_000, "äöüß"),
    FR("fra", 0.1, 105_000, "àâæçéèêëîïôœùûüÿ"),
    ES("spa", 0.0, 125_000, "áéíñóúü"),
    IT("ita", 0.1, 45_000, "àèéìíîòóù"),
    PT("por", 0.0, 105_000, "áâãàçéêíóôõúü"),
    PL("pol", -0.4, 120_000, "ąćęłńóśźż");

    private final String iso3;
    private final double weight;
    private final int places;
    private final Set<Integer> accented;

    Language(String iso3, double weight, int places, String accented) {
        this.iso3 = iso3;
        this.weight = weight;
        this.places = places;
        this.accented = accented.codePoints().boxed().collect(Collectors.toUnmodifiableSet());
    }

    static Language ofIso3(String iso3) {
        for (Language language : values()) {
            if (language.iso3.equals(iso3)) {
                return language;
            }
        }
        throw new IllegalArgumentException("language: " + iso3 + " (expected: an ISO 639-3 code of the dictionary)");
    }

    String iso3() {
        return iso3;
    }

    /** The two-letter code as it stands in the token file. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    double weight() {
        return weight;
    }

    /** How many of the million words belong to this language first of all; the sum is the million. */
    int places() {
        return places;
    }

    int bit() {
        return 1 << ordinal();
    }

    boolean in(int mask) {
        return (mask & bit()) != 0;
    }

    /** Whether every letter belongs to this language's alphabet; marks such as the hyphen are let through. */
    boolean writes(String word) {
        return word.codePoints().allMatch(c -> c >= 'a' && c <= 'z' || c == '\'' || c == '-' || accented.contains(c));
    }
}
