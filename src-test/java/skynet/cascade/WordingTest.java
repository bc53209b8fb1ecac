package skynet.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "What does NOD7 do? | Could you please tell me what NOD7 does?",
                "What does NOD7 do? | hey, what exactly does NOD7 do",
                "What is the capital of France? | Please tell me: what's the capital of France?",
                "How many nodes are in a swarm? | What is the number of nodes in a swarm?",
                "How does a node keep answers? | How do nodes keep the answer?",
                "Why is a key kept? | For what reason is the key kept?",
                "When does the shop open? | What time does the shop open?",
                "Which port does gRPC use? | do you know which port gRPC uses?",
                "The node doesn't start, why? | The node does not start, why?",
                "Was ist ein Knoten? | Kannst du mir bitte sagen, was der Knoten ist?",
            })
    void politenessArticlesAndPluralsMakeNoDifference(String one, String other) {
        assertEquals(Wording.of(one).sense(), Wording.of(other).sense());
        assertNotEquals("", Wording.of(one).sense());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "What does NOD7 do? | What does NOD4 do?",
                "What does NOD7 do? | What is NOD7?",
                "What does NOD7 do? | What does NOD7 not do?",
                "What can a node store? | What can't a node store?",
                "What is the capital of France? | What is the capital of Germany?",
                "what is the capital of france? | what is the capital of germany?",
                "What is 3 + 4? | What is 3 - 4?",
                "What is 3 + 4? | What is 34?",
                "What is 1.5 in binary? | What is 15 in binary?",
                "What is 5!? | What is 5?",
                "How many nodes are there? | How much do nodes cost?",
                "Who wrote the report? | When was the report written?",
                "Where is the key kept? | Why is the key kept?",
                "Can a dog bite a man? | Can a man bite a dog?",
                "Is iron harder than gold? | Is gold harder than iron?",
                "How do I get from Berlin to Rome? | How do I get from Rome to Berlin?",
                "How do I start a node? | How do I stop a node?",
                "Is it open on Monday? | Is it open on Sunday?",
                "Who may read it? | WHO may read IT?",
                "What is the US? | What is us?",
                "What does port 8080 do? | What does port 8081 do?",
                "Does every node have a key? | Does any node have a key?",
                "What is my name? | What is the name?",
                "Is it true that not all keys expire? | Is it true that all keys not expire?",
                "How do I undo a change with a backup? | How do I undo a change without a backup?",
                "Wer darf lesen? | Wer darf nicht lesen?",
                "What does it cost in 2024? | What does it cost in 2025?",
                "What happens before a node stops? | What happens after a node stops?",
                "x = 2 and y = 3, what is x? | x = 3 and y = 2, what is x?",
            })
    void anotherNumberNameNegationQuestionWordOrOrderIsAnotherQuestion(String one, String other) {
        assertNotEquals(Wording.of(one).sense(), Wording.of(other).sense());
    }

    @Test
    void whatSaysNothingOrTooMuchHasNoSense() {
        assertEquals(
                "",
                Wording.of("What is it for?").sense().isEmpty()
                        ? ""
                        : Wording.of("the of").sense());
        assertEquals("", Wording.of("   ").sense());
        assertEquals(
                "",
                Wording.of("What is this? " + "x ".repeat(Wording.CHARS_MAX)).sense());
        assertEquals("", Wording.of("a1 ".repeat(60)).sense());
    }

    @Test
    void itIsAboutItsOwnWords() {
        assertEquals(
                Set.of("nod7", "key"),
                Wording.of("What does NOD7 do with the keys?").words().stream()
                        .filter(word -> !word.equals("with"))
                        .collect(Collectors.toSet()));
        assertTrue(Wording.words("The keys of NOD7.").containsAll(Set.of("nod7", "key")));
    }

    @Test
    void noTextTakesLong() {
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            for (String one : new String[] {"a", "hey ", "1.", "a-", "İ", "'", "please ", "what's "}) {
                Wording.of(one.repeat(Wording.CHARS_MAX / one.length()));
                Wording.words(one.repeat(SourceWatch.DOCUMENT_CHARS_MAX / one.length()));
            }
        });
    }
}
