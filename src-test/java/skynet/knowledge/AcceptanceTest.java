package skynet.knowledge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How often the node answers, and how often rightly: 77 questions that the bundled collection or a folder about other
 * things answers, 52 that neither does. A third of them is held out: the rule was fitted on the others only.
 */
class AcceptanceTest {
    private static final List<String> FOREIGN = List.of("bakery.md", "lighthouse.txt", "bicycles.html", "library.md");

    @TempDir
    Path directory;

    @Test
    void answersMostOfWhatIsThereAndLittleOfWhatIsNot() throws IOException {
        List<Document> documents = new ArrayList<>(Collection.read());
        documents.addAll(Library.read("foreign/", FOREIGN));
        Tally fit = new Tally(true);
        Tally held = new Tally(false);
        Tally fitDeep = new Tally(true);
        Tally heldDeep = new Tally(false);
        try (Library library = new Library(directory, documents)) {
            for (String line : Library.lines("acceptance.tsv")) {
                String[] columns = line.split("\t", -1);
                Tally tally = columns[0].equals("held") ? held : fit;
                tally.count(columns[1], columns[2], columns[3], library.ask(columns[2]));
                Tally deep = columns[0].equals("held") ? heldDeep : fitDeep;
                deep.count(columns[1], columns[2], columns[3], library.askDeeply(columns[2]));
            }
        }
        System.out.println("  fitted on: " + fit);
        System.out.println("  held out:  " + held);
        System.out.println("  fitted on, deep: " + fitDeep);
        System.out.println("  held out, deep:  " + heldDeep);
        assertTrue(fitDeep.recall() > fit.recall() && heldDeep.recall() >= held.recall(), "deep answers less");
        assertTrue(heldDeep.precision() >= held.precision(), "deep is less right: " + heldDeep);
        assertTrue(fitDeep.precision() >= fit.precision(), "deep is less right: " + fitDeep);
        assertEquals(25, held.answerable);
        assertTrue(held.precision() >= 0.78, "held out: " + held);
        assertTrue(fit.precision() >= 0.86, "fitted on: " + fit);
        assertTrue(held.recall() >= 0.65, "held out: " + held);
        assertTrue(fit.foreignAnswered + held.foreignAnswered <= 1, "a question about something else was answered");
    }

    /** What came of one part of the questions. */
    private static final class Tally {
        /** Whether it names what is not as it should be: of what is held out nobody is to know. */
        private final boolean isShown;

        private int answerable;
        private int right;
        private int wrong;
        private int foreignAnswered;

        Tally(boolean isShown) {
            this.isShown = isShown;
        }

        void count(String group, String question, String words, Answer answer) {
            boolean isAnswerable = !words.isEmpty();
            boolean isRight = isAnswerable && Stream.of(words.split("\\|")).anyMatch(word -> quotes(answer, word));
            if (isAnswerable) answerable++;
            if (isRight) right++;
            if (answer.answered() && !isRight) wrong++;
            if (answer.answered() && group.equals("no")) foreignAnswered++;
            if (isShown && (answer.answered() != isAnswerable || (isAnswerable && !isRight))) {
                String shown = answer.answered() ? answer.text() : "(none)";
                System.out.println("  " + group + ": " + question + " → " + shown);
            }
        }

        double precision() {
            return (double) right / Math.max(1, right + wrong);
        }

        double recall() {
            return (double) right / answerable;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "precision %.2f, recall %.2f (%d right, %d wrong, %d answerable)",
                    precision(),
                    recall(),
                    right,
                    wrong,
                    answerable);
        }

        private static boolean quotes(Answer answer, String words) {
            return answer.citations().stream()
                    .anyMatch(citation -> citation.text().contains(words));
        }
    }
}
