package skynet.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import skynet.bus.Bus;
import skynet.bus.Genom;
import skynet.dictionary.CoordinateTable;
import skynet.genom.GenomVerticle;
import skynet.kit.Vitals;
import skynet.web.Doors;
import skynet.web.WebVerticle;

/**
 * What does {@code POST /v1/encode} cost beside bare vertx-web routes that answer the same bytes, and beside one that does it
 * with JsonObjects?
 *
 * <p>The bare routes do not even look at the question; one of them sends the same headers too. The routes with JsonObjects
 * parse the question, send it over the event bus and write the JsonObject that comes back: one does the same work there, with
 * the same encoder behind it, and the other has the answer ready. Each server has one event loop on which all its work is done; 64 callers on connections that
 * are kept run on another loop, which is not counted. Servers take turns.
 *
 * <p>Command, in the root: {@code java -cp <test class path of src-test> skynet.bench.RestBenchmark [rounds] [calls]}
 */
public final class RestBenchmark {
    private static final int CALLERS = 64;
    private static final String PATH = "/v1/encode";
    private static final String TEXT = "The quick brown fox jumps over the lazy dog";
    private static final Set<String> OWN_HEADERS = Set.of("content-type", "content-length");

    /** The sequence number of a frame grows by so many digits at most. */
    private static final int DIGITS_MAX = 10;

    /** A server on a port, and the thread that does its work. */
    private record Server(Vertx vertx, int port, long thread) {}

    /** A server's answer. */
    private record Answer(int status, Map<String, String> headers, Buffer body) {}

