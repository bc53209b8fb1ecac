package skynet.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skynet.kit.Vitals;

class DiskSpaceTest {
    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong bytes = new AtomicLong();
    private final Vitals vitals = new Vitals();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void theNodeIsDownWhileTheDiskIsFullAndUpAgainWhenItIsNot() throws Exception {
        DiskSpace disk = new DiskSpace(bytes::get);
        vitals.check("disk", () -> disk.vital(vertx));
        bytes.set(DiskSpace.BYTES_MIN);
        assertTrue(examined().up());
        bytes.set(DiskSpace.BYTES_MIN - 1);
        Vitals.Report full = examined();
        assertEquals(false, full.up());
        JsonObject check = full.checks().get("disk");
        assertEquals("DOWN", check.getString("status"));
        assertEquals(
                "data directory: 63 MiB of disk left (expected: at least 64 MiB; make room)",
                check.getJsonObject("data").getString("cause"));
        bytes.set(DiskSpace.BYTES_MIN);
        assertTrue(examined().up());
    }

    private Vitals.Report examined() throws Exception {
        return vitals.examine().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
