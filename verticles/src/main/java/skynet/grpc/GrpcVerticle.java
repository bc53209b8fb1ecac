package skynet.grpc;

import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.grpc.health.v1.HealthProto;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import skynet.bus.Auth;
import skynet.bus.Bus;
import skynet.bus.Crypto;
import skynet.bus.Genom;
import skynet.bus.Nodes;
import skynet.bus.Work;
import skynet.grpc.v1.AckRequest;
import skynet.grpc.v1.DecodeRequest;
import skynet.grpc.v1.DictionaryOuterClass;
import skynet.grpc.v1.EncodeRequest;
import skynet.grpc.v1.EncoderOuterClass;
import skynet.grpc.v1.HandshakeRequest;
import skynet.grpc.v1.HandshakeResponse;
import skynet.grpc.v1.InboxRequest;
import skynet.grpc.v1.ListRequest;
import skynet.grpc.v1.ListResponse;
import skynet.grpc.v1.LookupRequest;
import skynet.grpc.v1.MessagingOuterClass;
import skynet.grpc.v1.RegisterRequest;
import skynet.grpc.v1.SearchRequest;
import skynet.grpc.v1.SendRequest;
import skynet.grpc.v1.StatsRequest;
import skynet.grpc.v1.SwarmOuterClass;
import skynet.kit.GrpcConfig;
import skynet.kit.HttpConfig;
import skynet.kit.Identity;
import skynet.kit.Room;
import skynet.kit.Vitals;

/** Opens the gRPC port and leads each call to its room. */
public final class GrpcVerticle extends Room {
    /** Connections at once. */
    static final int CONNECTIONS_MAX = 1_024;

    /** Calls at once on one connection. */
    static final int CONNECTION_STREAMS_MAX = 128;

    /** Calls that one connection may take back within {@link #RESETS_SECONDS} before it is closed. */
    static final int RESETS_MAX = 200;

    static final int RESETS_SECONDS = 30;

    private static final int FLUSHES_TOGETHER = 256;

    /** A connection from which nothing comes for so long is closed; who has a call open only answers our pings. */
    private static final Duration SILENT_MAX = Duration.ofSeconds(30);

    /** Pings that fall into that time. */
    private static final int PINGS = 3;

    private static final int HEADER_BYTES_MAX = 8 << 10;
    private static final long SWEEP_MILLIS = 250;
    private static final long LOOK_MILLIS = 1_000;

    /** How long open calls may take to end when the node stops. */
    private static final int FAREWELL_SECONDS = 5;

    private static final Map<String, String> ENCODER_SCOPES =
            Map.of("Encode", "genom:read", "Decode", "genom:read", "EncodeStream", "genom:read");
    private static final Map<String, String> DICTIONARY_SCOPES =
            Map.of("Lookup", "dictionary:read", "Search", "dictionary:read", "Stats", "dictionary:read");

    private static final Map<String, String> SWARM_SCOPES = Map.of(
            "Register", "swarm:join",
            "Handshake", "crypto:handshake",
            "Heartbeat", "swarm:beat",
            "List", "swarm:read");
    private static final Map<String, String> MESSAGING_SCOPES = Map.of(
            "Send", "messages:write",
            "Inbox", "messages:read",
            "Subscribe", "messages:read",
            "Ack", "messages:read");

    private final GrpcConfig config;
    private final Identity identity;
    private final HttpConfig http;
    private final Health health;
    private final IntSupplier pagesPort;
    private Duration silentMax = SILENT_MAX;
    private Calls calls;
    private HttpServer server;
    private final Set<HttpConnection> connections = new HashSet<>();

    /** A room that listens where HTTP does; {@code pagesPort} is the port from which our own pages come. */
    public GrpcVerticle(
            Bus bus, GrpcConfig config, HttpConfig http, Identity identity, IntSupplier pagesPort, Vitals vitals) {
        super(bus);
        this.config = config;
        this.identity = identity;
        this.http = http;
        this.pagesPort = pagesPort;
        this.health =
                new Health(vitals, Map.of("skynet.v1.Encoder", "dictionary", "skynet.v1.Dictionary", "dictionary"));
    }

    /** Closes silent connections as soon as the test wants. */
    GrpcVerticle silentAtMost(Duration time) {
        silentMax = time;
        return this;
    }

    @Override
    public Future<?> start() {
        calls = new Calls(vertx, http.trustedProxies(), http.isLoopback());
        vertx.setPeriodic(SWEEP_MILLIS, tick -> calls.sweep());
        vertx.setPeriodic(LOOK_MILLIS, tick -> health.look());
        vertx.setPeriodic(silentMax.toMillis() / PINGS, tick -> ping());
        bus.listen(Auth.Revoked.class, revoked -> calls.revoked(revoked.id()));
        server = vertx.createHttpServer(options())
                .requestHandler(new Door(contract(), calls, new Origins(http.allowedHosts(), pagesPort), identity))
                .connectionHandler(this::admit);
        return server.listen(config.port(), http.host());
    }

    @Override
    public Future<?> stop() {
        health.stop();
        return server == null ? Future.succeededFuture() : server.shutdown(FAREWELL_SECONDS, TimeUnit.SECONDS);
    }

    /** The port that is really open. */
    public int port() {
        return server.actualPort();
    }

    /** How many calls are open. */
    int openCalls() {
        return calls.count();
    }