    private RestBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 9;
        int calls = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 40_000;
        System.out.println(Rounds.load());
        Turns.print(run(rounds, calls));
        System.out.println(Rounds.load());
        System.exit(0);
    }

    /** Figures of a call, by server. */
    static Map<String, Turns.Figures> run(int rounds, int calls) throws Exception {
        Map<String, Server> servers = new LinkedHashMap<>();
        CoordinateTable table = Sample.table();
        servers.put("skynet POST /v1/encode", node(table));
        Vertx callers = Load.oneLoop();
        Context caller = callers.getOrCreateContext();
        HttpClient client = callers.createHttpClient(new PoolOptions().setHttp1MaxSize(CALLERS));
        Buffer question = new JsonObject().put("text", TEXT).toBuffer();
        int port = servers.values().iterator().next().port();
        Answer sample = Load.await(Load.on(caller, () -> call(client, port, question)));
        if (sample.status() != 200 || sample.body().toJsonObject().getInteger("token_count") != 9) {
            throw new AssertionError("no answer: " + sample);
        }
        System.out.println("question " + question.length() + " bytes, answer "
                + sample.body().length() + " bytes");
        servers.put("bare route, same body", route(response -> response.putHeader("Content-Type", "application/json")
                .end(sample.body())));
        servers.put("bare route, same headers and body", route(response -> {
            sample.headers().forEach(response::putHeader);
            response.end(sample.body());
        }));
        servers.put("JsonObject, same work and headers", encodingJson(table, sample.headers()));
        servers.put("JsonObject, work left out", json(sample.body().toJsonObject()));
        Turns turns = new Turns();
        servers.forEach((name, server) ->
                turns.add(name, Load.turn(caller, CALLERS, calls, new long[] {server.thread()}, () -> call(
                                client, server.port(), question)
                        .map(answer -> answer.status() == 200
                                && Math.abs(answer.body().length()
                                                - sample.body().length())
                                        < DIGITS_MAX))));
        Map<String, Turns.Figures> figures = turns.run(3, rounds);
        for (Server server : servers.values()) {
            Load.await(server.vertx().close());
        }
        Load.await(callers.close());
        return figures;
    }

    private static Future<Answer> call(HttpClient client, int port, Buffer question) {
        return client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI(PATH)
                        .putHeader("Content-Type", "application/json"))
                .compose(request -> request.send(question))
                .compose(response -> response.body().map(body -> {
                    Map<String, String> headers = new LinkedHashMap<>();
                    response.headers().forEach(header -> {
                        if (!OWN_HEADERS.contains(header.getKey())) {
                            headers.put(header.getKey(), header.getValue());
                        }
                    });
                    return new Answer(response.statusCode(), headers, body);
                }));
    }

    private static Server node(CoordinateTable table) throws Exception {
        Vertx vertx = Load.oneLoop();
        Vitals vitals = new Vitals();
        Bus bus = encoder(vertx, table, vitals);
        WebVerticle web = Doors.on(bus);
        Load.await(vertx.deployVerticle(web));
        return server(vertx, web.port());
    }

    private static Server route(Consumer<HttpServerResponse> answer) throws Exception {
        Vertx vertx = Load.oneLoop();
        Router router = Router.router(vertx);
        router.post(PATH).handler(request -> answer.accept(request.response()));
        return server(vertx, listen(vertx, router));
    }

    private static Server json(JsonObject answer) throws Exception {
        Vertx vertx = Load.oneLoop();
        vertx.eventBus().<JsonObject>localConsumer("encode", message -> {
            if (message.body().getString("text").equals(TEXT)) {
                message.reply(answer);
            }
        });
        return jsonRoute(vertx, Map.of());
    }

    private static Server encodingJson(CoordinateTable table, Map<String, String> headers) throws Exception {
        Vertx vertx = Load.oneLoop();
        Bus bus = encoder(vertx, table, new Vitals());
        vertx.eventBus().<JsonObject>localConsumer("encode", message -> bus.ask(
                        new Genom.Encode(message.body().getString("text")))
                .onSuccess(encoded -> message.reply(json(encoded))));
        return jsonRoute(vertx, headers);
    }

    private static Server jsonRoute(Vertx vertx, Map<String, String> headers) throws Exception {
        Router router = Router.router(vertx);
        router.post(PATH).handler(request -> request.request()
                .body()
                .compose(body -> vertx.eventBus().<JsonObject>request("encode", body.toJsonObject()))
                .onSuccess(reply -> {
                    headers.forEach(request.response()::putHeader);
                    request.response()
                            .putHeader("Content-Type", "application/json")
                            .end(reply.body().toBuffer());
                }));
        return server(vertx, listen(vertx, router));
    }

    private static JsonObject json(Genom.Encoded encoded) {
        JsonArray tokens = new JsonArray();
        encoded.tokens()
                .forEach(token -> tokens.add(new JsonObject()
                        .put("token_id", token.id())
                        .put("hex", token.hex())
                        .put("canonical", token.canonical())
                        .put("sector", token.sector())
                        .put("language", token.language())
                        .put("r", Math.round(token.r() * 10) / 10.0)
                        .put("theta", Math.round(token.thetaRadians() * 1e4) / 1e4)));
        return new JsonObject()
                .put("genom_message", encoded.frame())
                .put(
                        "intent",
                        new JsonObject()
                                .put("symbol", encoded.intent().symbol())
                                .put("name", encoded.intent().name())
                                .put("confidence", encoded.intent().confidence()))
                .put("token_count", encoded.tokenCount())
                .put("compression_ratio", Math.round(encoded.compressionRatio() * 1e4) / 1e4)
                .put("binary_bytes", encoded.binaryBytes())
                .put("text_bytes", encoded.textBytes())
                .put("tokens", tokens);
    }

    private static Bus encoder(Vertx vertx, CoordinateTable table, Vitals vitals) throws Exception {
        Bus bus = new Bus(vertx, InstantSource.system());
        Load.await(vertx.deployVerticle(new GenomVerticle(bus, table, 1, 0, vitals)));
        return bus;
    }

    private static int listen(Vertx vertx, Router router) throws Exception {
        return Load.await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                .actualPort();
    }

    private static Server server(Vertx vertx, int port) throws Exception {
        return new Server(vertx, port, Load.threadOf(vertx.getOrCreateContext()));
    }
}
