package skynet.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in for a model behind OpenAI's {@code /embeddings}: a text's vector is the sum of one for each of its words, so that
 * texts with common words are near. Whose they are shows in their directions: two of different seeds have nothing in common.
 */
public final class StandInModel implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final int dimensions;
    private final int seed;
    private final AtomicInteger texts = new AtomicInteger();
    private final AtomicInteger largest = new AtomicInteger();
    private volatile HttpServer server;
    private volatile boolean gone;
    private volatile int millis;
    private volatile String refused = "";
    private volatile int longest = Integer.MAX_VALUE;

    private StandInModel(int dimensions, int seed) {
        this.dimensions = dimensions;
        this.seed = seed;
    }

    /** Starts one on a free port. */
    public static StandInModel start(int dimensions, int seed) throws Exception {
        StandInModel model = new StandInModel(dimensions, seed);
        model.server = model.vertx
                .createHttpServer()
                .requestHandler(model::serve)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        return model;
    }

    public String baseUrl() {
        return "http://127.0.0.1:" + server.actualPort() + "/v1";
    }

    /** From now on it refuses, or answers again. */
    public void gone(boolean now) {
        gone = now;
    }

    /** How long it takes for each request. */
    public void slow(int millisEach) {
        millis = millisEach;
    }

    /** From now on it takes no request with such a text, or with a longer one. */
    public void refuse(String word, int moreThan) {
        refused = word;
        longest = moreThan;
    }

    /** How many texts it was asked for. */
    public int texts() {
        return texts.get();
    }

    /** The most texts of one request. */
    public int largest() {
        return largest.get();
    }

    private void serve(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            if (gone || !request.path().equals("/v1/embeddings")) {
                request.response().setStatusCode(503).end();
                return;
            }
            JsonArray input = body.toJsonObject().getJsonArray("input");
            texts.addAndGet(input.size());
            largest.accumulateAndGet(input.size(), Math::max);
            if (input.stream().map(String.class::cast).anyMatch(this::isRefused)) {
                request.response().setStatusCode(400).end();
                return;
            }
            JsonArray data = new JsonArray();
            for (int i = 0; i < input.size(); i++) {
                data.add(new JsonObject()
                        .put("object", "embedding")
                        .put("index", i)
                        .put("embedding", meaning(input.getString(i))));
            }
            String answer =
                    new JsonObject().put("object", "list").put("data", data).encode();
            vertx.setTimer(Math.max(1, millis), passed -> request.response()
                    .putHeader("Content-Type", "application/json")
                    .end(answer));
        });
    }

    private boolean isRefused(String text) {
        return text.length() > longest || !refused.isEmpty() && text.startsWith(refused);
    }

    private JsonArray meaning(String text) {
        float[] sum = new float[dimensions];
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")) {
            long state = 31L * word.hashCode() + seed;
            for (int i = 0; i < dimensions; i++) {
                state = state * 6364136223846793005L + 1442695040888963407L;
                sum[i] += (float) (state >> 40) / (1 << 23);
            }
        }
        JsonArray vector = new JsonArray();
        for (float value : sum) vector.add(value);
        return vector;
    }

    @Override
    public void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
