package skynet.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import skynet.bus.Cascade.Turn;
import skynet.chat.ChatStore.Exchange;

/** What a level is told of a conversation. */
class ContextTest {
    @Test
    void theLatestComesLast() {
        List<Turn> turns = Context.of(List.of(new Exchange("second?", "2"), new Exchange("first?", "1")), "third?");
        assertEquals(
                List.of("first?", "1", "second?", "2"),
                turns.stream().map(Turn::text).toList());
    }

    @Test
    void whatDoesNotFitIsLeftOutFromTheOldestOn() {
        List<Turn> turns = Context.of(Collections.nCopies(20, new Exchange("q", "a".repeat(3_999))), "?");
        assertEquals(12, turns.size());
    }

    @Test
    void aLongAnswerIsToldByItsBeginning() {
        List<Turn> turns = Context.of(List.of(new Exchange("q", "😀".repeat(3_000))), "?");
        String answer = turns.get(1).text();
        assertTrue(answer.endsWith("😀 […]"), answer.substring(answer.length() - 10));
        assertEquals(Context.ANSWER_CHARS_MAX + 4, answer.length());
    }

    @Test
    void aLongQuestionLeavesLessForWhatWasBefore() {
        String question = "中".repeat(16_000);
        List<Turn> turns = Context.of(Collections.nCopies(20, new Exchange("q", "中".repeat(2_000))), question);
        int bytes = turns.stream()
                .mapToInt(turn -> turn.text().getBytes(StandardCharsets.UTF_8).length)
                .sum();
        assertTrue(bytes + question.getBytes(StandardCharsets.UTF_8).length < 60_000, "bytes: " + bytes);
    }
}
