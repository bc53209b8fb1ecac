package skynet.auth;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts attempts by a key, such as an address: so many in a row, and then one each time so many seconds have passed. Holds
 * {@value #KEYS_MAX} keys; the one that was not seen for longest goes first. Belongs to one event loop.
 */
final class Throttle {
    static final int KEYS_MAX = 50_000;

    private final int burst;
    private final long millisEach;
    private final InstantSource clock;
    private final Map<String, Bucket> buckets;

    /** {@code burst} attempts at once, and as many again in each {@code period}. */
    Throttle(int burst, Duration period, InstantSource clock) {
        this.burst = burst;
        this.millisEach = period.toMillis() / burst;
        this.clock = clock;
        this.buckets = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                return size() > KEYS_MAX;
            }
        };
    }

    /** Seconds to wait before the next attempt; 0 when it may be made. */
    int waitSeconds(String key) {
        Bucket bucket = buckets.get(key);
        if (bucket == null) {
            return 0;
        }
        bucket.fill();
        return bucket.left >= 1 ? 0 : (int) ((bucket.millisToNext() + 999) / 1_000);
    }

    /** An attempt was made. */
    void count(String key) {
        Bucket bucket = buckets.computeIfAbsent(key, made -> new Bucket());
        bucket.fill();
        bucket.left = Math.max(0, bucket.left - 1);
    }

    /** It was a good one: it does not count. */
    void forgive(String key) {
        Bucket bucket = buckets.get(key);
        if (bucket != null) {
            bucket.left = Math.min(burst, bucket.left + 1);
        }
    }

    private final class Bucket {
        private double left = burst;
        private long filledAt = clock.millis();

        void fill() {
            long now = clock.millis();
            left = Math.min(burst, left + (double) Math.max(0, now - filledAt) / millisEach);
            filledAt = now;
        }

        long millisToNext() {
            return Math.max(1, (long) Math.ceil((1 - left) * millisEach));
        }
    }
}
