package skynet.dictionary.generator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** The hand-written list: modern terms, greetings, short words and elisions, with the sector a person chose. */
final class Curated {

    /** An apostrophe form that a tokenizer splits off, such as the French l'. */
    record Elision(Language language, String form) {}

    private static final Resource FILE = new Resource("/skynet/dictionary/generator/curated.txt");
    private static final String ELISION = "elision ";

    private final TreeMap<String, Sector> sectors = new TreeMap<>();
    private final List<Elision> elisions = new ArrayList<>();

    static Curated read() throws IOException {
        Curated curated = new Curated();
        for (String line : FILE.lines(StandardCharsets.UTF_8)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                curated.add(
                        line.substring(0, line.indexOf(':')),
                        line.substring(line.indexOf(':') + 1).split(","));
            }
        }
        return curated;
    }

    private void add(String heading, String[] terms) {
        for (String term : terms) {
            if (heading.startsWith(ELISION)) {
                Language language =
                        Language.valueOf(heading.substring(ELISION.length()).toUpperCase(Locale.ROOT));
                elisions.add(new Elision(language, term.strip()));
            } else {
                sectors.putIfAbsent(term.strip(), Sector.valueOf(heading.toUpperCase(Locale.ROOT)));
            }
        }
    }

    Iterable<String> terms() {
        return sectors.keySet();
    }

    List<Elision> elisions() {
        return elisions;
    }

    Optional<Sector> sector(String canonical) {
        boolean elided = canonical.endsWith("'");
        return elided ? Optional.of(Sector.FUNCTION) : Optional.ofNullable(sectors.get(canonical));
    }
}
