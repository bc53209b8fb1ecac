package skynet.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import skynet.bus.Status;

/**
 * How long each part worked on each day (UTC), added up from one look to the next.
 *
 * <p>The time between two looks counts for what the later one saw. A longer pause than {@value #PAUSE_SECONDS_MAX} s, as of
 * a machine that slept, and a clock that ran backwards count for nothing: nobody watched. At most {@value Status#DAYS}
 * days are kept. Not safe for several threads.
 */
final class Diary {
    /** A longer pause between two looks is not counted. */
    static final int PAUSE_SECONDS_MAX = 60;

    static final int DAY_SECONDS = 86_400;

    private static final long DAY_MILLIS = DAY_SECONDS * 1_000L;

    private final Map<String, TreeMap<Integer, Tally>> parts = new TreeMap<>();
    private long lastMillis = Long.MIN_VALUE;

    /** Takes over what was written down before. */
    void recall(String part, Status.Day day) {
        Tally tally = tally(part, day.epochDay());
        tally.upMillis = day.upSeconds() * 1_000L;
        tally.downMillis = day.downSeconds() * 1_000L;
    }

    /** Notes what was seen just now: for each part whether it worked. */
    void note(Instant now, Map<String, Boolean> seen) {
        long from = lastMillis;
        long to = now.toEpochMilli();
        lastMillis = to;
        if (from == Long.MIN_VALUE || to <= from || to - from > PAUSE_SECONDS_MAX * 1_000L) {
            return;
        }
        seen.forEach((part, up) -> add(part, up, from, to));
    }

    /** The days of a part, the oldest first. */
    List<Status.Day> days(String part) {
        List<Status.Day> days = new ArrayList<>();
        parts.getOrDefault(part, new TreeMap<>()).forEach((day, tally) -> days.add(tally.shown(day)));
        return days;
    }

    /** What has changed since it was last asked, by part. */
    Map<String, List<Status.Day>> changed() {
        Map<String, List<Status.Day>> changed = new TreeMap<>();
        parts.forEach((part, days) -> days.forEach((day, tally) -> {
            if (tally.changed) {
                tally.changed = false;
                changed.computeIfAbsent(part, name -> new ArrayList<>()).add(tally.shown(day));
            }
        }));
        return changed;
    }

    /** Takes back that something was written down. */
    void unsaved(Map<String, List<Status.Day>> days) {
        days.forEach((part, list) -> list.forEach(day -> tally(part, day.epochDay()).changed = true));
    }

    private void add(String part, boolean up, long from, long to) {
        for (long at = from; at < to; ) {
            long day = Math.floorDiv(at, DAY_MILLIS);
            long until = Math.min(to, (day + 1) * DAY_MILLIS);
            tally(part, (int) day).add(up, until - at);
            at = until;
        }
    }

    private Tally tally(String part, int day) {
        TreeMap<Integer, Tally> days = parts.computeIfAbsent(part, name -> new TreeMap<>());
        Tally tally = days.computeIfAbsent(day, missing -> new Tally());
        days.headMap(days.lastKey() - Status.DAYS + 1).clear();
        return tally;
    }

    /** One day of one part while it is added up. */
    private static final class Tally {
        private long upMillis;
        private long downMillis;
        private boolean changed;

        private void add(boolean up, long millis) {
            long free = Math.max(0, DAY_MILLIS - upMillis - downMillis);
            upMillis += up ? Math.min(free, millis) : 0;
            downMillis += up ? 0 : Math.min(free, millis);
            changed = true;
        }

        private Status.Day shown(int day) {
            return new Status.Day(day, (int) (upMillis / 1_000), (int) (downMillis / 1_000));
        }
    }
}
