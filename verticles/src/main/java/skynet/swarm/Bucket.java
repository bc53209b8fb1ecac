package skynet.swarm;

/** Lets through so many a second, and as many at once as it holds; counts in thousandths. Belongs to one thread. */
final class Bucket {
    private static final long ONE = 1_000;

    private final long perSecond;
    private final long full;
    private long level;
    private long atMillis;

    Bucket(long perSecond, long burst, long nowMillis) {
        this.perSecond = perSecond;
        this.full = burst * ONE;
        this.level = full;
        this.atMillis = nowMillis;
    }

    /** Takes one out, if there is one. */
    boolean take(long nowMillis) {
        long passed = Math.max(0, Math.min(nowMillis - atMillis, Integer.MAX_VALUE));
        atMillis = Math.max(atMillis, nowMillis);
        level = Math.min(full, level + passed * perSecond);
        if (level < ONE) {
            return false;
        }
        level -= ONE;
        return true;
    }

    /** Whether it has not been used for so long that it is full again. */
    boolean isFull(long nowMillis) {
        return level + Math.max(0, nowMillis - atMillis) * perSecond >= full;
    }
}
