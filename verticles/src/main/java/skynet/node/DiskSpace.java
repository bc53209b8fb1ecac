package skynet.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether the disk below the data directory has room: below {@value #BYTES_MIN} bytes the node is not well, because its
 * database and its indexes are about to fail. It is well again as soon as there is more.
 */
final class DiskSpace {
    /** Two segments of the database's journal and some documents. */
    static final long BYTES_MIN = 64L << 20;

    private final Usable usable;

    DiskSpace(Path directory) {
        this(() -> Files.getFileStore(directory).getUsableSpace());
    }

    DiskSpace(Usable usable) {
        this.usable = usable;
    }

    Future<JsonObject> vital(Vertx vertx) {
        return vertx.executeBlocking(this::look);
    }

    private JsonObject look() throws IOException {
        long bytes = usable.bytes();
        if (bytes < BYTES_MIN) {
            throw new IOException("data directory: " + (bytes >> 20) + " MiB of disk left (expected: at least "
                    + (BYTES_MIN >> 20) + " MiB; make room)");
        }
        return new JsonObject().put("bytes_free", bytes);
    }

    /** Bytes that this process may still write. */
    interface Usable {
        long bytes() throws IOException;
    }
}
