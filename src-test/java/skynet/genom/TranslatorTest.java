package skynet.genom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import skynet.bus.Genom;
import skynet.dictionary.CoordinateTable;

/** Known word pairs, on the real dictionary. */
class TranslatorTest {
    private static CoordinateTable table;
    private static Translator translator;

    @BeforeAll
    static void open() throws Exception {
        table = Tables.open();
        translator = new Translator(table);
    }

    @Test
    void findsKnownPairs() {
        String[][] pairs = {
            {"dog", "cs", "pes"}, {"house", "cs", "dům"}, {"water", "cs", "voda"}, {"dog", "fr", "chien"},
            {"house", "fr", "maison"}, {"dog", "es", "perro"}, {"water", "es", "agua"}, {"dog", "it", "cane"},
            {"book", "pl", "książka"}, {"dog", "pt", "cão"}, {"pes", "en", "dog"}, {"water", "de", "wasser"}
        };
        for (String[] pair : pairs) {
            List<Genom.Candidate> found =
                    translator.translate(pair[0], pair[1]).get(0).candidates();
            assertTrue(
                    found.stream()
                            .limit(3)
                            .anyMatch(candidate -> candidate.word().equals(pair[2])),
                    pair[0] + ": " + found);
        }
    }

    @Test
    void putsThePlainWordFirst() {
        String[][] words = {
            {"house", "haus", "dům", "maison"}, {"water", "wasser", "voda", "eau"}, {"dog", "hund", "pes", "chien"}
        };
        String[] targets = {"de", "cs", "fr"};
        for (String[] word : words) {
            for (int target = 0; target < targets.length; target++) {
                List<Genom.Candidate> found =
                        translator.translate(word[0], targets[target]).get(0).candidates();
                assertEquals(word[target + 1], found.get(0).word(), word[0] + ": " + found);
            }
        }
    }

    @Test
    void offersNoWordOfAnotherLanguage() {
        for (String source : new String[] {"the", "and", "of", "a", "is", "cat", "time", "day", "go"}) {
            for (Genom.Candidate candidate :
                    translator.translate(source, "de").get(0).candidates()) {
                int mask = table.languageMask(table.findWord(candidate.word()));
                int german = 1 << table.languages().indexOf("de");
                assertTrue((mask & german) != 0, source + ": " + candidate);
            }
        }
        List<String> articles = translator.translate("the", "de").get(0).candidates().stream()
                .limit(3)
                .map(Genom.Candidate::word)
                .toList();
        assertEquals(Set.of("der", "die", "das"), Set.copyOf(articles));
    }

    @Test
    void goesFromInflectedFormsOverTheLemma() {
        List<Genom.Candidate> found = translator.translate("dogs", "cs").get(0).candidates();
        assertTrue(found.stream()
                .anyMatch(candidate ->
                        candidate.word().equals("pes") && candidate.via().equals("lemma")));
    }

    @Test
    void ranksByConfidenceWithinBounds() {
        for (Genom.Word word : translator.translate("the black cat drinks water in New York", "cs")) {
            double before = 1;
            assertTrue(word.candidates().size() <= Translator.CANDIDATES_MAX);
            for (Genom.Candidate candidate : word.candidates()) {
                assertTrue(candidate.confidence() > 0 && candidate.confidence() <= before, word.toString());
                assertTrue(candidate.via().matches("direct|lemma|pivot:[a-z]{2}"), candidate.via());
                before = candidate.confidence();
            }
        }
    }

    @Test
    void leavesUnknownWordsUntranslated() {
        List<Genom.Word> words = translator.translate("qwrtzx привет!", "de");
        assertEquals(2, words.size());
        assertTrue(words.stream().allMatch(word -> word.candidates().isEmpty()));
        assertTrue(translator.translate("", "de").isEmpty());
    }

    @Test
    void refusesLanguagesItDoesNotKnow() {
        assertThrows(IllegalArgumentException.class, () -> translator.translate("dog", "xx"));
    }
}
