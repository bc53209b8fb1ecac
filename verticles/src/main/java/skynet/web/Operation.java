package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.function.BiFunction;
import skynet.bus.Principal;

/**
 * One thing that can be asked with a JSON object and is answered with one: over HTTP, and over the browser bus at its
 * address.
 *
 * @param address its name on the browser bus, {@code api.room.act}
 * @param scope what a caller must be allowed, {@code room:act}; the same as of its route in the contract
 * @param bytesMax the longest object; on the browser bus, the longest message that holds one
 * @param fields the fields an object may have
 * @param work asks the room for a caller; what it throws is a refusal
 */
record Operation(String address, String scope, int bytesMax, Set<String> fields, Work work) {
    Operation {
        if (!address.startsWith("api.")) {
            throw new IllegalArgumentException("address: " + address + " (expected: to begin with api.)");
        }
        if (!scope.matches("[a-z0-9]+:[a-z]+")) {
            throw new IllegalArgumentException("scope: " + scope + " (expected: room:act)");
        }
        fields = Set.copyOf(fields);
    }

    /** One that is done also when its caller has gone. */
    Operation(
            String address,
            String scope,
            int bytesMax,
            Set<String> fields,
            BiFunction<Principal, JsonBody, Future<JsonObject>> work) {
        this(address, scope, bytesMax, fields, (by, body, gone) -> work.apply(by, body));
    }

    /** Asks for a caller who stays. */
    Future<JsonObject> ask(Principal by, JsonBody body) {
        return work.ask(by, body, Promise.<Void>promise().future());
    }

    /** Asks the room for a caller. */
    interface Work {
        /** {@code gone} succeeds when the caller has gone before the answer. */
        Future<JsonObject> ask(Principal by, JsonBody body, Future<Void> gone);
    }
}
