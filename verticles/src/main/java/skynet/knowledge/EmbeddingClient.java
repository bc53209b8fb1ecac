package skynet.knowledge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import skynet.bus.Fault;

/**
 * A model at an address that speaks OpenAI's {@code /embeddings}. What it answers is read with suspicion: at most {@value
 * #BYTES_MAX} bytes, a vector for each text, all of one length. Redirects are not followed, and the key is in no message.
 */
final class EmbeddingClient implements Model {
    private static final int BYTES_MAX = 8 << 20;
    private static final int CONNECTIONS_MAX = 8;
    private static final int WAITING_MAX = 64;
    private static final int CONNECT_MILLIS_MAX = 2_000;
    private static final int OK = 200;

    /** By which an endpoint says that it does not take what it was given. All else may pass, or is the settings' fault. */
    private static final Set<Integer> NOT_TAKEN = Set.of(400, 413, 422);

    private final Vertx vertx;
    private final EmbeddingConfig config;
    private final HttpClient http;

    EmbeddingClient(Vertx vertx, EmbeddingConfig config) {
        this.vertx = vertx;
        this.config = config;
        this.http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout(CONNECT_MILLIS_MAX)
                        .setIdleTimeout(1)
                        .setIdleTimeoutUnit(TimeUnit.MINUTES),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(WAITING_MAX));
    }

    @Override
    public String name() {
        return config.model().orElseThrow();
    }

    @Override
    public Future<List<float[]>> vectors(List<String> texts, Duration patience) {
        JsonObject asked = new JsonObject()
                .put("model", name())
                .put("input", new JsonArray(texts))
                .put("encoding_format", "float");
        if (config.dimensions() > 0) {
            asked.put("dimensions", config.dimensions());
        }
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(config.url() + "/embeddings")
                .setTimeout(patience.toMillis())
                .setFollowRedirects(false)
                .putHeader("Content-Type", "application/json");
        config.apiKey().ifPresent(key -> options.putHeader("Authorization", "Bearer " + key));
        return http.request(options)
                .compose(request -> request.send(asked.toBuffer()))
                .compose(this::body)
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .compose(body -> vertx.executeBlocking(() -> read(body, texts.size()), false))
                .recover(failure -> Future.failedFuture(
                        failure instanceof Fault
                                ? failure
                                : unavailable("cannot be reached ("
                                        + failure.getClass().getSimpleName() + ")")));
    }

    private Future<Buffer> body(HttpClientResponse response) {
        if (response.statusCode() != OK) {
            response.exceptionHandler(unread -> {});
            response.request().reset();
            String why = "answers " + response.statusCode();
            throw NOT_TAKEN.contains(response.statusCode()) ? fault(Fault.Kind.UNREADABLE, why) : unavailable(why);
        }
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(part -> {
            if (body.length() + part.length() > BYTES_MAX) {
                whole.tryFail(unavailable("answers more than " + BYTES_MAX + " bytes"));
                response.request().reset();
            } else {
                body.appendBuffer(part);
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(end -> whole.tryComplete(body));
        return whole.future();
    }

    private List<float[]> read(Buffer body, int count) {
        float[][] vectors = new float[count][];
        try {
            JsonArray data = new JsonObject(body).getJsonArray("data", new JsonArray());
            for (int i = 0; i < data.size(); i++) {
                JsonObject one = data.getJsonObject(i);
                vectors[one.getInteger("index", i)] = vector(one.getJsonArray("embedding"));
            }
        } catch (DecodeException | ClassCastException | NullPointerException | IndexOutOfBoundsException e) {
            throw unavailable("answers something else than vectors in JSON");
        }
        int dimensions = vectors[0] == null ? 0 : vectors[0].length;
        boolean whole = Arrays.stream(vectors).allMatch(vector -> vector != null && vector.length == dimensions);
        int wanted = config.dimensions();
        if (!whole || dimensions < 2 || dimensions > Embedder.DIMENSIONS_MAX || wanted > 0 && dimensions != wanted) {
            throw unavailable("answers " + dimensions + " dimensions for the first of " + count + " texts (expected: "
                    + (wanted > 0 ? wanted : "2 to " + Embedder.DIMENSIONS_MAX) + " for each)");
        }
        return List.of(vectors);
    }

    private static float[] vector(JsonArray values) {
        float[] vector = new float[Math.min(values.size(), Embedder.DIMENSIONS_MAX + 1)];
        double squares = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] = ((Number) values.getValue(i)).floatValue();
            squares += (double) vector[i] * vector[i];
        }
        if (!(squares > 0) || Double.isInfinite(squares)) {
            throw new ClassCastException("no direction");
        }
        float scale = (float) (1 / Math.sqrt(squares));
        for (int i = 0; i < vector.length; i++) vector[i] *= scale;
        return vector;
    }

    private Fault unavailable(String why) {
        return fault(Fault.Kind.UNAVAILABLE, why);
    }

    private Fault fault(Fault.Kind kind, String why) {
        return new Fault(kind, "model: " + name() + " at " + config.url() + " " + why);
    }

    @Override
    public Future<Void> close() {
        return http.close();
    }
}
