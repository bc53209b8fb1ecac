package skynet.web;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import skynet.bus.Auth;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.kit.Asset;
import skynet.kit.HttpConfig;
import skynet.kit.Identity;
import skynet.kit.Room;
import skynet.kit.Tolls;
import skynet.kit.Vitals;

/** Opens the front door and leads each request to its room. */
public final class WebVerticle extends Room {
    /** A body arrives within this time. */
    private static final Duration BODY_MAX = Duration.ofSeconds(10);

    /** No ask waits longer, so a connection on which nothing at all moves for so long is dead. */
    private static final int DEAD_SECONDS = (int) KnowledgeRoutes.LEARNING.toSeconds() + 60;

    private final HttpConfig config;
    private final Vitals vitals;
    private final Optional<PrometheusMeterRegistry> meters;
    private final Asset plane;
    private final Patience patience;
    private final Identity identity;

    private Deadlines deadlines;
    private ChatSockets sockets;
    private WorkSockets workers;
    private Router router;
    private HttpServer server;

    public WebVerticle(
            Bus bus,
            HttpConfig config,
            Identity identity,
            Vitals vitals,
            Optional<PrometheusMeterRegistry> meters,
            Asset plane) {
        this(bus, config, identity, vitals, meters, plane, Patience.USUAL);
    }

    /** A front door that waits as long as the test wants. */
    WebVerticle(
            Bus bus,
            HttpConfig config,
            Identity identity,
            Vitals vitals,
            Optional<PrometheusMeterRegistry> meters,
            Asset plane,
            Patience patience) {
        super(bus);
        this.config = config;
        this.identity = identity;
        this.vitals = vitals;
        this.meters = meters;
        this.plane = plane;
        this.patience = patience;
    }

    @Override
    public Future<?> start() {
        FrontDoor door = new FrontDoor(config);
        deadlines = new Deadlines(vertx);
        Callers callers = new Callers(vertx, deadlines, patience);
        Readings readings = new Readings(vertx, bus);
        ChatDoor chat = new ChatDoor(bus, readings);
        sockets = new ChatSockets(chat);
        workers = new WorkSockets(bus);
        return readings.open()
                .compose(open -> vertx.executeBlocking(Pages::read).compose(pages -> {
                    JsonObject contract = pages.contract();
                    router = router(callers, door, pages, contract, chat, readings);
                    server = vertx.createHttpServer(options())
                            .requestHandler(callers.leadTo(router))
                            .invalidRequestHandler(HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER)
                            .connectionHandler(callers::greet);
                    return server.listen(config.port(), config.host());
                }));
    }

    @Override
    public Future<?> stop() {
        if (server == null) {
            return Future.succeededFuture();
        }
        sockets.dismiss();
        workers.dismiss();
        return server.shutdown(5, TimeUnit.SECONDS);
    }

    /** The port that is really open. */
    public int port() {
        return server.actualPort();
    }

    /** Every route that is served, for the proof that the contract names it. */
    List<Route> routes() {
        return router.getRoutes();
    }

    private Router router(
            Callers callers, FrontDoor door, Pages pages, JsonObject contract, ChatDoor chatDoor, Readings readings) {
        Router router = Router.router(vertx);
        router.route().handler(callers::hear);
        router.route().handler(door::enter);
        Guard guard = new Guard(
                Declared.in(contract),
                identity,
                pages::has,
                new Tolls(System::nanoTime, config.isLoopback(), Refusal::tooMany),
                config.trustedProxies(),
                InstantSource.system());
        router.route().handler(request -> guard.check(request, () -> lost(router, pages, request)));
        router.route().handler(this::limitBody);
        GenomRoutes genom = new GenomRoutes(bus);
        ChatRoutes chat = new ChatRoutes(bus, chatDoor, UUID::randomUUID);
        HealthRoutes health = new HealthRoutes(vitals, meters);
        genom.mount(router);
        new PlaneRoutes(vertx, plane).mount(router);
        new ToolRoutes(bus).mount(router);
        new McpRoutes(bus).mount(router);
        new OpenAiRoutes(bus, readings, UUID::randomUUID).mount(router);
        new EmbeddingRoutes(bus).mount(router);
        new KnowledgeRoutes(bus).mount(router);
        new CrawlRoutes(bus).mount(router);
        ClusterRoutes cluster = new ClusterRoutes(bus);
        cluster.mount(router);
        new MeshRoutes(bus).mount(router);
        new CascadeRoutes(bus).mount(router);
        new CryptoRoutes(bus).mount(router);
        SwarmRoutes swarm = new SwarmRoutes(bus);
        swarm.mount(router);
        new MessageRoutes(bus).mount(router);
        new AuthRoutes(bus).mount(router);
        chat.mount(router);
        new HistoryRoutes(bus).mount(router);
        sockets.mount(vertx, router);
        workers.mount(vertx, router);
        health.mount(router);
        List<Operation> operations = new ArrayList<>(genom.operations());
        operations.addAll(chat.operations());
        StatusRoutes status = new StatusRoutes(bus);
        status.mount(router);
        List<Topic> topics = new ArrayList<>(health.topics());
        topics.addAll(status.topics());
        topics.addAll(cluster.topics());
        topics.addAll(swarm.topics());
        BrowserBus browsers = new BrowserBus(operations, topics);
        browsers.mount(vertx, router);
        bus.listen(Auth.Revoked.class, revoked -> {
            browsers.revoked(revoked.id());
            sockets.revoked(revoked.id());
            workers.revoked(revoked.id());
        });
        router.get("/openapi.json").handler(request -> Exchange.json(request, 200, contract));
        router.get("/docs/errors/:slug").handler(WebVerticle::explain);
        pages.mount(router);
        router.errorHandler(404, request -> refuse(request, 404, "absent", "path: nothing is served here"));
        router.errorHandler(
                405, request -> refuse(request, 405, "method", request.request().method() + ": not served here"));
        router.errorHandler(400, request -> refuse(request, 400, "invalid", "request: malformed"));
        router.errorHandler(500, request -> Problem.answer(request, request.failure()));
        router.route().last().handler(request -> lost(router, pages, request));
        return router;
    }

