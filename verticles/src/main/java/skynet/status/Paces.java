package skynet.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import skynet.bus.Status;

/**
 * How quickly each part said how it is in the last hours, in steps of {@value Status#PACE_SECONDS} s of which the last
 * {@value Status#PACES} are kept. They are kept in memory only: after a start nobody knows. Not safe for several threads.
 */
final class Paces {
    private final Map<String, TreeMap<Long, Tally>> parts = new TreeMap<>();

    /** Notes how long a part took, in microseconds. */
    void note(Instant now, String part, int micros) {
        long step = Math.floorDiv(now.getEpochSecond(), (long) Status.PACE_SECONDS);
        TreeMap<Long, Tally> steps = parts.computeIfAbsent(part, name -> new TreeMap<>());
        steps.computeIfAbsent(step, missing -> new Tally()).add(micros);
        steps.headMap(steps.lastKey() - Status.PACES, true).clear();
    }

    /** The paces of a part that are no older than {@value Status#PACES} steps, the oldest first. */
    List<Status.Pace> of(Instant now, String part) {
        long oldest = Math.floorDiv(now.getEpochSecond(), (long) Status.PACE_SECONDS) - Status.PACES + 1;
        List<Status.Pace> paces = new ArrayList<>();
        parts.getOrDefault(part, new TreeMap<>())
                .tailMap(oldest, true)
                .forEach((step, tally) -> paces.add(tally.shown(step)));
        return paces;
    }

    /** One step of one part while it is added up. */
    private static final class Tally {
        private long count;
        private long sumMicros;
        private int mostMicros;

        private void add(int micros) {
            count++;
            sumMicros += micros;
            mostMicros = Math.max(mostMicros, micros);
        }

        private Status.Pace shown(long step) {
            return new Status.Pace(step * Status.PACE_SECONDS, (int) (sumMicros / count), mostMicros);
        }
    }
}
