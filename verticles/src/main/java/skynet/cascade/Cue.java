package skynet.cascade;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a word of a prompt hints at. The words stand in {@code cues.txt}, in four languages. */
enum Cue {
    RELATION,
    NUMBER,
    MATHS,
    CODE,
    REASON,
    LOGIC,
    CONSTRAINT,
    CREATE,
    LAW,
    SCIENCE,
    MEDICINE,
    MONEY,
    LOOKUP,
    TRANSFORM,
    TALK,
    NEGATION,
    FOLLOWUP;

    private static final String WORDS = "/skynet/cascade/cues.txt";

    /** Shortest and longest beginning of a word that may stand with a star. */
    private static final int STEM_MIN = 3;

    private static final int STEM_MAX = 15;

    private static final Map<String, Set<Cue>> WHOLE = new HashMap<>();
    private static final Map<String, Set<Cue>> STEMS = new HashMap<>();

    static {
        read();
    }

    /** Whether it counts in the first words of a prompt only. */
    boolean isOfTheOpening() {
        return this == LOOKUP || this == TRANSFORM || this == TALK;
    }

    /** What a word in lower case hints at. */
    static Set<Cue> of(String word) {
        EnumSet<Cue> cues = EnumSet.noneOf(Cue.class);
        cues.addAll(WHOLE.getOrDefault(word, Set.of()));
        for (int length = STEM_MIN; length <= Math.min(word.length(), STEM_MAX); length++) {
            cues.addAll(STEMS.getOrDefault(word.substring(0, length), Set.of()));
        }
        return cues;
    }

    private static void read() {
        try (InputStream in = Cue.class.getResourceAsStream(WORDS);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int colon = line.indexOf(':');
                if (!line.startsWith("#") && colon > 0) {
                    Cue cue = Cue.valueOf(line.substring(0, colon).toUpperCase(Locale.ROOT));
                    for (String word : line.substring(colon + 1).strip().split(" +")) {
                        boolean stem = word.endsWith("*");
                        (stem ? STEMS : WHOLE)
                                .computeIfAbsent(
                                        stem ? word.substring(0, word.length() - 1) : word,
                                        one -> EnumSet.noneOf(Cue.class))
                                .add(cue);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
