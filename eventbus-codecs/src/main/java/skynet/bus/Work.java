package skynet.bus;

import java.util.List;
import java.util.Objects;

/**
 * What is said about the work that light nodes do for members: passages out, the places of sentences back. A light node is
 * attached to one member; the others reach it through that member, by its number. What a light node says is believed by
 * nobody before it is checked where the question was asked.
 */
public sealed interface Work extends BusMessage {
    /** Longest question, in UTF-16 characters. */
    int QUESTION_CHARS_MAX = Knowledge.QUESTION_CHARS_MAX;

    /** Passages of one job. */
    int PASSAGES_MAX = 24;

    /** All text of one job, in UTF-16 characters; three bytes each still fit into a frame of the bus, as most text does with one. */
    int CHARS_MAX = 48 << 10;

    /** Sentences of one answer. */
    int QUOTES_MAX = 3;

    /** Jobs that one light node has at once. */
    int SLOTS_MAX = 16;

    /** Light nodes attached to one member. */
    int HANDS_MAX = 256;

    /** After so many answers that were none a node is given nothing more, until an operator grants it anew. */
    int STRIKES_MAX = 3;

    /** How long a job may take at most, in ms. */
    int MILLIS_MAX = 10_000;

    /**
     * A passage to read, without a word about where it comes from.
     *
     * @param nearness cosine of its meaning and the question's
     */
    record Passage(String title, String text, double nearness) {
        public Passage {
            Objects.requireNonNull(title, "title");
            Objects.requireNonNull(text, "text");
        }
    }

    /**
     * A sentence of a passage: exactly its characters from start to end, in UTF-16.
     *
     * @param passage which of the job, from 0
     */
    record Quote(int passage, int start, int end, String text) {
        public Quote {
            Objects.requireNonNull(text, "text");
        }
    }

    /** Asks this member to have something read by an idle light node, its own or another member's; BUSY when there is none. */
    @Wire(value = "work.seek", reach = Reach.THIS_NODE)
    record Seek(String question, List<Passage> passages, int millis) implements Work, Request<Done> {
        public Seek {
            passages = bounded(question, passages, millis);
        }
    }

    /** The same, asked of the member to which an idle one was attached. */
    @Wire(value = "work.compute", reach = Reach.NAMED_NODE)
    record Compute(String question, List<Passage> passages, int millis) implements Work, Request<Done> {
        public Compute {
            passages = bounded(question, passages, millis);
        }
    }

    /**
     * What a light node says, unchecked.
     *
     * @param answered false: it found no sentence that answers; the quotes are then empty
     * @param quotes the best one first
     */
    @Wire("work.done")
    record Done(NodeId node, boolean answered, List<Quote> quotes) implements Work {
        public Done {
            Objects.requireNonNull(node, "node");
            quotes = List.copyOf(quotes);
        }
    }

    /** A light node is there and takes so many jobs at once. DENIED by its name when nobody granted it to compute. */
    @Wire(value = "work.attach", reach = Reach.THIS_NODE)
    record Attach(NodeId node, int slots) implements Work, Request<Attached> {
        public Attach {
            Objects.requireNonNull(node, "node");
            if (slots < 1 || slots > SLOTS_MAX) {
                throw new IllegalArgumentException("slots: " + slots + " (expected: 1 to " + SLOTS_MAX + ")");
            }
        }
    }

    /** It is attached; the session tells it from the one before, whose connection may not have ended yet. */
    @Wire("work.attached")
    record Attached(NodeId node, long session) implements Work {
        public Attached {
            Objects.requireNonNull(node, "node");
        }
    }

    /** The connection of a light node has ended. */
    @Wire(value = "work.detach", reach = Reach.THIS_NODE)
    record Detach(NodeId node, long session) implements Work, Request<Noted> {
        public Detach {
            Objects.requireNonNull(node, "node");
        }
    }

    /** It was heard. */
    @Wire("work.noted")
    record Noted() implements Work {}

    /** A job for a light node, told to the door that holds its connection. */
    @Wire("work.job")
    record Job(NodeId node, long session, String id, String question, List<Passage> passages, int millis)
            implements Work, Event {
        public Job {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(id, "id");
            passages = bounded(question, passages, millis);
        }
    }

    /**
     * What a light node said to a job.
     *
     * @param failure why it could not do it; empty when it did
     */
    @Wire(value = "work.deliver", reach = Reach.THIS_NODE)
    record Deliver(NodeId node, long session, String id, boolean answered, List<Quote> quotes, String failure)
            implements Work, Request<Noted> {
        public Deliver {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(failure, "failure");
            quotes = List.copyOf(quotes);
            if (quotes.size() > QUOTES_MAX) {
                throw new IllegalArgumentException("quotes: " + quotes.size() + " (expected: 0 to " + QUOTES_MAX + ")");
            }
        }
    }

