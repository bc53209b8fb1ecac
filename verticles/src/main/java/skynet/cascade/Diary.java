package skynet.cascade;

import java.util.List;
import skynet.bus.Cascade.Segment;
import skynet.bus.Cascade.Step;
import skynet.bus.Cascade.Wish;

/** Who takes down what became of each question. It is told once, at the end, on the room's event loop, and does not wait. */
interface Diary {
    /** Nobody. */
    Diary NONE = entry -> {};

    void note(Entry entry);

    /** Tells both. */
    default Diary and(Diary other) {
        return entry -> {
            note(entry);
            other.note(entry);
        };
    }

    /** What became of a question. The order is that of the store: append only. */
    enum Outcome {
        HIT,
        /** No level had an answer. */
        UNKNOWN,
        /** No level could answer, or the rest of the answer is missing. */
        FAILED,
        /** Whoever asked had heard enough, or has gone. */
        STOPPED
    }

    /**
     * One question, without its text and its answer's.
     *
     * @param id of the answer, or of the message that was answered; empty when it has none
     * @param segments each level that gave text, that of attempts on other nodes first
     * @param chars characters delivered, all segments together
     * @param firstMillis from the question to the first text; -1 when there was none
     * @param millis from the question to the end
     * @param hash SHA-256 of the question, in hexadecimal digits
     * @param finish why the answer ended, as its reader was told
     */
    record Entry(
            String tenant,
            String id,
            Wish wish,
            List<Step> route,
            List<Segment> segments,
            Outcome outcome,
            int chars,
            long firstMillis,
            long millis,
            String hash,
            String finish) {
        public Entry {
            route = List.copyOf(route);
            segments = List.copyOf(segments);
        }
    }
}
