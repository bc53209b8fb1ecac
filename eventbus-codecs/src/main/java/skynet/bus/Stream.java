package skynet.bus;

import java.util.List;

/**
 * What two nodes say to each other while one of them computes an answer and the other holds the client who reads it.
 *
 * <p>Every word but {@link Attach} may be lost, doubled or late without harm: frames are numbered and sent again, grants
 * and stops are absolute. The rules are those of {@code skynet.bus.stream}.
 */
public sealed interface Stream extends BusMessage {
    /** Longest body of a frame, in bytes of UTF-8: a frame passes a link without holding up what waits behind it. */
    int FRAME_BYTES_MAX = 4 << 10;

    /** How often an answer may be taken over before it counts as interrupted for good. */
    int ATTEMPTS_MAX = 16;

    /** Largest number of a node. */
    int NODE_MAX = 9_999_999;

    /** Readings that one node tells apart: a reader is its node's number times this, plus the reading's own, from 1. */
    int READINGS_PER_NODE = 100_000;

    /** Begins or resumes reading at the node that computes. Whoever attached last is the reader; one before is displaced. */
    @Wire(value = "stream.attach", reach = Reach.NAMED_NODE)
    record Attach(String id, int reader) implements Stream, Request<Started> {
        public Attach {
            requireId(id);
            requireNode("reader", reader);
        }
    }

    /**
     * Who computes the answer, who reads it and where its numbers stand. It is also the sign of life of an owner that has
     * nothing to send.
     *
     * @param from number of the oldest frame that the owner can still send; older ones are in the store
     * @param begins where each attempt began, the running one last: frames of an older attempt from there on are void
     */
    @Wire("stream.started")
    record Started(String id, int owner, int reader, long from, List<Begin> begins) implements Stream, Event {
        public Started {
            requireId(id);
            requireNode("owner", owner);
            requireNode("reader", reader);
            requireSeq("from", from);
            begins = Begin.inOrder(begins);
        }

        /** The running attempt. */
        public int attempt() {
            return begins.get(begins.size() - 1).attempt();
        }
    }

    /** An attempt and the number of its first frame. */
    record Begin(int attempt, long seq) {
        public Begin {
            requireAttempt(attempt);
            requireSeq("seq", seq);
        }

        /** The same begins, when they are those of an answer: attempts 1, 2, 3 …, none beginning before the one it follows. */
        public static List<Begin> inOrder(List<Begin> begins) {
            List<Begin> copy = List.copyOf(begins);
            if (copy.isEmpty() || copy.size() > ATTEMPTS_MAX) {
                throw new IllegalArgumentException(
                        "begins: " + copy.size() + " attempts (expected: 1 to " + ATTEMPTS_MAX + ")");
            }
            for (int i = 0; i < copy.size(); i++) {
                Begin begin = copy.get(i);
                if (begin.attempt() != i + 1
                        || (i > 0 && begin.seq() < copy.get(i - 1).seq())) {
                    throw new IllegalArgumentException("begins: " + begin + " in place " + (i + 1)
                            + " (expected: attempts in order, their numbers not falling)");
                }
            }
            return copy;
        }
    }

    /**
     * One numbered piece of an answer. Numbers run through the whole answer, from 1, also where an attempt follows another.
     *
     * @param attempt the attempt that computed it; {@code attempt.seq} is the name of the piece towards clients
     */
    @Wire("stream.frame")
    record Frame(String id, int attempt, long seq, Kind kind, String body) implements Stream, Event {
        public Frame {
            requireId(id);
            requireAttempt(attempt);
            requireSeq("seq", seq);
            if (body.length() > FRAME_BYTES_MAX / 3 && utf8Bytes(body) > FRAME_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "body: " + utf8Bytes(body) + " bytes (expected: at most " + FRAME_BYTES_MAX + ")");
            }
        }

        /** Length of the body in UTF-8. */
        public int bytes() {
            return utf8Bytes(body);
        }
    }

    /** What a frame holds. The order is part of the wire: append only. */
    enum Kind {
        TEXT,
        SEAM,
        CITE,
        USAGE,
        END,
        FAULT,
        /** A level that was tried, and what came of it. */
        ROUTE;

        /** Nothing follows such a frame. */
        public boolean isLast() {
            return this == END || this == FAULT;
        }
    }

    /**
     * What the reader has, and up to where it may be sent. Absolute, so that losing or repeating one does no harm; the same
     * one twice asks for what is missing once more.
     *
     * @param ackSeq number of the last frame that arrived with all before it; 0 when none did
     * @param upTo number of the last frame that the reader has room for
     */
    @Wire("stream.grant")
    record Grant(String id, int attempt, int reader, long ackSeq, long upTo) implements Stream, Event {
        public Grant {
            requireId(id);
            requireAttempt(attempt);
            requireNode("reader", reader);
            if (ackSeq < 0 || upTo < ackSeq) {
                throw new IllegalArgumentException(
                        "grant: " + ackSeq + " up to " + upTo + " (expected: 0 or more, and not falling)");
            }
        }
    }

    /** Ends an attempt: the client has heard enough. Saying it again changes nothing. */
    @Wire("stream.stop")
    record Stop(String id, int attempt, String reason) implements Stream, Event {
        public Stop {
            requireId(id);
            requireAttempt(attempt);
            if (reason.length() > 200) {
                throw new IllegalArgumentException(
                        "reason: " + reason.length() + " characters (expected: at most 200)");
            }
        }
    }

    /** The reader that a reading of a node is; reading 0 is nobody yet. */
    static int reader(NodeNumber node, int reading) {
        return node.value() * READINGS_PER_NODE + reading;
    }

    /** The node on which a reader reads; throws IllegalArgumentException when no node has such readers. */
    static NodeNumber nodeOf(int reader) {
        return new NodeNumber(reader / READINGS_PER_NODE);
    }

    /** Length of a text in UTF-8; half a surrogate pair counts as the replacement character that stands for it. */
    static int utf8Bytes(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit >= 0x800) {
                boolean pair = Character.isHighSurrogate(unit)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                bytes += 2;
                i += pair ? 1 : 0;
            } else if (unit >= 0x80) {
                bytes++;
            }
        }
        return bytes;
    }

    private static void requireId(String id) {
        if (id.isEmpty() || id.length() > 64) {
            throw new IllegalArgumentException("id: " + id.length() + " characters (expected: 1 to 64)");
        }
    }

    private static void requireAttempt(int attempt) {
        if (attempt < 1 || attempt > ATTEMPTS_MAX) {
            throw new IllegalArgumentException("attempt: " + attempt + " (expected: 1 to " + ATTEMPTS_MAX + ")");
        }
    }

    private static void requireNode(String name, int number) {
        if (number < 1 || number > NODE_MAX) {
            throw new IllegalArgumentException(name + ": " + number + " (expected: 1 to " + NODE_MAX + ")");
        }
    }

    private static void requireSeq(String name, long seq) {
        if (seq < 1) {
            throw new IllegalArgumentException(name + ": " + seq + " (expected: 1 or more)");
        }
    }
}
