package skynet.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
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

    /** What pages may keep an eye on: the same without the past, which a page has asked for once. */
    List<Topic> topics() {
        return List.of(new Topic("ui.status", "status:read", Duration.ofSeconds(2), () -> bus.ask(new Status.Look())
                .map(seen -> json(seen, StatusRoutes::now))));
    }

    private void status(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> bus.ask(new Status.Look()).map(StatusRoutes::json));
    }

    private static JsonObject json(Status.Seen seen) {
        return json(seen, StatusRoutes::withPast)
                .put("at", Instant.ofEpochSecond(seen.atSeconds()).toString())
                .put("days", Status.DAYS)
                .put("pace_seconds", Status.PACE_SECONDS)
                .put("paces", Status.PACES);
    }

    private static JsonObject json(Status.Seen seen, Function<Status.Part, JsonObject> told) {
        JsonArray parts = new JsonArray();
        seen.parts().forEach(part -> parts.add(told.apply(part)));
        return new JsonObject()
                .put("sentence", sentence(seen))
                .put("node", seen.node())
                .put("release", seen.release())
                .put("since", Instant.ofEpochSecond(seen.sinceSeconds()).toString())
                .put("draining", seen.draining())
                .put("parts", parts);
    }

    private static JsonObject withPast(Status.Part part) {
        JsonArray days = new JsonArray();
        part.days()
                .forEach(day -> days.add(new JsonObject()
                        .put("day", LocalDate.ofEpochDay(day.epochDay()).toString())
                        .put("up", day.upSeconds())
                        .put("down", day.downSeconds())));
        JsonArray paces = new JsonArray();
        part.paces().forEach(pace -> paces.add(json(pace)));
        return now(part).put("days", days).put("paces", paces);
    }

    private static JsonObject json(Status.Pace pace) {
        return new JsonObject()
                .put("from", Instant.ofEpochSecond(pace.fromSeconds()).toString())
                .put("mean_ms", pace.meanMicros() / 1_000.0)
                .put("most_ms", pace.mostMicros() / 1_000.0);
    }

    private static JsonObject now(Status.Part part) {
        JsonObject json = new JsonObject()
                .put("part", part.name())
                .put("status", part.up() ? "UP" : "DOWN")
                .put("ms", part.answerMicros() / 1_000.0);
        if (!part.paces().isEmpty()) {
            json.put("pace", json(part.paces().get(part.paces().size() - 1)));
        }
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
