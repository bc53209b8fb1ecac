package skynet.node;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import skynet.bus.NodeId;

/**
 * What a light node remembers of its registration, in a file of its own that only its owner reads: class and mode, its number
 * and its token. Without it, or with another one, the node registers again, which gives the same number to the same keys.
 */
record LightFile(String kind, String mode, String node, String token) {
    static final String NAME = "light.json";

    /** What stands in a directory; empty when there is nothing, or nothing that can be read. */
    static Optional<LightFile> read(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonObject kept = new JsonObject(Files.readString(file));
            String node = kept.getString("node", "");
            String token = kept.getString("token", "");
            return NodeId.read(node).isEmpty() || !token.startsWith("nod-")
                    ? Optional.empty()
                    : Optional.of(new LightFile(kept.getString("class", ""), kept.getString("mode", ""), node, token));
        } catch (DecodeException | ClassCastException e) {
            return Optional.empty();
        }
    }

    /** Puts it there as a whole: a power cut leaves the one before, or this one. */
    void write(Path directory) throws IOException {
        Path whole = directory.resolve(NAME + ".new");
        Files.deleteIfExists(whole);
        Files.createFile(whole, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(
                whole,
                new JsonObject()
                        .put("class", kind)
                        .put("mode", mode)
                        .put("node", node)
                        .put("token", token)
                        .encodePrettily()
                        .concat("\n")
                        .getBytes(StandardCharsets.UTF_8));
        Files.move(whole, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public String toString() {
        return "LightFile[" + kind + ", " + mode + ", " + node + ", ****]";
    }
}
