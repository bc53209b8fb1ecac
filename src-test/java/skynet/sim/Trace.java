package skynet.sim;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What happened, as one number that is the same whenever the same happened; and, when it is to be read, its last
 * {@value #LINES_MAX} lines.
 */
public final class Trace {
    private static final int LINES_MAX = 400;

    private final boolean readable;
    private final Deque<String> lines = new ArrayDeque<>();
    private long hash = 0xcbf29ce484222325L;
    private long events;

    Trace(boolean readable) {
        this.readable = readable;
    }

    /** Notes an event; {@code numbers} tell it apart from its like. */
    public void note(long now, String what, long... numbers) {
        events++;
        mix(now);
        mix(what.hashCode());
        for (long number : numbers) {
            mix(number);
        }
        if (readable) {
            StringBuilder line = new StringBuilder().append(now).append(' ').append(what);
            for (long number : numbers) {
                line.append(' ').append(number);
            }
            if (lines.size() == LINES_MAX) {
                lines.removeFirst();
            }
            lines.add(line.toString());
        }
    }

    public long hash() {
        return hash;
    }

    public long events() {
        return events;
    }

    /** The last lines, oldest first; empty unless the world was asked to be readable. */
    public String tail() {
        return String.join("\n", lines);
    }

    private void mix(long value) {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
        hash ^= hash >>> 32;
    }
}
