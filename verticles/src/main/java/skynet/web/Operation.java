package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.function.Function;

/**
 * One thing that can be asked with a JSON object and is answered with one: over HTTP, and over the browser bus at its
 * address.
 *
 * @param address its name on the browser bus, {@code api.room.act}
 * @param bytesMax the longest object; on the browser bus, the longest message that holds one
 * @param fields the fields an object may have
 * @param work asks the room; what it throws is a refusal
 */
record Operation(String address, int bytesMax, Set<String> fields, Function<JsonBody, Future<JsonObject>> work) {
    Operation {
        if (!address.startsWith("api.")) {
            throw new IllegalArgumentException("address: " + address + " (expected: to begin with api.)");
        }
        fields = Set.copyOf(fields);
    }
}
