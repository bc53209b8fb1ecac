package skynet.dictionary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoordinateTableTest {
    @TempDir
    Path directory;

    @Test
    void findsEveryWordOfASmallTable() throws IOException {
        CoordinateTable table = SmallTable.open(directory);
        Lexicon lexicon = SmallTable.lexicon(directory);
        for (int id = 0; id < table.count(); id++) {
            String word = new String(lexicon.text, lexicon.start[id], lexicon.length(id), StandardCharsets.UTF_8);
            assertEquals(word, table.canonical(id));
            assertEquals(id, table.findWord(word));
            assertEquals(id, table.idAt(table.r(id), table.theta(id)));
        }
    }

    @Test
    void findsNothingThatOnlyResemblesAWord() throws IOException {
        CoordinateTable table = SmallTable.open(directory);
        for (String word :
                new String[] {"", "do", "dog\0", "Ωmega", "abcdefghijklmx", "abcdefghijklmnopqr", "x".repeat(65)}) {
            assertEquals(-1, table.findWord(word), word);
        }
    }

    @Test
    void findsWordsInAnyCaseAndNormalForm() throws IOException {
        CoordinateTable table = SmallTable.open(directory);
        assertEquals(7, table.findWord("PRAHA"));
        assertEquals(9, table.findWord("nejneobhospodar\u030Cova\u0301vatelne\u030Cjs\u030Ci\u0301"));
    }

    @Test
    void leavesBytesAfterTheWordOutOfTheAnswer() throws IOException {
        CoordinateTable table = SmallTable.open(directory);
        byte[] text = Arrays.copyOf("dogsledge".getBytes(StandardCharsets.UTF_8), 64);
        assertEquals(2, table.find(text, 0, 3));
        assertEquals(3, table.find(text, 0, 4));
        assertEquals(-1, table.find(text, 0, 5));
    }

    @Test
    void answersABatchLikeSingleQuestions() throws IOException {
        CoordinateTable table = SmallTable.open(directory);
        byte[] text = Arrays.copyOf("dog xyz abcdefghijklmnopq the".getBytes(StandardCharsets.UTF_8), 64);
        int[] ids = new int[5];
        table.findBatch(text, new int[] {0, 4, 8, 26, 3}, new int[] {3, 3, 17, 3, 0}, 5, ids);
        assertArrayEquals(new int[] {2, -1, 13, 0, -1}, ids);
    }

    @Test
    void keepsWhatTheGeneratorKnew() throws IOException {
        CoordinateTable table = SmallTable.open(directory);
        assertEquals(Sector.ANIMAL, table.sector(3));
        assertEquals(Quadrant.III, table.quadrant(3));
        assertEquals("cs", table.language(4));
        assertEquals(3, table.languageMask(14));
        assertEquals(2, table.lemma(3));
        assertEquals("noun", table.partOfSpeech(3));
        assertEquals(4, table.countLanguage("cs"));
        assertEquals(0, table.countLanguage("xx"));
    }

    @Test
    void linksBothWaysAndOnce() throws IOException {
        CoordinateTable table = SmallTable.open(directory);
        assertArrayEquals(new int[] {4}, table.links(2));
        assertArrayEquals(new int[] {2, 14}, table.links(4));
        assertArrayEquals(new int[] {}, table.links(0));
    }

    @Test
    void tellsInWhichLanguagesALinkHolds() throws IOException {
        CoordinateTable table = SmallTable.open(directory);
        int english = table.languages().indexOf("en");
        int czech = table.languages().indexOf("cs");
        assertArrayEquals(new int[] {4}, table.translations(2, czech));
        assertArrayEquals(new int[] {}, table.translations(2, english));
        assertArrayEquals(new int[] {2, 14}, table.translations(4, english));
        assertArrayEquals(new int[] {4}, table.translations(14, english, czech));
        assertArrayEquals(new int[] {4}, table.translations(14, czech, czech));
        assertArrayEquals(new int[] {14}, table.translations(4, czech, czech));
    }

    @Test
    void refusesALinkInALanguageThatOneOfItsWordsLacks() throws IOException {
        SmallTable.lexicon(directory);
        Files.writeString(directory.resolve("links.tsv"), "0\t4\tcsen\n");
        assertThrows(
                IllegalArgumentException.class,
                () -> TokenSource.read(directory.resolve("tokens.tsv"), directory.resolve("links.tsv")));
    }

    @Test
    void knowsWherePhrasesBegin() throws IOException {
        CoordinateTable table = SmallTable.open(directory);
        assertTrue(table.startsPhrase(5));
        assertFalse(table.startsPhrase(1));
        byte[] may = {2, 2, 2};
        table.mayContinueBatch(new int[] {5, 1, 5}, 3, may);
        assertArrayEquals(new byte[] {1, 0, 2}, may);
    }

    @Test
    void findsNoTokenWhereThereIsNone() throws IOException {
        CoordinateTable table = SmallTable.open(directory);
        for (double r : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1, 0, 0.94, 1.06, 13.2, 1e300}) {
            assertEquals(-1, table.idAt(r, table.theta(0)), "r " + r);
        }
        for (double theta : new double[] {Double.NaN, Double.NEGATIVE_INFINITY, 1e10, table.theta(0) + 0.001}) {
            assertEquals(-1, table.idAt(1.0, theta), "theta " + theta);
        }
    }

    @Test
    void turnsFullTurnsAway() throws IOException {
        CoordinateTable table = SmallTable.open(directory);
        assertEquals(2, table.idAt(1.0, table.theta(2) - 2 * Math.PI));
        assertEquals(2, table.idAt(1.0, table.theta(2) + 20 * Math.PI));
    }

    @Test
    void ordersNeighboursByAngleBeyondTheBand() throws IOException {
        CoordinateTable table = SmallTable.open(directory);
        int[] nearest = table.nearest(2, 100);
        assertEquals(table.count() - 1, nearest.length);
        assertEquals(table.count() - 1, Arrays.stream(nearest).distinct().count());
        double last = 0;
        for (int id : nearest) {
            double turn = Math.abs(table.theta(id) - table.theta(2));
            double distance = Math.min(turn, 2 * Math.PI - turn);
            assertTrue(distance >= last - 1e-9);
            last = distance;
        }
        assertThrows(IllegalArgumentException.class, () -> table.nearest(2, CoordinateTable.NEAREST_MAX + 1));
    }

    @Test
    void refusesIdsOutside() throws IOException {
        CoordinateTable table = SmallTable.open(directory);
        assertThrows(IndexOutOfBoundsException.class, () -> table.canonical(table.count()));
        assertThrows(IndexOutOfBoundsException.class, () -> table.theta(-1));
    }
}
