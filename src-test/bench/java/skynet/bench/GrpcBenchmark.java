package skynet.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.grpc.server.GrpcServer;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import skynet.bus.Bus;
import skynet.dictionary.CoordinateTable;
import skynet.genom.GenomVerticle;
import skynet.grpc.GrpcVerticle;
import skynet.grpc.v1.EncodeRequest;
import skynet.grpc.v1.EncodeResponse;
import skynet.kit.GrpcConfig;
import skynet.kit.HttpConfig;
import skynet.kit.Identity;
import skynet.kit.Vitals;

/**
 * What does Encode over gRPC cost beside a bare gRPC handler, and a bare HTTP/2 handler, that answer the same bytes?
 *
 * <p>Each server has one event loop of its own, on which all its work is done: door, bus and encoder. The callers, 16
 * connections with 16 calls each, run on other loops of the same process; only the server's thread is counted. Servers
 * take turns; figures are medians of CPU time.
 *
 * <p>Command, in the root: {@code java -cp <test class path of src-test> skynet.bench.GrpcBenchmark [rounds] [calls]}
 */
public final class GrpcBenchmark {
    private static final int CONNECTIONS = 16;
    private static final int STREAMS = 16;
    private static final String TEXT = "The quick brown fox jumps over the lazy dog";
    private static final String PATH = "/skynet.v1.Encoder/Encode";

    /** The sequence number of a frame grows by so many digits at most. */
    private static final int DIGITS_MAX = 10;

    /** A server on a port, and the thread that does its work. */
    private record Server(Vertx vertx, int port, long thread) {}

    private GrpcBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
        int calls = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 30_000;
        System.out.println(Rounds.load());
        Turns.print(run(rounds, calls));
        System.out.println(Rounds.load());
        System.exit(0);
    }

    /** Figures of a call, by server. */
    static Map<String, Turns.Figures> run(int rounds, int calls) throws Exception {
        CoordinateTable table = Sample.table();
        Buffer question =
                framed(EncodeRequest.newBuilder().setText(TEXT).build().toByteArray());
        Map<String, Server> servers = new LinkedHashMap<>();
        servers.put("skynet Encode", node(table));
        Vertx callers = Vertx.vertx();
        HttpClient client = callers.createHttpClient(
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setHttp2MultiplexingLimit(STREAMS),
                new PoolOptions().setHttp2MaxSize(CONNECTIONS));
        Context caller = callers.getOrCreateContext();
        int port = servers.get("skynet Encode").port();
        Buffer answer = Load.await(Load.on(caller, () -> call(client, port, question)));
        EncodeResponse sample = EncodeResponse.parseFrom(answer.getBytes(5, answer.length()));
        if (sample.getTokenCount() == 0 || !sample.getGenomMessage().startsWith("GENOM|")) {
            throw new AssertionError("no answer: " + sample);
        }
        System.out.println("question " + question.length() + " bytes, answer " + answer.length() + " bytes");
        servers.put("bare gRPC", grpc(answer.slice(5, answer.length())));
        servers.put("bare HTTP/2", http(answer));
        Turns turns = new Turns();
        servers.forEach((name, server) -> turns.add(
                name, Load.turn(caller, CONNECTIONS * STREAMS, calls, new long[] {server.thread()}, () -> call(
                                client, server.port(), question)
                        .map(bytes -> Math.abs(bytes.length() - answer.length()) < DIGITS_MAX))));
        Map<String, Turns.Figures> figures = turns.run(3, rounds);
        for (Server server : servers.values()) {
            Load.await(server.vertx().close());
        }
        Load.await(callers.close());
        return figures;
    }

    private static Future<Buffer> call(HttpClient client, int port, Buffer question) {
        return client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI(PATH)
                        .putHeader("content-type", "application/grpc")
                        .putHeader("te", "trailers"))
                .compose(request -> request.send(question))
                .compose(response -> response.body());
    }

    private static Server node(CoordinateTable table) throws Exception {
        Vertx vertx = Load.oneLoop();
        Bus bus = new Bus(vertx, InstantSource.system());
        Vitals vitals = new Vitals();
        Load.await(vertx.deployVerticle(new GenomVerticle(bus, table, 1, 0, vitals)));
        GrpcVerticle room = new GrpcVerticle(
                bus,
                new GrpcConfig(0),
                new HttpConfig("127.0.0.1", 0, List.of()),
                new Identity(bus, true),
                () -> 0,
                vitals);
        Load.await(vertx.deployVerticle(room));
        return server(vertx, room.port());
    }

    private static Server grpc(Buffer answer) throws Exception {
        Vertx vertx = Load.oneLoop();
        GrpcServer grpc = GrpcServer.server(vertx)
                .callHandler(call -> call.handler(question -> call.response().end(answer)));
        return server(vertx, listen(vertx, grpc));
    }

    private static Server http(Buffer answer) throws Exception {
        Vertx vertx = Load.oneLoop();
        return server(vertx, listen(vertx, request -> request.body().onSuccess(question -> {
            request.response().putHeader("content-type", "application/grpc");
            request.response().putTrailer("grpc-status", "0");
            request.response().end(answer);
        })));
    }

    private static int listen(Vertx vertx, io.vertx.core.Handler<io.vertx.core.http.HttpServerRequest> handler)
            throws Exception {
        return Load.await(vertx.createHttpServer(new HttpServerOptions())
                        .requestHandler(handler)
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    private static Server server(Vertx vertx, int port) throws Exception {
        return new Server(vertx, port, Load.threadOf(vertx.getOrCreateContext()));
    }

    private static Buffer framed(byte[] message) {
        return Buffer.buffer().appendByte((byte) 0).appendInt(message.length).appendBytes(message);
    }
}
