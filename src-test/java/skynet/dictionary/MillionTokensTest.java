package skynet.dictionary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MillionTokensTest {
    private static final CoordinateTable TABLE = BundledTable.TABLE;
    private static final int COUNT = TABLE.count();
    private static final long SEED = 42;

    @Test
    void holdsExactlyAMillionTokens() {
        assertEquals(1_000_000, COUNT);
        assertEquals(16, TABLE.version().length());
    }

    @Test
    void findsEveryWordAloneAndInABatch() {
        byte[] text = new byte[17 << 20];
        int[] offsets = new int[COUNT];
        int[] lengths = new int[COUNT];
        long[] places = new long[COUNT];
        TABLE.placesOf(IntStream.range(0, COUNT).toArray(), 0, COUNT, places);
        int end = 0;
        for (int id = 0; id < COUNT; id++) {
            offsets[id] = end;
            lengths[id] = TABLE.copyPlace(places[id], text, end);
            end += lengths[id];
        }
        int[] ids = new int[COUNT];
        TABLE.findBatch(text, offsets, lengths, COUNT, ids);
        for (int id = 0; id < COUNT; id++) {
            assertEquals(id, ids[id]);
            assertEquals(id, TABLE.find(text, offsets[id], lengths[id]));
        }
    }

    @Test
    void findsEveryWordByItsText() {
        for (int id = 0; id < COUNT; id++) {
            String word = TABLE.canonical(id);
            assertEquals(id, TABLE.findWord(word), word);
        }
    }

    @Test
    void decodesEveryPointAlsoWithFourDecimals() {
        for (int id = 0; id < COUNT; id++) {
            assertEquals(id, TABLE.idAt(TABLE.r(id), TABLE.theta(id)));
            double r = Math.round(TABLE.r(id) * 10) / 10.0;
            double theta = Math.round(TABLE.theta(id) * 1e4) / 1e4;
            assertEquals(id, TABLE.idAt(r, theta));
        }
    }

    @Test
    void decodesEveryPointAfterARandomTurnInSinglePrecision() {
        Random random = new Random(SEED);
        for (int id = 0; id < COUNT; id++) {
            double phase = random.nextDouble() * 2 * Math.PI;
            float x = (float) (TABLE.r(id) * Math.cos(TABLE.theta(id)));
            float y = (float) (TABLE.r(id) * Math.sin(TABLE.theta(id)));
            float cos = (float) Math.cos(phase);
            float sin = (float) Math.sin(phase);
            float turnedX = x * cos - y * sin;
            float turnedY = x * sin + y * cos;
            float backX = turnedX * cos + turnedY * sin;
            float backY = turnedY * cos - turnedX * sin;
            double r = Math.sqrt((double) backX * backX + (double) backY * backY);
            assertEquals(id, TABLE.idAt((float) r, (float) Math.atan2(backY, backX)));
        }
    }

    @Test
    void greetsInSocialAndLivesInConcept() {
        assertEquals(Sector.SOCIAL, TABLE.sector(TABLE.findWord("hello")));
        assertEquals(Sector.CONCEPT, TABLE.sector(TABLE.findWord("world")));
    }

    @Test
    void putsTranslationsNearEachOther() {
        String[][] pairs = {{"praha", "prague"}, {"pes", "dog"}, {"kniha", "book"}, {"voda", "water"}};
        for (String[] pair : pairs) {
            int one = TABLE.findWord(pair[0]);
            int other = TABLE.findWord(pair[1]);
            assertEquals(TABLE.theta(one), TABLE.theta(other), 0.001 * 2 * Math.PI, pair[0]);
            assertTrue(Arrays.stream(TABLE.links(one)).anyMatch(id -> id == other), pair[0]);
        }
    }

    @Test
    void usesEveryQuadrantAndSector() {
        int sum = 0;
        for (Quadrant quadrant : Quadrant.values()) {
            assertTrue(TABLE.count(quadrant) > COUNT / 20, quadrant.name());
            sum += TABLE.count(quadrant);
        }
        assertEquals(COUNT, sum);
        int sectors = 0;
        for (Sector sector : Sector.values()) {
            long there = IntStream.range(0, COUNT)
                    .filter(id -> TABLE.sector(id) == sector)
                    .count();
            assertTrue(there > 0, sector.wireName());
            assertEquals(there, TABLE.count(sector));
            sectors += TABLE.count(sector);
        }
        assertEquals(COUNT, sectors);
        assertEquals(
                COUNT,
                TABLE.languages().stream()
                        .filter(name -> !name.equals("-"))
                        .mapToInt(TABLE::countLanguage)
                        .sum());
    }

    @Test
    void keepsEveryTokenInTheQuarterOfItsQuadrant() {
        for (int id = 0; id < COUNT; id++) {
            assertEquals(TABLE.quadrant(id).ordinal(), (int) (TABLE.theta(id) / (Math.PI / 2)));
        }
    }

    @Test
    void linksAreMutualAndAscending() {
        for (int id = 0; id < COUNT; id += 37) {
            int[] links = TABLE.links(id);
            int[] sorted = links.clone();
            Arrays.sort(sorted);
            assertArrayEquals(sorted, links);
            for (int other : links) {
                assertTrue(Arrays.binarySearch(TABLE.links(other), id) >= 0);
            }
        }
    }

    @Test
    void linksOnlyWordsOfTheLanguagesInWhichTheyHold() {
        int languages = TABLE.languages().size();
        for (int id = 0; id < COUNT; id += 7) {
            for (int language = 0; language < languages; language++) {
                for (int other : TABLE.translations(id, language)) {
                    assertTrue((TABLE.languageMask(other) >>> language & 1) != 0);
                    assertTrue(Arrays.binarySearch(TABLE.links(id), other) >= 0);
                }
            }
        }
    }

    @Test
    void doesNotTakeAPortugueseArticleForAGermanOne() {
        int the = TABLE.findWord("the");
        int article = TABLE.findWord("o");
        assertTrue((TABLE.languageMask(article) >>> TABLE.languages().indexOf("de") & 1) != 0);
        assertTrue(Arrays.binarySearch(TABLE.translations(the, TABLE.languages().indexOf("pt")), article) >= 0);
        assertFalse(
                Arrays.binarySearch(TABLE.translations(the, TABLE.languages().indexOf("de")), article) >= 0);
    }

    @Test
    void knowsTheCzechOfRunningText() {
        assertTrue(TABLE.countLanguage("cs") >= 150_000);
        for (String word : "zahradě knihovny vyhořel počítačích závazcích uvařila nejbližšího".split(" ")) {
            int id = TABLE.findWord(word);
            assertTrue(id >= 0, word);
            assertEquals("cs", TABLE.language(id), word);
        }
    }

    @Test
    void neverDeniesAPhraseItHolds() {
        byte[] may = new byte[2];
        for (int id = 0; id < COUNT; id++) {
            String[] parts = TABLE.canonical(id).split(" ", 3);
            if (parts.length > 1) {
                int first = TABLE.findWord(parts[0]);
                int second = TABLE.findWord(parts[1]);
                if (first >= 0 && second >= 0) {
                    TABLE.mayContinueBatch(new int[] {first, second}, 2, may);
                    assertTrue(TABLE.startsPhrase(first) && may[0] == 1);
                }
            }
        }
    }

    @Test
    void everyLemmaIsAToken() {
        for (int id = 0; id < COUNT; id++) {
            int lemma = TABLE.lemma(id);
            assertTrue(lemma >= 0 && lemma < COUNT);
        }
    }
}