    /** Nothing is here: a known path with another method is 405, all else 404. */
    private static void lost(Router router, Pages pages, RoutingContext request) {
        String path = request.request().path();
        Set<String> allowed = new TreeSet<>();
        router.getRoutes().stream()
                .filter(route -> route.getPath() != null && route.methods() != null)
                .filter(route -> route.isExactPath() ? path.equals(route.getPath()) : path.startsWith(route.getPath()))
                .forEach(route -> route.methods().forEach(method -> allowed.add(method.name())));
        if (allowed.isEmpty()) {
            pages.missing(request);
        } else {
            request.response().putHeader("Allow", String.join(", ", allowed));
            refuse(request, 405, "method", request.request().method() + ": not served here");
        }
    }

    private static void refuse(RoutingContext request, int status, String slug, String detail) {
        Problem.answer(request, new Refusal(status, slug, detail, "The API is described at /docs."));
    }

    private static void explain(RoutingContext request) {
        String slug = request.pathParam("slug");
        for (Fault.Kind kind : Fault.Kind.values()) {
            if (Problem.slugOf(kind).equals(slug)) {
                request.response()
                        .putHeader("Content-Type", "text/plain; charset=utf-8")
                        .end(slug + "\n\n" + Problem.fixOf(kind) + "\n");
                return;
            }
        }
        String fix = Map.of(
                        "json", "Send one JSON object in UTF-8, without duplicate fields.",
                        "utf-8", "Send text as UTF-8.",
                        "host", "Add the name to SKYNET_HTTP_ALLOWED_HOSTS.",
                        "origin", "Open the page from this node's own address.",
                        "method", "Use one of the methods that the Allow header names.",
                        "upgrade", "Open it as a WebSocket, as RFC 6455 says.",
                        "sub-protocol", "Offer the sub-protocol that the detail names.",
                        "media-type", "Send JSON with Content-Type: application/json.",
                        "slow", "Send the whole body within ten seconds.")
                .getOrDefault(slug, "The request was refused at the door; its detail says why.");
        request.response()
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end(slug.replaceAll("[^a-z-]", "") + "\n\n" + fix + "\n");
    }

    private void limitBody(RoutingContext request) {
        HttpServerRequest http = request.request();
        boolean bodyExpected = http.getHeader("Content-Length") != null || http.getHeader("Transfer-Encoding") != null;
        if (bodyExpected && !http.isEnded() && !http.path().equals(Batch.PATH)) {
            Deadlines.Deadline deadline = deadlines.after(BODY_MAX, () -> {
                if (!http.isEnded()) {
                    Problem.answer(
                            request,
                            new Refusal(408, "slow", "body: not complete in time", "Send the body without pauses."));
                    http.connection().close();
                }
            });
            request.addEndHandler(ended -> deadline.takeBack());
        }
        request.next();
    }

    private static HttpServerOptions options() {
        return new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(DEAD_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setMaxInitialLineLength(4_096)
                .setMaxHeaderSize(8_192)
                .setMaxFormAttributeSize(2_048)
                .setDecompressionSupported(false)
                .setMaxWebSocketFrameSize(64 << 10)
                .setMaxWebSocketMessageSize(TextFrames.BYTES_MAX)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .addWebSocketSubProtocol(ChatSockets.PROTOCOL)
                .addWebSocketSubProtocol(WorkSockets.PROTOCOL);
    }
}