    Contract contract() {
        Contract contract = new Contract();
        Reflection reflection = new Reflection(contract);
        contract.serve(
                        EncoderOuterClass.getDescriptor().findServiceByName("Encoder"),
                        ENCODER_SCOPES,
                        encoder(),
                        "Encode",
                        "Decode")
                .serve(
                        DictionaryOuterClass.getDescriptor().findServiceByName("Dictionary"),
                        DICTIONARY_SCOPES,
                        dictionary())
                .serve(SwarmOuterClass.getDescriptor().findServiceByName("Swarm"), SWARM_SCOPES, swarm())
                .serve(
                        MessagingOuterClass.getDescriptor().findServiceByName("Messaging"),
                        MESSAGING_SCOPES,
                        messaging())
                .serve(HealthProto.getDescriptor().findServiceByName("Health"), Contract.OPEN, health.answerers())
                .serve(Reflection.service(), Contract.OPEN, reflection.answerers())
                .serve(Reflection.olderService(), Contract.OPEN, reflection.answerers());
        reflection.read();
        return contract;
    }

    private Map<String, Consumer<Call>> encoder() {
        return Map.of(
                "Encode",
                new Unary<>(EncodeRequest.parser(), (ask, deadline) -> bus.ask(Mapping.word(ask), deadline)
                        .map(Mapping::message)),
                "Decode",
                new Unary<>(DecodeRequest.parser(), (ask, deadline) -> bus.ask(Mapping.word(ask), deadline)
                        .map(Mapping::message)),
                "EncodeStream",
                call -> EncodeStream.begin(vertx, bus, call));
    }

    private Map<String, Consumer<Call>> dictionary() {
        return Map.of(
                "Lookup",
                new Unary<>(LookupRequest.parser(), (ask, deadline) -> bus.ask(Mapping.word(ask), deadline)
                        .map(Mapping::message)),
                "Search",
                new Unary<>(SearchRequest.parser(), (ask, deadline) -> bus.ask(Mapping.word(ask), deadline)
                        .map(Mapping::message)),
                "Stats",
                new Unary<>(StatsRequest.parser(), (ask, deadline) -> bus.ask(new Genom.Count(), deadline)
                        .map(Mapping::message)));
    }

    private Map<String, Consumer<Call>> swarm() {
        return Map.of(
                "Register",
                new OfCaller<>(RegisterRequest.parser(), (ask, call) -> bus.ask(
                                SwarmMapping.word(ask, call.caller(), call.host(), call.address()), call.deadline())
                        .map(SwarmMapping::message)),
                "Handshake",
                new OfCaller<>(HandshakeRequest.parser(), this::handshake),
                "Heartbeat",
                call -> HeartbeatStream.begin(bus, call),
                "List",
                new Unary<>(ListRequest.parser(), this::list));
    }

    /** A swarm is listed also while nobody tells who may compute. */
    private Future<ListResponse> list(ListRequest ask, Duration deadline) {
        return bus.ask(SwarmMapping.word(ask), deadline).compose(seen -> bus.ask(
                        new Work.Look(
                                seen.nodes().stream().map(Nodes.Node::node).toList()),
                        deadline)
                .otherwise(new Work.Seen(List.of()))
                .map(work -> SwarmMapping.message(seen, work)));
    }

    private Future<HandshakeResponse> handshake(HandshakeRequest ask, Call call) {
        return switch (ask.getStepCase()) {
            case HELLO ->
                bus.ask(SwarmMapping.greet(ask, call.address()), call.deadline())
                        .map(SwarmMapping::message);
            case CONFIRM ->
                bus.ask(
                                new Crypto.Confirm(
                                        ask.getConfirm().getSession(),
                                        SwarmMapping.base64(ask.getConfirm().getConfirm())),
                                call.deadline())
                        .map(SwarmMapping::message);
            case STEP_NOT_SET -> throw new IllegalArgumentException("step: 0 fields (expected: one of hello, confirm)");
        };
    }

    private Map<String, Consumer<Call>> messaging() {
        return Map.of(
                "Send",
                new OfCaller<>(SendRequest.parser(), (ask, call) -> bus.ask(
                                SwarmMapping.word(ask, call.caller()), call.deadline())
                        .map(SwarmMapping::message)),
                "Inbox",
                new OfCaller<>(InboxRequest.parser(), (ask, call) -> bus.ask(
                                SwarmMapping.word(ask, call.caller()), call.deadline())
                        .map(SwarmMapping::message)),
                "Subscribe",
                call -> InboxStream.begin(vertx, bus, identity, call),
                "Ack",
                new OfCaller<>(AckRequest.parser(), (ask, call) -> bus.ask(
                                SwarmMapping.word(ask, call.caller()), call.deadline())
                        .map(SwarmMapping::message)));
    }

    private void admit(HttpConnection connection) {
        if (connections.size() >= CONNECTIONS_MAX) {
            connection.close();
            return;
        }
        connections.add(connection);
        connection.closeHandler(closed -> connections.remove(connection));
        if (connection instanceof ConnectionBase wire) {
            // Answers come one by one from the bus; sent together they cost one write to the system, not one each.
            wire.channel().pipeline().addFirst(new FlushConsolidationHandler(FLUSHES_TOGETHER, true));
        }
    }

    /** Those who live answer; the others fall silent and are closed. */
    private void ping() {
        for (HttpConnection connection : connections) {
            if (connection instanceof ConnectionBase wire
                    && wire.channel().pipeline().get(Http2ConnectionHandler.class) != null) {
                connection.ping(Buffer.buffer(new byte[Long.BYTES]));
            }
        }
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setReadIdleTimeout((int) silentMax.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setDecompressionSupported(false)
                .setHttp2RstFloodMaxRstFramePerWindow(RESETS_MAX)
                .setHttp2RstFloodWindowDuration(RESETS_SECONDS)
                .setHttp2RstFloodWindowDurationTimeUnit(TimeUnit.SECONDS)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(CONNECTION_STREAMS_MAX)
                        .setMaxHeaderListSize(HEADER_BYTES_MAX));
    }
}
