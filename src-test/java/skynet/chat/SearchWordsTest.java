package skynet.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is searched for, and what is shown of what was found. */
class SearchWordsTest {
    @Test
    void everyWordIsQuotedAndMeantByItsBeginning() {
        assertEquals(
                "'cesky':* & 'a''b\\\\c':*", SearchWords.of(" Český  A'B\\C ").query());
        assertTrue(SearchWords.of("  &  ! ").isEmpty());
    }

    @Test
    void anExcerptShowsTheFirstOfTheWordsAndWhatIsAroundIt() {
        String text = "before ".repeat(50) + "the Žluťoučký kůň sings " + "after ".repeat(50);
        String excerpt = SearchWords.of("zlutoucky").excerpt("A question", text);
        assertTrue(excerpt.startsWith("…before "), excerpt);
        assertTrue(excerpt.contains("the Žluťoučký kůň sings"), excerpt);
        assertTrue(excerpt.endsWith("after…"), excerpt);
    }

    @Test
    void aTextWithoutTheWordsIsShownByItsBeginning() {
        assertEquals("A question", SearchWords.of("none").excerpt("A question", ""));
    }

    @Test
    void noCharacterIsCutInTwoWhereverTheExcerptEnds() {
        for (int before = 100; before < 170; before++) {
            String excerpt = SearchWords.of("aaa").excerpt("a".repeat(before) + "😀".repeat(100), "");
            assertTrue(excerpt.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF), excerpt);
        }
    }
}
