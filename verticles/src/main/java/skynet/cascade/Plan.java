package skynet.cascade;

import io.vertx.core.json.JsonObject;
import java.util.List;
import skynet.bus.Cascade.Level;

/**
 * Which levels are asked, in which order, and why.
 *
 * @param explained features, scores, and the levels left out with their reasons; empty when nothing was weighed
 */
record Plan(List<Level> order, JsonObject explained) {
    Plan {
        order = List.copyOf(order);
        explained = explained.copy();
    }
}
