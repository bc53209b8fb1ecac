package skynet.grpc;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.MessageLite;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.lite.ProtoLiteUtils;
import io.grpc.stub.ClientCalls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import skynet.bus.Bus;
import skynet.dictionary.CoordinateTable;
import skynet.genom.GenomVerticle;
import skynet.genom.PlaneMap;
import skynet.grpc.v1.EncodeRequest;
import skynet.grpc.v1.EncodeResponse;
import skynet.kit.Asset;
import skynet.kit.GrpcConfig;
import skynet.kit.HttpConfig;
import skynet.kit.Identity;
import skynet.kit.Proxies;
import skynet.kit.Vitals;
import skynet.web.WebVerticle;

/** The genom room with its three doors, bus, REST and gRPC, in this JVM; and a grpc-java client. */
final class Doors implements AutoCloseable {
    static final int NODE = 1;

    private static Asset plane;

    final Vertx vertx = Vertx.vertx();
    final Bus bus = new Bus(vertx, InstantSource.system());
    final Vitals vitals = new Vitals();
    final int restPort;
    final int grpcPort;
    final ManagedChannel channel;
    final GrpcVerticle room;
    private final String deployment;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Doors(boolean genom, Proxies proxies, UnaryOperator<GrpcVerticle> arrange) throws Exception {
        HttpConfig config = new HttpConfig("127.0.0.1", 0, List.of("skynet.example.org"), proxies);
        if (genom) {
            await(vertx.deployVerticle(new GenomVerticle(bus, table(), NODE, 0, vitals)));
        }
        WebVerticle web = new WebVerticle(bus, config, new Identity(bus, true), vitals, Optional.empty(), plane());
        await(vertx.deployVerticle(web));
        room = arrange.apply(
                new GrpcVerticle(bus, new GrpcConfig(0), config, new Identity(bus, true), web::port, vitals));
        deployment = await(vertx.deployVerticle(room));
        restPort = web.port();
        grpcPort = room.port();
        channel = channel(grpcPort);
    }

    static Doors open() throws Exception {
        return new Doors(true, Proxies.NONE, room -> room);
    }

    /** The doors alone; a test serves what it wants behind them. */
    static Doors withoutGenom() throws Exception {
        return new Doors(false, Proxies.NONE, room -> room);
    }

    /** The doors alone, of which gRPC's closes connections that are silent for so long. */
    static Doors withoutGenom(Duration silentMax) throws Exception {
        return new Doors(false, Proxies.NONE, room -> room.silentAtMost(silentMax));
    }

    /** All three behind a proxy that tells for whom it asks. */
    static Doors behindProxy() throws Exception {
        return new Doors(true, new Proxies(List.of("127.0.0.1")), room -> room);
    }

    static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .maxInboundMessageSize(64 << 20)
                .build();
    }

    static synchronized CoordinateTable table() throws Exception {
        Path directory = Path.of("target", "dictionary");
        Files.createDirectories(directory);
        return CoordinateTable.openBundled(directory);
    }

    private static synchronized Asset plane() throws Exception {
        if (plane == null) {
            plane = PlaneMap.of(table());
        }
        return plane;
    }

    /** A method of our contract as grpc-java names it. */
    static <Q extends MessageLite, A extends MessageLite> io.grpc.MethodDescriptor<Q, A> method(
            MethodDescriptor method, Q question, A answer) {
        return method(
                method.getService().getFullName() + "/" + method.getName(),
                method.isClientStreaming(),
                method.isServerStreaming(),
                question,
                answer);
    }

    static <Q extends MessageLite, A extends MessageLite> io.grpc.MethodDescriptor<Q, A> method(
            String name, boolean streamIn, boolean streamOut, Q question, A answer) {
        MethodType type = streamIn
                ? (streamOut ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING)
                : (streamOut ? MethodType.SERVER_STREAMING : MethodType.UNARY);
        return io.grpc.MethodDescriptor.<Q, A>newBuilder()
                .setType(type)
                .setFullMethodName(name)
                .setRequestMarshaller(ProtoLiteUtils.marshaller(question))
                .setResponseMarshaller(ProtoLiteUtils.marshaller(answer))
                .build();
    }

    /** Asks one question of one answer with grpc-java. */
    <Q extends MessageLite, A extends MessageLite> A ask(String method, Q question, A shape) {
        @SuppressWarnings("unchecked")
        Q type = (Q) question.getDefaultInstanceForType();
        return ClientCalls.blockingUnaryCall(
                channel,
                method(method, false, false, type, shape),
                CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                question);
    }

    EncodeResponse encode(String text) {
        return ask(
                "skynet.v1.Encoder/Encode",
                EncodeRequest.newBuilder().setText(text).build(),
                EncodeResponse.getDefaultInstance());
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    JsonObject get(String path) throws Exception {
        return json(send(HttpRequest.newBuilder(rest(path)).GET()));
    }

    JsonObject post(String path, JsonObject body) throws Exception {
        return json(send(HttpRequest.newBuilder(rest(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))));
    }

    /** The JSON of an answer, with its status under "status" when it is none of success. */
    private static JsonObject json(HttpResponse<byte[]> answer) {
        return new JsonObject(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
    }

    private URI rest(String path) {
        return URI.create("http://127.0.0.1:" + restPort + path);
    }

    URI web(String path) {
        return URI.create("http://127.0.0.1:" + grpcPort + path);
    }

    /** Ends the gRPC room as a node that stops does. */
    Future<Void> closeRoom() {
        return vertx.undeploy(deployment);
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        channel.shutdownNow();
        await(vertx.close());
    }
}
