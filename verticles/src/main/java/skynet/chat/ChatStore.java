package skynet.chat;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import skynet.bus.Cascade;
import skynet.bus.Principal;

/** The memory of the chat room: conversations, their messages and the one answer of each. */
public interface ChatStore {
    /**
     * Stores a message, or finds it where it was stored before; another text under the same id is a conflict.
     * A conversation belongs to who began it; to anybody else it is absent.
     */
    Future<Kept> keep(UUID conversation, UUID message, String question, Principal by);

    /** Stores a message that begins a conversation, of which nobody knows yet; the same as {@link #keep} else. */
    default Future<Kept> begin(UUID conversation, UUID message, String question, Principal by) {
        return keep(conversation, message, question, by);
    }

    /**
     * Stores another answer to be given to a message, as a message of its own in the same conversation, or finds it where it
     * was stored before. ABSENT when there is no such message of theirs.
     */
    Future<Kept> keepVersion(UUID version, UUID of, Principal by);

    /** Finds a message; ABSENT when there is none, or none of theirs. */
    Future<Kept> find(UUID message, Principal by);

    /** What was said in the conversation before a message and answered, the latest first: of each message the last answer. */
    Future<List<Exchange>> before(Kept kept);

    /** Stores the answer, unless a twin of this request was faster, whose answer then holds. ABSENT without the message. */
    Future<Cascade.Answer> answer(UUID message, Cascade.Answer answer);

    /**
     * A stored message.
     *
     * @param root the message to which this is another answer; itself when it is the first
     * @param answer its answer, if there is one yet
     * @param begins whether nothing was said before it
     */
    record Kept(UUID conversation, UUID root, String question, Optional<Cascade.Answer> answer, boolean begins) {}

    /** A question and its answer. */
    record Exchange(String question, String answer) {}
}
