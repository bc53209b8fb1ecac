package skynet.kit;

import io.vertx.core.buffer.Buffer;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A large block of bytes that never changes for its version. It is too large for the bus, so it is handed from room to
 * room when the house is wired.
 *
 * @param version of what the bytes show; another version means other bytes
 * @param make makes the bytes; takes its time and is called by a worker
 */
public record Asset(String version, Supplier<Buffer> make) {
    public Asset {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(make, "make");
    }
}
