package skynet.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What a conversation is called at first. */
class TitleTest {
    @Test
    void aShortQuestionIsItsTitleOnOneLine() {
        assertEquals("What is this?", Title.of("  What\n is\tthis? "));
    }

    @Test
    void aLongQuestionIsCutBehindAWord() {
        String title = Title.of("word ".repeat(40));
        assertTrue(title.endsWith("word…"), title);
        assertTrue(title.length() <= 80, title);
    }

    @Test
    void noCharacterIsCutInTwo() {
        for (int before = 60; before < 90; before++) {
            String title = Title.of("a".repeat(before) + "😀".repeat(40));
            assertTrue(title.length() <= 80, title);
            assertFalse(Character.isHighSurrogate(title.charAt(title.length() - 2)), title);
        }
    }
}
