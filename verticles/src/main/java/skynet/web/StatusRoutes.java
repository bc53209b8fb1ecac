package skynet.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import skynet.bus.Bus;
import skynet.bus.Status;

/** The door of the status: one sentence, the parts, and their last days. A node that is not well still answers 200. */
final class StatusRoutes {
    private final Bus bus;

    StatusRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.get("/v1/status").handler(this::status);
    }

    private void status(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> bus.ask(new Status.Look()).map(StatusRoutes::json));
    }

    private static JsonObject json(Status.Seen seen) {
        JsonArray parts = new JsonArray();
        seen.parts().forEach(part -> parts.add(json(part)));
        return new JsonObject()
                .put("sentence", sentence(seen))
                .put("node", seen.node())
                .put("release", seen.release())
                .put("since", Instant.ofEpochSecond(seen.sinceSeconds()).toString())
                .put("at", Instant.ofEpochSecond(seen.atSeconds()).toString())
                .put("draining", seen.draining())
                .put("days", Status.DAYS)
                .put("parts", parts);
    }

    private static JsonObject json(Status.Part part) {
        JsonArray days = new JsonArray();
        part.days()
                .forEach(day -> days.add(new JsonObject()
                        .put("day", LocalDate.ofEpochDay(day.epochDay()).toString())
                        .put("up", day.upSeconds())
                        .put("down", day.downSeconds())));
        JsonObject json = new JsonObject()
                .put("part", part.name())
                .put("status", part.up() ? "UP" : "DOWN")
                .put("days", days);
        return part.up() ? json : json.put("cause", part.cause());
    }

    /** The state of the node as one sentence for people. */
    static String sentence(Status.Seen seen) {
        List<String> failing = seen.parts().stream()
                .filter(part -> !part.up())
                .map(Status.Part::name)
                .toList();
        int parts = seen.parts().size();
        if (seen.draining()) {
            return "This node is stopping: it finishes what it has";
        }
        if (failing.isEmpty()) {
            return "All " + parts + " parts work";
        }
        return failing.size() + " of " + parts
                + (failing.size() == 1 ? " parts does not work: " : " parts do not work: ")
                + String.join(", ", failing);
    }
}
