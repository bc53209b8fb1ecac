package skynet.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import skynet.cascade.GatewayNode;
import skynet.kit.Database;
import skynet.kit.PgUri;
import skynet.node.DataDirectory;
import skynet.node.EmbeddedPostgres;
import skynet.testkit.StandInUpstream;

/**
 * What does the node add to an upstream's stream, beside a bare Vert.x proxy that pipes the same bytes?
 *
 * <p>Upstream, node and proxy are processes of their own. An answer is {@value #WORDS} words, one each {@value #WORD_MILLIS} ms,
 * read as server-sent events; so many streams are open at once, begun
 * {@value #BEGIN_MILLIS} ms one after the other. Told are the time from the request to the first word and the
 * processor time of the process between, a word. The node does all that it does for a chat: door, store, levels, pieces kept
 * in PostgreSQL, whose own processor time is not in the figure. Servers take turns.
 *
 * <p>Command, in the root: {@code java -cp <test class path of src-test> skynet.bench.GatewayBenchmark [rounds] [streams …]}
 */
public final class GatewayBenchmark {
    private static final int WORDS = 150;
    private static final int BEGIN_MILLIS = 2;
    private static final int WORD_MILLIS = 20;

    /** Shorter than a server keeps a connection that nobody uses: none is taken while it is being closed. */
    private static final int KEPT_SECONDS = 2;

    private static final String NODE = "skynet chat";
    private static final String PROXY = "bare proxy";

    private GatewayBenchmark() {}

    /** Time to the first word, median and 99th percentile, and processor time a word. */
    record Figures(double firstMillis, double firstMillis99, double microsPerWord) {}

    public static void main(String[] words) throws Exception {
        if (words.length > 0 && words[0].equals("server")) {
            serve(words[1], words[2], words.length > 3 ? words[3] : "");
            return;
        }
        int rounds = words.length > 0 ? Integer.parseInt(words[0]) : 3;
        int[] streams = words.length > 1
                ? Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray()
                : new int[] {1, 100, 1_000};
        System.out.println(Rounds.load());
        for (int count : streams) {
            run(rounds, count)
                    .forEach((name, one) -> System.out.printf(
                            "  %5d streams  %-12s first word %7.2f ms (99 %%: %7.2f), %6.1f µs CPU a word%n",
                            count, name, one.firstMillis(), one.firstMillis99(), one.microsPerWord()));
        }
    }

    /** The median of the rounds, by server. */
    static Map<String, Figures> run(int rounds, int streams) throws Exception {
        Path folder = Files.createTempDirectory("gateway");
        Vertx vertx = Vertx.vertx();
        List<Server> servers = new ArrayList<>();
        try (DataDirectory directory = DataDirectory.open(folder.resolve("data"));
                EmbeddedPostgres postgres = EmbeddedPostgres.start(directory, line -> {})) {
            Database.migrate(postgres.uri());
            Server upstream = Server.start("upstream", "", "");
            servers.add(upstream);
            String url = "http://127.0.0.1:" + upstream.port() + "/v1";
            PgUri uri = postgres.uri();
            String pg = "postgresql://" + uri.user() + ":" + uri.password().orElseThrow() + "@" + uri.host() + ":"
                    + uri.port() + "/" + uri.database() + "?sslmode=disable";
            Map<String, Server> between = new LinkedHashMap<>();
            between.put(NODE, Server.start("node", url, pg));
            between.put(PROXY, Server.start("proxy", url, ""));
            servers.addAll(between.values());
            HttpClient client = vertx.createHttpClient(
                    new HttpClientOptions().setKeepAliveTimeout(KEPT_SECONDS),
                    new PoolOptions().setHttp1MaxSize(streams));
            Map<String, List<Figures>> all = new LinkedHashMap<>();
            for (Map.Entry<String, Server> server : between.entrySet()) {
                for (int few = 1; few < streams; few *= 4) {
                    measure(client, server.getKey(), server.getValue(), few);
                }
                measure(client, server.getKey(), server.getValue(), streams);
            }
            for (int round = 0; round < rounds; round++) {
                for (Map.Entry<String, Server> server : between.entrySet()) {
                    all.computeIfAbsent(server.getKey(), name -> new ArrayList<>())
                            .add(measure(client, server.getKey(), server.getValue(), streams));
                }
            }
            Map<String, Figures> medians = new LinkedHashMap<>();
            all.forEach((name, each) -> medians.put(
                    name,
                    new Figures(
                            median(each.stream().mapToDouble(Figures::firstMillis)),
                            median(each.stream().mapToDouble(Figures::firstMillis99)),
                            median(each.stream().mapToDouble(Figures::microsPerWord)))));
            return medians;
        } finally {
            for (Server server : servers) {
                server.process().destroyForcibly().waitFor();
            }
            Load.await(vertx.close());
        }
    }

