package skynet.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Two releases run side by side while a cluster is brought up to date, so what one release can say the next one must be
 * able to hear: words, reaches and the order of components and constants never change, and grow only at their ends.
 */
class ReleasedWordsTest {
    @Test
    void everyWordOfTheFirstReleaseIsSpokenAsThen() throws Exception {
        List<String> released;
        try (var file = ReleasedWordsTest.class.getResourceAsStream("release-0.1.0.words")) {
            released = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        assertTrue(released.size() > 40, "lines: " + released.size());
        assertEquals(
                List.of(),
                ReleasedWords.broken(released, ReleasedWords.lines()),
                "append components and constants at the end, or give what is different a new wire name");
    }

    @Test
    void whatGrowsAtItsEndIsFine() {
        assertEquals(
                List.of(),
                ReleasedWords.broken(
                        List.of("word a.b: ANY_NODE String", "word c.d: ANY_NODE"),
                        List.of("word a.b: ANY_NODE String int", "word c.d: ANY_NODE long", "word e.f: ANY_NODE")));
    }

    @Test
    void whatIsGoneOrMovedOrOfAnotherTypeIsNamed() {
        List<String> released = List.of("word a.b: ANY_NODE String int", "enum E: ONE TWO", "record R: String");
        assertEquals(
                List.of(
                        "word a.b: ANY_NODE String int (now: ANY_NODE String long)",
                        "enum E: ONE TWO (now: TWO ONE)",
                        "record R: String (now: null)"),
                ReleasedWords.broken(released, List.of("word a.b: ANY_NODE String long", "enum E: TWO ONE")));
    }
}
