package skynet.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import skynet.testkit.RunningNode;

/**
 * How long do the levels take that answer on the node itself, beside the blueprint's 50, 200 and 500 ms, and an exact hit of
 * the cache beside a bare vertx-web route that answers the same bytes?
 *
 * <p>A fresh node with its bundled documents is asked our own labelled questions one after the other, so that nothing waits
 * for anything: once, then again in the same words, then with a polite beginning. A level's own time is what the node says
 * in the step that answered; the whole is what the caller waits on one connection that is kept.
 *
 * <p>Command, in the root: {@code java -Dskynet.jar=verticles/target/skynet.jar -cp <test class path of src-test>
 * skynet.bench.LevelsBenchmark [questions]}
 */
public final class LevelsBenchmark {
    private static final String PATH = "/api/chat/message";
    private static final String POLITE = "Could you please tell me: ";

    /** Times of one kind of answers, in milliseconds. */
    static final class Times {
        private final List<Double> own = new ArrayList<>();
        private final List<Double> whole = new ArrayList<>();

        int count() {
            return whole.size();
        }

        static double quantile(List<Double> times, double quantile) {
            double[] sorted =
                    times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return sorted.length == 0
                    ? Double.NaN
                    : sorted[(int) Math.min(sorted.length - 1, sorted.length * quantile)];
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d | %.0f / %.0f | %.1f / %.1f",
                    count(),
                    quantile(own, 0.5),
                    quantile(own, 0.95),
                    quantile(whole, 0.5),
                    quantile(whole, 0.95));
        }
    }

    private LevelsBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int most = arguments.length > 0 ? Integer.parseInt(arguments[0]) : Integer.MAX_VALUE;
        System.out.println(Rounds.load());
        System.out.println(
                "| answered by | answers | its own ms, p50 / p95 | whole ms, p50 / p95 |\n|---|---|---|---|");
        run(most).forEach((name, times) -> System.out.println("| " + name + " | " + times + " |"));
        System.out.println(Rounds.load());
        System.exit(0);
    }

    /** Times by what answered. */
    static Map<String, Times> run(int most) throws Exception {
        List<String> questions = questions();
        questions = questions.subList(0, Math.min(most, questions.size()));
        Map<String, Times> times = new LinkedHashMap<>();
        Vertx vertx = Load.oneLoop();
        Path home = Files.createTempDirectory("levels");
        try (RunningNode node = RunningNode.start(home.resolve("data"))) {
            HttpClient client = vertx.createHttpClient();
            int port = node.address().getPort();
            // The classes of the way are loaded, and the model is warm.
            for (int i = 0; i < 30; i++) {
                ask(client, port, "Is there a unicorn with number " + i + "?");
            }
            List<String> answered = new ArrayList<>();
            Buffer sample = Buffer.buffer();
            for (String question : questions) {
                long start = System.nanoTime();
                Buffer body = ask(client, port, question);
                JsonObject answer = body.toJsonObject();
                if (add(times, answer.getBoolean("answered") ? answer.getString("level") : "declined", answer, start)) {
                    answered.add(question);
                    sample = body;
                }
            }
            for (int round = 0; round < 10; round++) {
                for (String question : answered) {
                    long start = System.nanoTime();
                    JsonObject answer = ask(client, port, question).toJsonObject();
                    add(times, answer.getString("level") + ", the same words", answer, start);
                }
            }
            for (String question : answered) {
                long start = System.nanoTime();
                JsonObject answer = ask(client, port, POLITE + question).toJsonObject();
                add(times, answer.getString("level") + ", politely", answer, start);
            }
            bare(times, vertx, client, sample, 10 * answered.size());
        } finally {
            Load.await(vertx.close());
        }
        return times;
    }

    private static void bare(Map<String, Times> times, Vertx vertx, HttpClient client, Buffer body, int calls)
            throws Exception {
        Router router = Router.router(vertx);
        router.post(PATH).handler(request -> request.request().body().onSuccess(read -> request.response()
                .putHeader("Content-Type", "application/json")
                .end(body)));
        int port = Load.await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                .actualPort();
        for (int i = 0; i < calls + 100; i++) {
            long start = System.nanoTime();
            ask(client, port, "x");
            if (i >= 100) {
                times.computeIfAbsent("bare route, same bytes", name -> new Times())
                        .whole
                        .add((System.nanoTime() - start) / 1e6);
            }
        }
    }

    /** Takes the times of an answer; whether it was one. */
    private static boolean add(Map<String, Times> times, String name, JsonObject answer, long start) {
        Times kind = times.computeIfAbsent(name, one -> new Times());
        kind.whole.add((System.nanoTime() - start) / 1e6);
        answer.getJsonArray("route").forEach(step -> {
            if (((JsonObject) step).getString("outcome").equals("hit")) {
                kind.own.add(((JsonObject) step).getDouble("ms"));
            }
        });
        return answer.getBoolean("answered");
    }

    private static Buffer ask(HttpClient client, int port, String question) throws Exception {
        Buffer body = new JsonObject().put("message", question).toBuffer();
        return Load.await(client.request(new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(port)
                        .setURI(PATH)
                        .putHeader("Content-Type", "application/json"))
                .compose(request -> request.send(body))
                .compose(response -> response.statusCode() == 200
                        ? response.body()
                        : Future.failedFuture("status " + response.statusCode())));
    }

    private static List<String> questions() throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                LevelsBenchmark.class.getResourceAsStream("/skynet/knowledge/acceptance.tsv"),
                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> Arrays.asList(line.split("\t", -1)).get(2))
                    .toList();
        }
    }
}
