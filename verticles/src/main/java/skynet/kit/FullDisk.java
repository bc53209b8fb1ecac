package skynet.kit;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Remembers that a disk was full: reading still works then, so that only a write that failed tells. After {@link
 * #REMEMBERED} without another such failure it counts as free again. Safe for several threads.
 */
final class FullDisk {
    static final Duration REMEMBERED = Duration.ofSeconds(60);

    private final LongSupplier nanos;
    private volatile boolean met;
    private volatile long metNanos;

    FullDisk(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A write failed for want of space just now. */
    void meet() {
        metNanos = nanos.getAsLong();
        met = true;
    }

    /** Whether that was a short while ago. */
    boolean recent() {
        return met && nanos.getAsLong() - metNanos < REMEMBERED.toNanos();
    }
}
