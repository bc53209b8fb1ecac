package skynet.kit;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FullDiskTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final FullDisk disk = new FullDisk(nanos::get);

    @Test
    void itIsFreeUntilItIsMetFullAndAgainAMinuteLater() {
        assertFalse(disk.recent());
        disk.meet();
        assertTrue(disk.recent());
        nanos.addAndGet(FullDisk.REMEMBERED.toNanos() - 1);
        assertTrue(disk.recent());
        nanos.addAndGet(1);
        assertFalse(disk.recent());
    }

    @Test
    void eachFailureIsRememberedAnew() {
        disk.meet();
        nanos.addAndGet(FullDisk.REMEMBERED.toNanos() - 1);
        disk.meet();
        nanos.addAndGet(FullDisk.REMEMBERED.toNanos() - 1);
        assertTrue(disk.recent());
    }
}
