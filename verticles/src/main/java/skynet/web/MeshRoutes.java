package skynet.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import skynet.bus.Bus;
import skynet.bus.Mesh;
import skynet.bus.NodeNumber;

/** The door of the mesh: who has which role. Answered from the database, so a node that is cut off from it answers 503. */
final class MeshRoutes {
    private final Bus bus;

    MeshRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.get("/v1/mesh").handler(this::look);
    }

    private void look(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> bus.ask(new Mesh.Look()).map(MeshRoutes::json));
    }

    private static JsonObject json(Mesh.View view) {
        JsonArray roles = new JsonArray();
        view.leases().forEach(lease -> roles.add(json(lease, view.node())));
        return new JsonObject()
                .put("node", view.node().value())
                .put(
                        "chain",
                        new JsonArray(
                                view.chain().stream().map(NodeNumber::value).toList()))
                .put("roles", roles);
    }

    private static JsonObject json(Mesh.Lease lease, NodeNumber node) {
        boolean held = lease.leftMillis() > 0;
        return new JsonObject()
                .put("role", lease.role())
                .put("holder", held ? lease.holder() : null)
                .put("epoch", lease.epoch())
                .put("expires_in_ms", Math.max(0, lease.leftMillis()))
                .put("here", held && lease.holder() == node.value());
    }
}
