package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtractiveAnswerTest {

    @TempDir
    static Path directory;

    private static Library library;

    @BeforeAll
    static void open() throws IOException {
        library = new Library(directory);
    }

    @AfterAll
    static void close() throws IOException {
        library.close();
    }

    @Test
    void quotesWhatNod7Does() throws IOException {
        Answer answer = library.ask("What does NOD7 do?");
        assertTrue(answer.answered());
        assertEquals("nodes.md", answer.citations().get(0).document());
        assertTrue(answer.text().contains("NOD7"), answer.text());
    }

    @Test
    void refusesWhatTheDocumentsDoNotSay() throws IOException {
        for (String question : List.of("What is the capital of France?", "Who won the 1998 world cup?", "", "?!")) {
            Answer answer = library.ask(question);
            assertFalse(answer.answered(), question);
            assertEquals("", answer.text());
            assertEquals(List.of(), answer.citations());
        }
    }

    @Test
    void refusesWithoutEvidence() {
        assertFalse(Library.answer("What does NOD7 do?", List.of()).answered());
    }

    @Test
    void showsSentencesWithoutMarksAndCitesThemWithTheirMarks() {
        String text = "## Keys\n\n- API keys **begin** with `sky_` and are [hashed](https://example.org).\n";
        List<Passage> passages = List.of(new Passage("keys.md", "Keys", 0, 100, text, 0.7));
        Answer answer = Library.answer("How do API keys begin?", passages);
        assertEquals("API keys begin with sky_ and are hashed.", answer.text());
        Citation citation = answer.citations().get(0);
        assertEquals(citation.text(), text.substring(citation.start() - 100, citation.end() - 100));
        assertTrue(citation.text().contains("**begin**"));
    }

    @Test
    void isRightAboutMostLabelledQuestions() throws IOException {
        Map<String, int[]> right = new TreeMap<>();
        int all = 0;
        int good = 0;
        for (String line : Library.lines("questions.tsv")) {
            String[] columns = line.split("\t", -1);
            Answer answer = library.ask(columns[1]);
            answer.citations().forEach(ExtractiveAnswerTest::checkPlace);
            boolean expected = columns[0].equals("yes") ? quotes(answer, columns[2]) : !answer.answered();
            int[] counts = right.computeIfAbsent(columns[0], label -> new int[2]);
            counts[0] += expected ? 1 : 0;
            counts[1]++;
            all++;
            good += expected ? 1 : 0;
            if (!expected) System.out.println("  wrong: " + columns[1] + " → " + answer.text());
        }
        right.forEach((label, counts) -> System.out.println("  " + label + ": " + counts[0] + " of " + counts[1]));
        System.out.println("  accuracy: " + good + " of " + all);
        assertTrue(good >= 0.95 * all, good + " of " + all);
        assertTrue(right.get("no")[0] == right.get("no")[1], "a question about something else was answered");
    }

    @Test
    void doesNotQuoteTheTitleOfAPlainText() {
        String text =
                "First week at Halvorsen & Pike\n\nMonday: collect your badge from reception between 8:30 and 9:15.\n";
        List<Passage> passages = List.of(new Passage("week.txt", "week.txt", 0, 0, text, 0.7));
        assertFalse(
                Library.answer("Who leads Halvorsen & Pike?", passages).text().contains("First week"));
    }

    private static boolean quotes(Answer answer, String words) {
        return answer.citations().stream().anyMatch(citation -> citation.text().contains(words));
    }

    private static void checkPlace(Citation citation) {
        String text = library.document(citation.document()).text();
        assertEquals(citation.text(), text.substring(citation.start(), citation.end()));
    }
}
