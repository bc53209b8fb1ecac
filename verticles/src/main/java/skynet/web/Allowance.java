package skynet.web;

import java.util.concurrent.TimeUnit;

/** How much of something may be done: so much at once, and then so much a second. Belongs to one thread. */
final class Allowance {
    private final long oneNanos;
    private final long allNanos;

    /** When all is there again, by the clock of {@link System#nanoTime()}. */
    private long wholeAtNanos;

    private boolean touched;

    Allowance(double perSecond, int atOnce) {
        this.oneNanos = Math.round(TimeUnit.SECONDS.toNanos(1) / perSecond);
        this.allNanos = oneNanos * atOnce;
    }

    /** Takes one, if there is one. */
    boolean take(long nowNanos) {
        if (!touched || wholeAtNanos - nowNanos < 0) {
            touched = true;
            wholeAtNanos = nowNanos;
        }
        if (wholeAtNanos + oneNanos - nowNanos > allNanos) {
            return false;
        }
        wholeAtNanos += oneNanos;
        return true;
    }

    /** In how many seconds there is one; at least 1, so that nobody tries again at once. */
    int secondsUntilOne(long nowNanos) {
        long missing = wholeAtNanos + oneNanos - nowNanos - allNanos;
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toSeconds(missing - 1) + 1);
    }
}
