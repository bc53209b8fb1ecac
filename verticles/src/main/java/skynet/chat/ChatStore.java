package skynet.chat;

import io.vertx.core.Future;
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

    /** Finds a message; ABSENT when there is none, or none of theirs. */
    Future<Kept> find(UUID message, Principal by);

    /** Stores the answer, unless a twin of this request was faster, whose answer then holds. ABSENT without the message. */
    Future<Cascade.Answer> answer(UUID message, Cascade.Answer answer);

    /** A stored message: its conversation, and its answer if there is one yet. */
    record Kept(UUID conversation, Optional<Cascade.Answer> answer) {}
}
