package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Something that pages keep an eye on: its state is looked at once a period while somebody listens, and told to all who
 * do when it has changed, and at once to who begins to. A state replaces the one before, so a slow reader misses some of
 * them and nothing else.
 *
 * @param address its name on the browser bus, {@code ui.*}
 * @param scope what a listener must be allowed, {@code room:act}
 * @param period 100 ms at least
 * @param source the state now; asked once a period however many listen
 */
record Topic(String address, String scope, Duration period, Supplier<Future<JsonObject>> source) {
    static final Duration PERIOD_MIN = Duration.ofMillis(100);

    Topic {
        if (!address.startsWith("ui.")) {
            throw new IllegalArgumentException("address: " + address + " (expected: to begin with ui.)");
        }
        if (period.compareTo(PERIOD_MIN) < 0) {
            throw new IllegalArgumentException("period: " + period + " (expected: at least " + PERIOD_MIN + ")");
        }
    }
}