    /** A light node is to be let go, told to the door that holds its connection. */
    @Wire("work.dismissed")
    record Dismissed(NodeId node, long session, String reason) implements Work, Event {
        public Dismissed {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** What a light node said was none of the sentences that it was sent: counts against it. */
    @Wire(value = "work.strike", reach = Reach.THIS_NODE)
    record Strike(NodeId node, String reason) implements Work, Request<Struck> {
        public Strike {
            Objects.requireNonNull(node, "node");
            if (reason.isBlank() || reason.length() > 200) {
                throw new IllegalArgumentException("reason: " + reason.length() + " characters (expected: 1 to 200)");
            }
        }
    }

    /** How often that was so since it was granted to compute. */
    @Wire("work.struck")
    record Struck(NodeId node, int strikes) implements Work {
        public Struck {
            Objects.requireNonNull(node, "node");
        }
    }

    /** Lets a light node compute, with nothing held against it; or not any more. */
    @Wire(value = "work.grant", reach = Reach.THIS_NODE)
    record Grant(Principal by, NodeId node, boolean allowed) implements Work, Request<Granted> {
        public Grant {
            Objects.requireNonNull(by, "by");
            Objects.requireNonNull(node, "node");
        }
    }

    /** Whether it may from now on. */
    @Wire("work.granted")
    record Granted(NodeId node, boolean allowed) implements Work {
        public Granted {
            Objects.requireNonNull(node, "node");
        }
    }

    /** What a light node may has changed: whoever has it attached looks again. */
    @Wire("work.changed")
    record Changed(NodeId node) implements Work, Event {
        public Changed {
            Objects.requireNonNull(node, "node");
        }
    }

    /** The light nodes that are attached to a member, told to the others on a timer and when one comes or goes. */
    @Wire("work.hands")
    record Hands(NodeNumber from, List<Hand> hands) implements Work, Event {
        public Hands {
            Objects.requireNonNull(from, "from");
            hands = List.copyOf(hands);
        }
    }

    /**
     * A light node that is attached.
     *
     * @param slots jobs that it takes at once
     * @param busy jobs that it has now
     * @param done jobs that it did since it was attached
     */
    record Hand(NodeId node, int slots, int busy, long done) {
        public Hand {
            Objects.requireNonNull(node, "node");
        }
    }

    /** Asks how some nodes stand. */
    @Wire(value = "work.look", reach = Reach.THIS_NODE)
    record Look(List<NodeId> nodes) implements Work, Request<Seen> {
        public Look {
            nodes = List.copyOf(nodes);
            if (nodes.size() > 2 * Nodes.PAGE_MAX) {
                throw new IllegalArgumentException(
                        "nodes: " + nodes.size() + " (expected: at most " + 2 * Nodes.PAGE_MAX + ")");
            }
        }
    }

    /** Those of them that may compute or might. */
    @Wire("work.seen")
    record Seen(List<Standing> standings) implements Work {
        public Seen {
            standings = List.copyOf(standings);
        }
    }

    /**
     * How a node stands.
     *
     * @param strikes answers of it that were none, since it was granted
     * @param strike why the last of these was none; empty without one
     * @param home the member to which it is attached, such as {@code NOD1}; empty when it is not
     */
    record Standing(
            NodeId node, boolean granted, int strikes, String strike, String home, int slots, int busy, long done) {
        public Standing {
            Objects.requireNonNull(node, "node");
            Objects.requireNonNull(strike, "strike");
            Objects.requireNonNull(home, "home");
        }
    }

    private static List<Passage> bounded(String question, List<Passage> passages, int millis) {
        long chars = question.length();
        for (Passage passage : passages) {
            chars += passage.title().length() + passage.text().length();
        }
        if (question.isBlank() || question.length() > QUESTION_CHARS_MAX) {
            throw new IllegalArgumentException(
                    "question: " + question.length() + " characters (expected: 1 to " + QUESTION_CHARS_MAX + ")");
        }
        if (passages.isEmpty() || passages.size() > PASSAGES_MAX) {
            throw new IllegalArgumentException(
                    "passages: " + passages.size() + " (expected: 1 to " + PASSAGES_MAX + ")");
        }
        if (chars > CHARS_MAX) {
            throw new TooLarge("job: " + chars + " characters (expected: at most " + CHARS_MAX + ")");
        }
        if (millis < 1 || millis > MILLIS_MAX) {
            throw new IllegalArgumentException("millis: " + millis + " (expected: 1 to " + MILLIS_MAX + ")");
        }
        return List.copyOf(passages);
    }
}
