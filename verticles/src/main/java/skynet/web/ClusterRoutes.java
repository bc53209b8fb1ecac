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

/** Who is a member of the cluster, as this node sees it; where members are reached is told to operators alone. */
final class ClusterRoutes {
    private static final String OPERATORS = "swarm:admin";

    private final Bus bus;

    ClusterRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.get("/api/cluster/members").handler(this::members);
    }

    /** What pages may keep an eye on: who joins, leaves or falls silent. All hear the same, so no address is in it. */
    List<Topic> topics() {
        return List.of(new Topic("ui.swarm.members", "swarm:read", Duration.ofSeconds(1), () -> roster(false)));
    }

    private void members(RoutingContext request) {
        boolean addresses = Caller.of(request).may(OPERATORS);
        Exchange.query(request, Set.of(), query -> roster(addresses));
    }

    private Future<JsonObject> roster(boolean addresses) {
        return bus.ask(new Swarm.Members()).map(roster -> {
            JsonArray members = new JsonArray();
            roster.members().forEach(member -> {
                JsonObject json = json(member);
                members.add(addresses ? json.put("address", member.address()) : json);
            });
            return new JsonObject()
                    .put("cluster", roster.cluster().isEmpty() ? null : roster.cluster())
                    .put("members", members);
        });
    }

    private static JsonObject json(Swarm.Member member) {
        return new JsonObject()
                .put("number", member.number().value())
                .put("self", member.self())
                .put("since", member.since())
                .put("release", member.release())
                .put("state", member.state().name().toLowerCase(Locale.ROOT));
    }
}
