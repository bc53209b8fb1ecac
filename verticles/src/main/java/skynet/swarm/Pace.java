package skynet.swarm;

/**
 * How often nodes are to beat, so that all together beat no more often than a member admits: every max({@value
 * #INTERVAL_MILLIS_MIN} ms, nodes / R), drawn from a spread around it. The spread grows with the load, from
 * {@value #SPREAD_MIN} to {@value #SPREAD_MAX} of the interval: few nodes cannot make a storm, and are to be missed soon.
 *
 * @param beatsPerSecondMax R, the beats that one member admits in a second
 */
record Pace(int beatsPerSecondMax) {
    static final int INTERVAL_MILLIS_MIN = 30_000;
    static final int INTERVAL_MILLIS_MAX = 3_600_000;
    static final double SPREAD_MIN = 0.1;
    static final double SPREAD_MAX = 0.5;

    /** R is between these; the figure of one machine is in RESULTS.md. */
    static final int BEATS_MIN = 1;

    static final int BEATS_MAX = 1_000_000;

    Pace {
        if (beatsPerSecondMax < BEATS_MIN || beatsPerSecondMax > BEATS_MAX) {
            throw new IllegalArgumentException("swarm.beats-per-second: " + beatsPerSecondMax + " (expected: "
                    + BEATS_MIN + " to " + BEATS_MAX + ")");
        }
    }

    /** The middle of the spread for so many nodes, in ms. */
    int intervalMillis(int nodes) {
        long needed = nodes * 1_000L / beatsPerSecondMax;
        return (int) Math.max(INTERVAL_MILLIS_MIN, Math.min(INTERVAL_MILLIS_MAX, needed));
    }

    /** When one of so many nodes is to beat next, in ms from now; {@code dice} is 0 or more and below 1. */
    int nextMillis(int nodes, double dice) {
        double load = Math.min(1, nodes * 1_000.0 / beatsPerSecondMax / INTERVAL_MILLIS_MIN);
        double spread = Math.max(SPREAD_MIN, SPREAD_MAX * load);
        int middle = intervalMillis(nodes);
        double low = Math.max(INTERVAL_MILLIS_MIN, middle * (1 - spread));
        return (int) (low + (middle * (1 + spread) - low) * dice);
    }
}
