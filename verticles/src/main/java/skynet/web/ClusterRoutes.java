package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import skynet.bus.Bus;
import skynet.bus.Swarm;

/** Who is a member of the cluster, as this node sees it. */
final class ClusterRoutes {
    private final Bus bus;

    ClusterRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.get("/api/cluster/members").handler(this::members);
    }

    /** What pages may keep an eye on: who joins, leaves or falls silent. */
    List<Topic> topics() {
        return List.of(new Topic("ui.swarm.members", "swarm:read", Duration.ofSeconds(1), this::roster));
    }

    private void members(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> roster());
    }

    private Future<JsonObject> roster() {
        return bus.ask(new Swarm.Members()).map(roster -> {
            JsonArray members = new JsonArray();
            roster.members().forEach(member -> members.add(json(member)));
            return new JsonObject()
                    .put("cluster", roster.cluster().isEmpty() ? null : roster.cluster())
                    .put("members", members);
        });
    }

    private static JsonObject json(Swarm.Member member) {
        return new JsonObject()
                .put("number", member.number().value())
                .put("address", member.address())
                .put("self", member.self())
                .put("since", member.since())
                .put("release", member.release())
                .put("state", member.state().name().toLowerCase(Locale.ROOT));
    }
}
