package skynet.bus;

import java.util.List;
import java.util.Objects;

/** What is said to and by the chat room: messages of conversations, each stored before it is answered. */
public sealed interface Chat extends BusMessage {
    /**
     * Says something in a conversation. Saying it again with the same message id gives the stored answer.
     *
     * @param conversation a UUID; empty begins a new conversation
     * @param message a UUID chosen by the client; empty lets the node choose
     * @param by who says it; a conversation belongs to who began it
     */
    @Wire("chat.say")
    record Say(String conversation, String message, String text, Principal by, Cascade.Wish wish)
            implements Chat, Request<Said> {
        public Say {
            Objects.requireNonNull(conversation, "conversation");
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(wish, "wish");
            requireText(text);
        }

        public Say(String conversation, String message, String text, Principal by) {
            this(conversation, message, text, by, Cascade.Wish.NONE);
        }
    }

    /** What the node answered, stored with the conversation. */
    @Wire("chat.said")
    record Said(String conversation, String message, Cascade.Answer answer) implements Chat {}

    /** Says something, too, and reads the answer piece by piece, by the words of {@link Stream}. */
    @Wire("chat.begin")
    record Begin(String conversation, String message, String text, Principal by, Cascade.Wish wish)
            implements Chat, Request<Begun> {
        public Begin {
            Objects.requireNonNull(conversation, "conversation");
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(wish, "wish");
            requireText(text);
        }

        public Begin(String conversation, String message, String text, Principal by) {
            this(conversation, message, text, by, Cascade.Wish.NONE);
        }
    }

    /**
     * Where the answer is computed.
     *
     * @param owner the node that does; 0 when the answer is stored already
     * @param attempt its attempt; 0 when the answer is stored already
     * @param stored the answer that is stored already, alone in its list; empty while there is none
     */
    @Wire("chat.begun")
    record Begun(String conversation, String message, int owner, int attempt, List<Cascade.Answer> stored)
            implements Chat {
        public Begun {
            Objects.requireNonNull(conversation, "conversation");
            Objects.requireNonNull(message, "message");
            stored = List.copyOf(stored);
        }
    }

    /** Asks for what was answered to a message. ABSENT to anybody else, CONFLICT while the answer is computed. */
    @Wire("chat.recall")
    record Recall(String message, Principal by) implements Chat, Request<Said> {
        public Recall {
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(by, "by");
        }
    }

    private static void requireText(String text) {
        if (text.length() > Knowledge.QUESTION_CHARS_MAX) {
            throw new TooLarge("message: " + text.length() + " characters (expected: at most "
                    + Knowledge.QUESTION_CHARS_MAX + ")");
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException("message: blank (expected: text)");
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("message: holds U+0000 (expected: text)");
        }
    }
}
