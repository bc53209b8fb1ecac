package skynet.node;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import skynet.bus.NodeId;

/**
 * What a light node remembers of its registration, in a file of its own that only its owner reads: class and mode, its number
 * and its token, and the hosts it may be shown to: those that were configured when it was given. Without it, or with another one, the node registers again, which gives the same number to the same keys.
 */
record LightFile(String kind, String mode, String node, String token, List<String> hosts) {
    static final String NAME = "light.json";

    LightFile {
        hosts = List.copyOf(hosts);
    }

    /** The hosts of members, with their ports where they have some. */
    static List<String> hosts(List<URI> members) {
        return members.stream()
                .map(member -> member.getAuthority().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** Whether one of these members is one it was given for; a swarm of strangers must not see the token. */
    boolean isFor(List<URI> members) {
        return !Collections.disjoint(hosts, hosts(members));
    }

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
            List<String> hosts = kept.getJsonArray("hosts", new JsonArray()).stream()
                    .map(String::valueOf)
                    .toList();
            return NodeId.read(node).isEmpty() || !token.startsWith("nod-")
                    ? Optional.empty()
                    : Optional.of(
                            new LightFile(kept.getString("class", ""), kept.getString("mode", ""), node, token, hosts));
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
                        .put("hosts", new JsonArray(hosts))
                        .encodePrettily()
                        .concat("\n")
                        .getBytes(StandardCharsets.UTF_8));
        Files.move(whole, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public String toString() {
        return "LightFile[" + kind + ", " + mode + ", " + node + ", ****, " + hosts + "]";
    }
}
