package skynet.kit;

import java.util.concurrent.TimeUnit;

/**
 * How much of something may be done: so much at once, and then so much a second. A clock that runs backwards gives and takes
 * nothing. Belongs to one thread.
 */
public final class Allowance {
    private final long oneNanos;
    private final long allNanos;

    /** When all is there again, by the clock of those who take. */
    private long wholeAtNanos;

    private long latestNanos;
    private boolean touched;

    public Allowance(double perSecond, int atOnce) {
        this.oneNanos = Math.round(TimeUnit.SECONDS.toNanos(1) / perSecond);
        this.allNanos = oneNanos * atOnce;
    }

    /** Takes one, if there is one; the times of all calls are of one clock, in ns. */
    public boolean take(long nowNanos) {
        return take(nowNanos, 1);
    }

    /** Takes so many at once, or none of them. */
    public boolean take(long nowNanos, int count) {
        long now = latest(nowNanos);
        if (!touched || wholeAtNanos - now < 0) {
            touched = true;
            wholeAtNanos = now;
        }
        if (wholeAtNanos + count * oneNanos - now > allNanos) {
            return false;
        }
        wholeAtNanos += count * oneNanos;
        return true;
    }

    /** In how many seconds there is one; at least 1, so that nobody tries again at once. */
    public int secondsUntilOne(long nowNanos) {
        return secondsUntil(nowNanos, 1);
    }

    /** The same for so many at once. */
    public int secondsUntil(long nowNanos, int count) {
        long missing = wholeAtNanos + count * oneNanos - latest(nowNanos) - allNanos;
        return (int) Math.max(1, TimeUnit.NANOSECONDS.toSeconds(missing - 1) + 1);
    }

    private long latest(long nowNanos) {
        if (!touched || nowNanos - latestNanos > 0) {
            latestNanos = nowNanos;
        }
        return latestNanos;
    }
}
