package skynet.bus;

import java.util.List;

/** What is said to and by the status room: which parts of this node work, and on which days they did. */
public sealed interface Status extends BusMessage {
    /** Days that are told, today included. */
    int DAYS = 90;

    /** How many seconds one {@link Pace} sums up. */
    int PACE_SECONDS = 300;

    /** Paces that are told, the one that is not over included: six hours. */
    int PACES = 72;

    /** Asks how this node is and was. */
    @Wire(value = "status.look", reach = Reach.THIS_NODE)
    record Look() implements Status, Request<Seen> {}

    /**
     * How this node is and was.
     *
     * @param node number of the node
     * @param sinceSeconds when it started, in seconds since 1970
     * @param atSeconds when it was looked at, in seconds since 1970
     * @param draining whether it finishes what it has and takes nothing new
     */
    @Wire("status.seen")
    record Seen(int node, String release, long sinceSeconds, long atSeconds, boolean draining, List<Part> parts)
            implements Status {
        public Seen {
            parts = List.copyOf(parts);
        }
    }

    /**
     * One part that can fail.
     *
     * @param cause why it does not work; empty while it does
     * @param days the days on which it was watched, the oldest first
     * @param answerMicros how long it took just now to say how it is, in microseconds
     * @param paces how long that took in the last hours, the oldest first
     */
    record Part(String name, boolean up, String cause, List<Day> days, int answerMicros, List<Pace> paces) {
        public Part {
            days = List.copyOf(days);
            paces = List.copyOf(paces);
        }
    }

    /**
     * One day (UTC) of one part; the seconds that are missing from it nobody watched.
     *
     * @param epochDay days since 1970-01-01
     */
    record Day(int epochDay, int upSeconds, int downSeconds) {}

    /**
     * How quickly one part said how it is, over {@value #PACE_SECONDS} s.
     *
     * @param fromSeconds when they began, in seconds since 1970
     * @param meanMicros microseconds on the average
     * @param mostMicros microseconds at most
     */
    record Pace(long fromSeconds, int meanMicros, int mostMicros) {}
}
