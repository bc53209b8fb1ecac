package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The expected numbers were made by the reference implementation. */
class WordPieceTest {

    private final WordPiece tokenizer = Library.embedder().tokenizer();

    @Test
    void spellsAsTheReferenceDoes() throws java.io.IOException {
        List<String> lines = Library.lines("wordpiece.tsv");
        for (String line : lines) {
            String[] columns = line.split("\t", -1);
            int[] expected = Arrays.stream(columns[0].split(" "))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            assertArrayEquals(expected, tokenizer.encode(columns[1], 1_000), columns[1]);
            assertEquals(expected.length - 2, tokenizer.count(columns[1]), columns[1]);
        }
    }

    @Test
    void takesTheNamesOfMarksForText() {
        assertEquals(tokenizer.count("[ sep ]"), tokenizer.count("[SEP]"));
    }

    @Test
    void keepsTheEndMarkWhenTextIsCut() {
        assertArrayEquals(new int[] {101, 7592, 102}, tokenizer.encode("hello world again", 3));
        assertArrayEquals(new int[] {101, 102}, tokenizer.encode("hello", 2));
    }

    @Test
    void refusesALimitWithoutRoomForTheMarks() {
        assertThrows(IllegalArgumentException.class, () -> tokenizer.encode("hello", 1));
    }

    @Test
    void toleratesHalfACharacter() {
        assertEquals(2, tokenizer.count("hello \uD83D world"));
    }
}
