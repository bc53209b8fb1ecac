package skynet.bus;

import java.util.List;
import java.util.Objects;

/**
 * What is said to and by the room messages: sealed messages between nodes and users, kept until they are acknowledged.
 * Bodies are ciphertext, Base64url without padding: what they say is between sender and receiver.
 */
public sealed interface Messages extends BusMessage {
    /** The longest body, in bytes. */
    int BODY_BYTES_MAX = 32 << 10;

    /** Messages on one page of an inbox. */
    int PAGE_MAX = 50;

    /** The longest wait for a message with one ask, in ms. */
    int AWAIT_MILLIS_MAX = 5_000;

    /** Characters of Base64url that {@value #BODY_BYTES_MAX} bytes take. */
    int BODY_CHARS_MAX = (BODY_BYTES_MAX * 4 + 2) / 3;

    /**
     * Sends a message. Sending it again with the same id is free and changes nothing.
     *
     * @param to {@code NOD…} or the id of a user
     * @param id a UUID of the sender's choice
     */
    @Wire(value = "messages.send", reach = Reach.THIS_NODE)
    record Send(Principal by, String to, String id, String body) implements Messages, Request<Sent> {
        public Send {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(id, "id");
            if (to.isEmpty() || to.length() > 64) {
                throw new IllegalArgumentException(
                        "to: " + to.length() + " characters (expected: NOD… or a user's id)");
            }
            if (body.isEmpty() || body.length() > BODY_CHARS_MAX) {
                throw new IllegalArgumentException("body: " + body.length()
                        + " characters of Base64url (expected: 1 to " + BODY_BYTES_MAX + " bytes)");
            }
        }
    }

    /**
     * The message is kept.
     *
     * @param message the id by which it is acknowledged
     * @param again whether it was kept before
     */
    @Wire("messages.sent")
    record Sent(String message, boolean again) implements Messages {
        public Sent {
            Objects.requireNonNull(message, "message");
        }
    }

    /**
     * Asks for what waits in the caller's inbox, the oldest first.
     *
     * @param after the cursor of the page before; 0 begins with the oldest that is not acknowledged
     * @param limit 1 to {@value #PAGE_MAX}
     */
    @Wire(value = "messages.inbox", reach = Reach.THIS_NODE)
    record Inbox(Principal by, long after, int limit) implements Messages, Request<Page> {
        public Inbox {
            Objects.requireNonNull(by, "by");
            if (after < 0) {
                throw new IllegalArgumentException("after: " + after + " (expected: 0 or a cursor)");
            }
            if (limit < 1 || limit > PAGE_MAX) {
                throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + PAGE_MAX + ")");
            }
        }
    }

    /** Messages in the order in which they were kept, and the cursor behind the last of them. */
    @Wire("messages.page")
    record Page(List<Message> messages, long next) implements Messages {
        public Page {
            messages = List.copyOf(messages);
        }
    }

    /**
     * One message.
     *
     * @param id the sender's own id of it
     * @param sentMillis when it was kept, in ms since 1970
     */
    record Message(String message, String from, String id, long sentMillis, String body) {
        public Message {
            Objects.requireNonNull(message, "message");
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(body, "body");
        }
    }

    /**
     * Waits until something may be behind a cursor in the caller's inbox.
     *
     * @param millis 1 to {@value #AWAIT_MILLIS_MAX}
     */
    @Wire(value = "messages.await", reach = Reach.THIS_NODE)
    record Await(Principal by, long after, int millis) implements Messages, Request<Awaited> {
        public Await {
            Objects.requireNonNull(by, "by");
            if (millis < 1 || millis > AWAIT_MILLIS_MAX) {
                throw new IllegalArgumentException("millis: " + millis + " (expected: 1 to " + AWAIT_MILLIS_MAX + ")");
            }
        }
    }

    /** Whether something may be there now. */
    @Wire("messages.awaited")
    record Awaited(boolean arrived) implements Messages {}

    /** Takes a message out of the caller's inbox; doing so again changes nothing. */
    @Wire(value = "messages.ack", reach = Reach.THIS_NODE)
    record Ack(Principal by, String message) implements Messages, Request<Acked> {
        public Ack {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(message, "message");
        }
    }

    /** The message will not be delivered again. */
    @Wire("messages.acked")
    record Acked(String message, boolean again) implements Messages {
        public Acked {
            Objects.requireNonNull(message, "message");
        }
    }

    /** Something came into these inboxes lately. A hint: who misses it looks again in a few seconds. */
    @Wire("messages.arrived")
    record Arrived(List<String> inboxes) implements Messages, Event {
        /** Inboxes in one event. */
        public static final int INBOXES_MAX = 1_000;

        public Arrived {
            inboxes = List.copyOf(inboxes);
        }
    }
}
