package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.NodeClass;
import skynet.bus.NodeId;
import skynet.bus.NodeNumber;
import skynet.bus.Nodes;
import skynet.bus.Principal;
import skynet.bus.Swarm;
import skynet.bus.Work;

/** The doors of the swarm: registering, beating, who is there, and the keys they are known by. */
final class SwarmRoutes {
    private static final Set<String> REGISTRATION =
            Set.of("class", "mode", "keys", "fingerprint", "time", "nonce", "signature", "signature_ml_dsa_65");
    private static final Set<String> KEYS = Set.of("ed25519", "ml_dsa_65", "x_wing");
    private static final int PAGE = 100;
    private static final int SAMPLE = 100;
    private static final Duration PULSE = Duration.ofSeconds(2);

    private final Bus bus;

    SwarmRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.post("/v1/nodes/register").handler(this::register);
        router.delete("/v1/nodes/:node").handler(this::remove);
        router.post("/v1/heartbeat").handler(this::beat);
        router.get("/v1/swarm").handler(this::list);
        router.get("/api/nodes").handler(this::list);
        router.get("/v1/swarm/:node").handler(this::one);
        router.post("/v1/swarm/:node/drain").handler(this::drain);
        router.get("/v1/keys/:node").handler(this::keys);
        router.put("/v1/swarm/:node/grants/compute").handler(request -> grant(request, true));
        router.delete("/v1/swarm/:node/grants/compute").handler(request -> grant(request, false));
    }

    /** What pages may keep an eye on: the members, the counts, and some light nodes of each class to draw. */
    List<Topic> topics() {
        return List.of(new Topic("ui.swarm.nodes", "swarm:read", PULSE, this::sample));
    }

    private Future<JsonObject> sample() {
        Future<Nodes.Seen> desktops = bus.ask(new Nodes.Look(0, SAMPLE, NodeClass.D.text()));
        Future<Nodes.Seen> mobiles = bus.ask(new Nodes.Look(0, SAMPLE, NodeClass.M.text()));
        return Future.all(desktops, mobiles)
                .map(both -> {
                    JsonObject swarm = json(desktops.result());
                    swarm.getJsonArray("nodes").addAll(all(mobiles.result().nodes()));
                    return swarm;
                })
                .compose(this::withWork);
    }

    private void register(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.body(request, JsonBody.BYTES_MAX, REGISTRATION, body -> {
            JsonBody keys = body.object("keys", KEYS);
            return bus.ask(new Nodes.Register(
                            by,
                            request.request().authority().host(),
                            Caller.payer(request).address(),
                            NodeClass.of(body.text("class")),
                            Nodes.Mode.of(body.text("mode")),
                            new Nodes.PublicKeys(
                                    keys.text("ed25519"), keys.textOrEmpty("ml_dsa_65"), keys.textOrEmpty("x_wing")),
                            body.textOrEmpty("fingerprint"),
                            body.timeSeconds("time"),
                            body.text("nonce"),
                            body.text("signature"),
                            body.textOrEmpty("signature_ml_dsa_65")))
                    .map(registered -> new JsonObject()
                            .put("node", registered.node().toString())
                            .put("number", registered.node().value())
                            .put("class", registered.node().kind().text())
                            .put("mode", registered.mode().text())
                            .put("token", registered.token())
                            .put("again", registered.again())
                            .put("twin", registered.twin())
                            .put("next_ms", registered.nextMillis()));
        });
    }

    private void remove(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.query(request, Set.of(), query -> bus.ask(new Nodes.Remove(by, nodeOf(request)))
                .map(removed -> new JsonObject().put("node", removed.node().toString())));
    }

    private void beat(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("load"), body -> bus.ask(
                        new Nodes.Beat(selfOf(by), body.number("load", 0)))
                .map(beaten -> paced(request, beaten)));
    }

    /** A beat that was not admitted is to come again when it is told to, not sooner. */
    private static JsonObject paced(RoutingContext request, Nodes.Beaten beaten) {
        if (!beaten.admitted()) {
            request.response().putHeader("Retry-After", Integer.toString((beaten.nextMillis() + 999) / 1_000));
            throw new Fault(
                    Fault.Kind.THROTTLED,
                    "heartbeats: more than this node admits (expected: the next one in " + beaten.nextMillis()
                            + " ms)");
        }
        return new JsonObject().put("next_ms", beaten.nextMillis());
    }

    private void list(RoutingContext request) {
        Exchange.query(request, Set.of("after", "limit", "class"), query -> bus.ask(
                        new Nodes.Look(query.number("after", 0), query.number("limit", PAGE), query.text("class")))
                .map(SwarmRoutes::json)
                .compose(this::withWork));
    }

    /** Adds to the light nodes of a list whether they may compute, and whether they do. */
    private Future<JsonObject> withWork(JsonObject swarm) {
        List<JsonObject> nodes =
                swarm.getJsonArray("nodes").stream().map(JsonObject.class::cast).toList();
        List<NodeId> numbers = nodes.stream()
                .map(node -> new NodeId(node.getInteger("number")))
                .toList();
        return standings(numbers).map(standings -> {
            nodes.forEach(node -> node.put("compute", standings.get(new NodeId(node.getInteger("number")))));
            return swarm;
        });
    }

    /** How nodes stand that may compute. A swarm is shown also while nobody tells that. */
    private Future<Map<NodeId, JsonObject>> standings(List<NodeId> nodes) {
        return nodes.isEmpty()
                ? Future.succeededFuture(Map.of())
                : bus.ask(new Work.Look(nodes))
                        .map(seen -> seen.standings().stream()
                                .collect(Collectors.toMap(Work.Standing::node, SwarmRoutes::json)))
                        .otherwise(Map.of());
    }

    private static JsonObject json(Work.Standing standing) {
        return new JsonObject()
                .put("granted", standing.granted())
                .put("strikes", standing.strikes())
                .put("strike", orNull(standing.strike()))
                .put("stopped", standing.strikes() >= Work.STRIKES_MAX)
                .put("at", orNull(standing.home()))
                .put("slots", standing.slots())
                .put("busy", standing.busy())
                .put("done", standing.done());
    }

    private void grant(RoutingContext request, boolean allowed) {
        Principal by = Caller.of(request);
        Exchange.query(request, Set.of(), query -> bus.ask(new Work.Grant(by, nodeOf(request), allowed))
                .map(granted -> new JsonObject()
                        .put("node", granted.node().toString())
                        .put("grant", "compute")
                        .put("granted", granted.allowed())));
    }

    private void one(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> {
            NodeId node = nodeOf(request);
            return bus.ask(new Nodes.Find(node)).compose(found -> standings(List.of(node))
                    .map(standings -> json(found.node()).put("compute", standings.get(node))));
        });
    }

    private void keys(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> bus.ask(new Nodes.Keys(nodeOf(request)))
                .map(ring -> new JsonObject()
                        .put("node", ring.node().toString())
                        .put("ed25519", ring.keys().ed25519())
                        .put("ml_dsa_65", orNull(ring.keys().mlDsa65()))
                        .put("x_wing", orNull(ring.keys().xWing()))));
    }

    private void drain(RoutingContext request) {
        Exchange.query(request, Set.of(), query -> {
            NodeId node = nodeOf(request);
            if (node.value() > NodeNumber.MAX) {
                return Future.failedFuture(Fault.absent(node + ": not a member (expected: NOD1 to NOD99)"));
            }
            return bus.ask(new Swarm.Drain(new NodeNumber(node.value()))).map(draining -> new JsonObject()
                    .put("node", draining.number().toString())
                    .put("state", "leaving"));
        });
    }

    static JsonObject json(Nodes.Seen seen) {
        JsonObject counts = new JsonObject();
        seen.counts()
                .forEach(count -> counts.put(
                        count.kind().text(),
                        new JsonObject()
                                .put("registered", count.registered())
                                .put("live", count.live())
                                .put("suspect", count.suspect())
                                .put("dead", count.dead())));
        return new JsonObject()
                .put("swarm", orNull(seen.swarm()))
                .put("hub", orNull(seen.hub()))
                .put("members", all(seen.core()))
                .put("counts", counts)
                .put("beats_per_second", seen.beatsPerSecond())
                .put("interval_ms", seen.intervalMillis())
                .put("nodes", all(seen.nodes()))
                .put("next", seen.next() == 0 ? null : seen.next());
    }

    private static JsonArray all(List<Nodes.Node> nodes) {
        JsonArray all = new JsonArray();
        nodes.forEach(node -> all.add(json(node)));
        return all;
    }

    private static JsonObject json(Nodes.Node node) {
        return new JsonObject()
                .put("node", node.node().toString())
                .put("number", node.node().value())
                .put("class", node.node().kind().text())
                .put("mode", orNull(node.mode()))
                .put("roles", new JsonArray(node.roles()))
                .put("state", node.state().text())
                .put("since", timeOf(node.sinceSeconds()))
                .put("seen", timeOf(node.seenSeconds()))
                .put("home", orNull(node.home()))
                .put("load", node.loadPercent())
                .put("twin_of", node.twinOf() == 0 ? null : "NOD" + node.twinOf())
                .put("release", orNull(node.release()));
    }

    /** The node whose token was shown. */
    static NodeId selfOf(Principal by) {
        return NodeId.read(by.user())
                .filter(node -> by.tenant().equals(Principal.NODES))
                .orElseThrow(() -> new Fault(
                        Fault.Kind.DENIED, "Authorization: not a node's (expected: the token of a registered node)"));
    }

    private static NodeId nodeOf(RoutingContext request) {
        return NodeId.read(request.pathParam("node"))
                .orElseThrow(() -> Fault.absent("node: no such number (expected: NOD1 to NOD" + NodeId.MAX + ")"));
    }

    private static String timeOf(long seconds) {
        return seconds == 0 ? null : Instant.ofEpochSecond(seconds).toString();
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
