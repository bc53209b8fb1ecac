package skynet.chat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import skynet.bus.Cascade.Speaker;
import skynet.bus.Cascade.Turn;

/**
 * What a level is told of a conversation before it answers: the latest exchanges, as many as fit. A long
 * answer is told by its beginning; an exchange that does not fit ends the list.
 */
final class Context {
    /** Exchanges that are looked at. */
    static final int EXCHANGES_MAX = 20;

    /** Characters of one answer. */
    static final int ANSWER_CHARS_MAX = 4_000;

    /** Bytes of UTF-8 of all, about 6,000 tokens. */
    static final int BYTES_MAX = 24_000;

    /** Bytes of UTF-8 of all with the question: what fits into a frame of the bus, when another node answers. */
    private static final int FRAME_BYTES = 56_000;

    private static final String CUT = " […]";

    private Context() {}

    /** Turns in the order in which they were said, of exchanges with the latest first. */
    static List<Turn> of(List<ChatStore.Exchange> latestFirst, String question) {
        int left = Math.min(BYTES_MAX, FRAME_BYTES - bytes(question));
        List<Turn> turns = new ArrayList<>();
        for (ChatStore.Exchange exchange : latestFirst) {
            String answer = cut(exchange.answer());
            left -= bytes(exchange.question()) + bytes(answer);
            if (left < 0) {
                break;
            }
            turns.add(new Turn(Speaker.ASSISTANT, answer));
            turns.add(new Turn(Speaker.USER, exchange.question()));
        }
        Collections.reverse(turns);
        return List.copyOf(turns);
    }

    private static String cut(String answer) {
        if (answer.length() <= ANSWER_CHARS_MAX) {
            return answer;
        }
        int end = Character.isHighSurrogate(answer.charAt(ANSWER_CHARS_MAX - 1))
                ? ANSWER_CHARS_MAX - 1
                : ANSWER_CHARS_MAX;
        return answer.substring(0, end) + CUT;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
