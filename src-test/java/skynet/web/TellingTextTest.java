package skynet.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import skynet.kit.StopWords;

/** Text that is told piece by piece to somebody from whom it cannot be taken back. */
class TellingTextTest {
    @Test
    void aStopWordIsMetHoweverTheTextIsCut() {
        Random dice = new Random(3);
        for (int round = 0; round < 2_000; round++) {
            String text = "one two STOP three ENDE four";
            StopWords stops = new StopWords(List.of("ENDE", "STOP"));
            StringBuilder told = new StringBuilder();
            for (int at = 0; at < text.length(); ) {
                int end = Math.min(text.length(), at + 1 + dice.nextInt(6));
                told.append(stops.take(text.substring(at, end)));
                at = end;
            }
            assertEquals("one two ", told.toString());
            assertTrue(stops.isMet());
        }
    }

    @Test
    void whatOnlyLooksLikeAStopWordIsTold() {
        StopWords stops = new StopWords(List.of("STOP"));
        assertEquals("a ", stops.take("a ST"));
        assertEquals("STORM S", stops.take("ORM S") + stops.rest());
        assertFalse(stops.isMet());
        assertEquals("plain", new StopWords(List.of()).take("plain"));
    }

    @Test
    void whatIsSaidAgainAfterASeamIsNotToldTwice() {
        TextSoFar text = new TextSoFar();
        assertEquals("ab", text.take(1, "ab"));
        assertEquals("cd", text.take(2, "cd"));
        assertEquals("ef", text.take(3, "ef"));
        text.voidFrom(2);
        assertEquals("", text.take(3, "cde"));
        text.voidFrom(4);
        assertTrue(text.isOpen());
        assertEquals("gh", text.take(4, "fgh"));
        assertFalse(text.isLost() || text.isOpen());
    }

    @Test
    void whatIsVoidedTwiceComesAgainOnce() {
        TextSoFar text = new TextSoFar();
        text.take(1, "abcdef");
        text.voidFrom(1);
        assertEquals("", text.take(2, "ab"));
        text.voidFrom(2);
        assertEquals("", text.take(3, "abcdef"));
        assertEquals("g", text.take(4, "g"));
        assertFalse(text.isLost());
    }

    @Test
    void anotherAnswerAfterASeamIsALoss() {
        TextSoFar text = new TextSoFar();
        text.take(1, "ab");
        text.voidFrom(1);
        assertEquals("", text.take(2, "ax"));
        assertTrue(text.isLost());
        assertEquals("", text.take(3, "more"));
    }
}
