package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether a sentence says how many. */
class QuantityTest {

    @Test
    void theNumberStandsBesideWhatIsCounted() {
        assertTrue(suits("How many books may I take?", "Up to twelve thick books may be taken."));
        assertTrue(suits("How many parking places are there?", "Parking places: 41."));
        assertTrue(suits("Wie viele Wohnungen hat das Haus?", "Sie versorgt vierzehn Wohnungen."));
        assertFalse(suits("How many books does the library own?", "Books may be kept for up to four weeks."));
    }

    @Test
    void anyNumberWillDoWhereWhatIsCountedHasAnotherName() {
        assertTrue(suits("How many stairs are there?", "The staircase has one hundred and sixty-three steps."));
        assertFalse(suits("How many stairs are there?", "The staircase is steep."));
        assertFalse(suits("Wie hoch ist der Turm?", "Der Turm steht am Hafen."));
    }

    @Test
    void whoAsksForNoNumberNeedsNone() {
        assertTrue(suits("Where is the tower?", "The tower stands at the harbour."));
    }

    private static boolean suits(String question, String sentence) {
        return Quantity.suits(question, List.of(sentence));
    }
}