    private static Figures measure(HttpClient client, String name, Server server, int streams) throws Exception {
        Duration before = server.cpu();
        List<Future<Double>> firsts = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            firsts.add(stream(client, name, server.port()));
            if (streams > 1) {
                Thread.sleep(BEGIN_MILLIS);
            }
        }
        double[] millis = new double[streams];
        for (int i = 0; i < streams; i++) {
            millis[i] = firsts.get(i).toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
        }
        Duration spent = server.cpu().minus(before);
        Arrays.sort(millis);
        return new Figures(
                millis[streams / 2],
                millis[Math.min(streams - 1, streams * 99 / 100)],
                spent.toNanos() / 1e3 / streams / WORDS);
    }

    /** One answer, read to its end and checked; the time to its first word in milliseconds. */
    private static Future<Double> stream(HttpClient client, String name, int port) {
        boolean node = name.equals(NODE);
        JsonObject body = node
                ? new JsonObject().put("message", "tell me")
                : new JsonObject()
                        .put("model", "bench")
                        .put("stream", true)
                        .put(
                                "messages",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("role", "user")
                                                .put("content", "tell me")));
        RequestOptions request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI(node ? "/api/chat/message" : "/v1/chat/completions")
                .putHeader("content-type", "application/json")
                .putHeader("accept", "text/event-stream");
        Promise<Double> done = Promise.promise();
        long begun = System.nanoTime();
        client.request(request)
                .compose(open -> {
                    // Set before anything is sent: a first word that finds no reader is lost.
                    open.response().onFailure(done::tryFail).onSuccess(response -> read(response, name, begun, done));
                    return open.send(body.toBuffer());
                })
                .onFailure(done::tryFail);
        return done.future();
    }

    private static void read(HttpClientResponse response, String name, long begun, Promise<Double> done) {
        Buffer all = Buffer.buffer();
        long[] first = new long[1];
        response.exceptionHandler(done::tryFail);
        response.handler(bytes -> {
            all.appendBuffer(bytes);
            if (first[0] == 0 && all.toString(UTF_8).contains("w1 ")) {
                first[0] = System.nanoTime();
            }
        });
        response.endHandler(end -> {
            if (response.statusCode() == 200
                    && first[0] > 0
                    && all.toString(UTF_8).contains("w" + WORDS)) {
                done.tryComplete((first[0] - begun) / 1e6);
            } else {
                done.tryFail(name + ": " + response.statusCode() + " " + all);
            }
        });
    }

    private static double median(java.util.stream.DoubleStream figures) {
        double[] sorted = figures.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** A process of ours, and the port that it told. */
    private record Server(Process process, int port) {
        static Server start(String what, String upstream, String pg) throws Exception {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx1g",
                            "-XX:+UseSerialGC",
                            "-Dvertx.disableDnsResolver=true",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            GatewayBenchmark.class.getName(),
                            "server",
                            what,
                            upstream,
                            pg)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader told = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            Supplier<String> gone = () -> what + ": no port";
            String line = told.readLine();
            while (line != null && !line.matches("\\d+")) {
                line = told.readLine();
            }
            if (line == null) {
                throw new IllegalStateException(gone.get());
            }
            return new Server(process, Integer.parseInt(line));
        }

        Duration cpu() {
            return process.info().totalCpuDuration().orElse(Duration.ZERO);
        }
    }

    private static void serve(String what, String upstream, String pg) throws Exception {
        Vertx vertx = Vertx.vertx();
        int port =
                switch (what) {
                    case "upstream" ->
                        StandInUpstream.start(vertx).says(WORDS, WORD_MILLIS).port();
                    case "node" -> GatewayNode.start(vertx, PgUri.parse(pg), upstream);
                    default -> proxy(vertx, upstream);
                };
        System.out.println(port);
        Thread.currentThread().join();
    }

    private static int proxy(Vertx vertx, String upstream) throws Exception {
        HttpClient client = vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(2_000));
        return Load.await(vertx.createHttpServer()
                        .requestHandler(request -> pass(client, upstream, request))
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    private static void pass(HttpClient client, String upstream, HttpServerRequest request) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(upstream + "/chat/completions")
                .putHeader("content-type", "application/json");
        request.body()
                .compose(body -> client.request(options).compose(open -> open.send(body)))
                .onSuccess(answer -> {
                    request.response().setChunked(true).putHeader("content-type", "text/event-stream");
                    answer.pipeTo(request.response());
                })
                .onFailure(failure -> request.response().setStatusCode(502).end());
    }
}
