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
     * @param of a message to which another answer is wanted, which is kept beside those that there are; then no text is said and
     *     no conversation named. Empty for a message that is new
     * @param asker as in {@link Cascade.Ask}
     */
    @Wire("chat.say")
    record Say(
            String conversation, String message, String text, Principal by, Cascade.Wish wish, String of, String asker)
            implements Chat, Request<Said> {
        public Say {
            Objects.requireNonNull(conversation, "conversation");
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(wish, "wish");
            requireText(text, of);
            Objects.requireNonNull(asker, "asker");
        }

        public Say(String conversation, String message, String text, Principal by, Cascade.Wish wish, String of) {
            this(conversation, message, text, by, wish, of, "");
        }

        public Say(String conversation, String message, String text, Principal by, Cascade.Wish wish) {
            this(conversation, message, text, by, wish, "");
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
    record Begin(String conversation, String message, String text, Principal by, Cascade.Wish wish, String of)
            implements Chat, Request<Begun> {
        public Begin {
            Objects.requireNonNull(conversation, "conversation");
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(wish, "wish");
            requireText(text, of);
        }

        public Begin(String conversation, String message, String text, Principal by, Cascade.Wish wish) {
            this(conversation, message, text, by, wish, "");
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

    /** Longest message, in UTF-16 characters; the levels that read documents take shorter ones. */
    int TEXT_CHARS_MAX = 16_000;

    /** Conversations of one person that are kept; a new one ends the one in which nothing was said for longest. */
    int CONVERSATIONS_MAX = 1_000;

    /** Messages of one conversation, other answers to them not counted. */
    int MESSAGES_MAX = 200;

    /** Answers to one message, the first included. */
    int VERSIONS_MAX = 10;

    /** Conversations or messages on one page of the history. */
    int PAGE_MAX = 100;

    /** Longest title of a conversation, in UTF-16 characters. */
    int TITLE_CHARS_MAX = 200;

    /** Longest search, in UTF-16 characters. */
    int SEARCH_CHARS_MAX = 200;

    /** Longest reason of a rating, in UTF-16 characters. */
    int REASON_CHARS_MAX = 1_000;

    /** Longest correction, in UTF-16 characters. */
    int CORRECTION_CHARS_MAX = 8_000;

    /**
     * Asks for the caller's own conversations, the one in which something was said last first.
     *
     * @param words what a conversation must hold, each word by its beginning; empty for all
     * @param cursor next of the page before; empty for the first
     * @param limit 1 to {@value #PAGE_MAX}
     */
    @Wire(value = "chat.conversations", reach = Reach.THIS_NODE)
    record Conversations(Principal by, String words, String cursor, int limit) implements Chat, Request<Listed> {
        public Conversations {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(cursor, "cursor");
            requireAtMost("q", words, SEARCH_CHARS_MAX);
            requirePage(limit);
        }
    }

    /** Conversations, and the cursor behind the last of them; empty when there are no more. */
    @Wire("chat.listed")
    record Listed(List<Conversation> conversations, String next) implements Chat {
        public Listed {
            conversations = List.copyOf(conversations);
            Objects.requireNonNull(next, "next");
        }
    }

    /**
     * One conversation as a list shows it.
     *
     * @param begunMillis when it began, in ms since 1970
     * @param saidMillis when something was last said in it, in ms since 1970
     * @param messages how many there are, other answers to them not counted
     * @param message the last message in which the words of a search stand; empty when none was searched, or only the title has them
     * @param excerpt what stands around them
     */
    record Conversation(
            String id, String title, long begunMillis, long saidMillis, int messages, String message, String excerpt) {
        public Conversation {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(title, "title");
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(excerpt, "excerpt");
        }
    }

    /**
     * Asks for the messages of a conversation with all their answers, the oldest first. ABSENT to anybody else.
     *
     * @param cursor next of the page before; empty for the first
     * @param limit 1 to {@value #PAGE_MAX}; a page of long answers holds fewer
     */
    @Wire(value = "chat.open", reach = Reach.THIS_NODE)
    record Open(Principal by, String conversation, String cursor, int limit) implements Chat, Request<Opened> {
        public Open {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(conversation, "conversation");
            Objects.requireNonNull(cursor, "cursor");
            requirePage(limit);
        }
    }

    /** A conversation, some of its messages, and the cursor behind the last of them; empty when there are no more. */
    @Wire("chat.opened")
    record Opened(Conversation conversation, List<Message> messages, String next) implements Chat {
        public Opened {
            Objects.requireNonNull(conversation, "conversation");
            messages = List.copyOf(messages);
            Objects.requireNonNull(next, "next");
        }
    }

    /**
     * One message, and every answer that was given to it, the first first.
     *
     * @param saidMillis when it was said, in ms since 1970
     */
    record Message(String message, String question, long saidMillis, List<Version> versions) {
        public Message {
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(question, "question");
            versions = List.copyOf(versions);
        }
    }

    /**
     * One answer to a message.
     *
     * @param message the id under which it was asked for: that of the message for the first
     * @param answer alone in its list; empty while it is computed, and where it failed
     * @param correction what it should have been, as its reader says; empty when they say nothing
     */
    record Version(
            String message,
            long askedMillis,
            List<Cascade.Answer> answer,
            Rating rating,
            String reason,
            String correction) {
        public Version {
            Objects.requireNonNull(message, "message");
            answer = List.copyOf(answer);
            Objects.requireNonNull(rating, "rating");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(correction, "correction");
        }
    }

    /** What a reader thinks of an answer. The order is part of the wire: append only. */
    enum Rating {
        NONE,
        GOOD,
        BAD
    }

    /** Gives a conversation another title. ABSENT to anybody else. */
    @Wire(value = "chat.rename", reach = Reach.THIS_NODE)
    record Rename(Principal by, String conversation, String title) implements Chat, Request<Renamed> {
        public Rename {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(conversation, "conversation");
            title = title.strip();
            requireAtMost("title", title, TITLE_CHARS_MAX);
            if (title.isEmpty() || title.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(
                        "title: blank, or with control characters (expected: one line of text)");
            }
        }
    }

    /** The title as it is now. */
    @Wire("chat.renamed")
    record Renamed(String conversation, String title) implements Chat {
        public Renamed {
            Objects.requireNonNull(conversation, "conversation");
            Objects.requireNonNull(title, "title");
        }
    }

    /**
     * Deletes a conversation with all that was said in it. ABSENT when it is not there, or not theirs.
     *
     * @param conversation a UUID; empty for all of the caller's
     */
    @Wire(value = "chat.forget", reach = Reach.THIS_NODE)
    record Forget(Principal by, String conversation) implements Chat, Request<Forgotten> {
        public Forget {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(conversation, "conversation");
        }
    }

    /** How many conversations were deleted. */
    @Wire("chat.forgotten")
    record Forgotten(int conversations) implements Chat {}

    /**
     * Says what the asker thinks of an answer; the last word counts, NONE takes it back. ABSENT to anybody else.
     *
     * @param reason why; may be empty
     */
    @Wire(value = "chat.rate", reach = Reach.THIS_NODE)
    record Rate(Principal by, String message, Rating rating, String reason) implements Chat, Request<Rated> {
        public Rate {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(rating, "rating");
            requireAtMost("reason", reason, REASON_CHARS_MAX);
        }
    }

    /** The rating as it is kept now. */
    @Wire("chat.rated")
    record Rated(String message, Rating rating, String reason) implements Chat {
        public Rated {
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(rating, "rating");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * Says what an answer should have been. ABSENT to anybody else.
     *
     * @param text the better answer; empty takes the correction back
     */
    @Wire(value = "chat.correct", reach = Reach.THIS_NODE)
    record Correct(Principal by, String message, String text) implements Chat, Request<Corrected> {
        public Correct {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(message, "message");
            text = text.strip();
            requireAtMost("text", text, CORRECTION_CHARS_MAX);
        }
    }

    /**
     * The correction is kept.
     *
     * @param proposed whether it also waits as a pair to learn from, for somebody to approve it
     */
    @Wire("chat.corrected")
    record Corrected(String message, String text, boolean proposed) implements Chat {
        public Corrected {
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(text, "text");
        }
    }

    private static void requirePage(int limit) {
        if (limit < 1 || limit > PAGE_MAX) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + PAGE_MAX + ")");
        }
    }

    private static void requireAtMost(String name, String text, int charsMax) {
        if (text.length() > charsMax) {
            throw new TooLarge(name + ": " + text.length() + " characters (expected: at most " + charsMax + ")");
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(name + ": holds U+0000 (expected: text)");
        }
    }

    /** Another answer is given to what was said before, so that nothing is said. */
    private static void requireText(String text, String of) {
        if (!of.isEmpty()) {
            if (!text.isEmpty()) {
                throw new IllegalArgumentException("message: given (expected: none beside regenerate)");
            }
            return;
        }
        requireAtMost("message", text, TEXT_CHARS_MAX);
        if (text.isBlank()) {
            throw new IllegalArgumentException("message: blank (expected: text)");
        }
    }
}
