package skynet.cascade.tools;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import skynet.bus.Fault;

/**
 * The way to the providers whose addresses the owner of the node has set. It follows no redirects, shows no credential but what
 * stands in the address, reads at most {@value #BYTES_MAX} bytes, and gives up in time.
 */
final class Outside {
    static final int BYTES_MAX = 256 << 10;

    /** Asks on their way at once. */
    static final int ASKS_MAX = 8;

    private final HttpClient http;
    private final Duration patience;
    private int asking;

    Outside(Vertx vertx, Duration patience) {
        this.patience = patience;
        this.http = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) patience.toMillis())
                .setIdleTimeout((int) patience.toMillis() * 2)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxInitialLineLength(4_096)
                .setMaxHeaderSize(16_384)
                .setDecompressionSupported(false));
    }

    /** What is there, as text. */
    Future<String> text(String url) {
        if (asking >= ASKS_MAX) {
            return Future.failedFuture(new Fault(Fault.Kind.BUSY, "provider: asked too often at once"));
        }
        asking++;
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url)
                .putHeader("Accept", "application/json, text/plain;q=0.5")
                .putHeader("User-Agent", "skynet")
                .setTimeout(patience.toMillis());
        return http.request(options)
                .compose(request ->
                        request.send().compose(response -> body(response).onFailure(refused -> request.reset())))
                .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .map(body -> body.toString(StandardCharsets.UTF_8))
                .recover(failure -> Future.failedFuture(
                        failure instanceof Fault
                                ? failure
                                : new Fault(Fault.Kind.UNAVAILABLE, "provider: not reached, or not in time")))
                .onComplete(done -> asking--);
    }

    static JsonObject object(String text) {
        try {
            return new JsonObject(text);
        } catch (DecodeException | ClassCastException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "provider: its answer is no JSON object");
        }
    }

    /** The beginning of a text, never half a character. */
    static String cut(String text, int charsMax) {
        if (text.length() <= charsMax) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(charsMax - 1)) ? charsMax - 1 : charsMax;
        return text.substring(0, end) + "…";
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        Promise<Buffer> whole = Promise.promise();
        response.exceptionHandler(whole::tryFail);
        if (response.statusCode() != 200) {
            return Future.failedFuture(
                    new Fault(Fault.Kind.UNAVAILABLE, "provider: answered with " + response.statusCode()));
        }
        Buffer body = Buffer.buffer();
        response.handler(part -> {
            if (body.length() + part.length() > BYTES_MAX) {
                whole.tryFail(new Fault(
                        Fault.Kind.UNAVAILABLE, "provider: more than " + BYTES_MAX + " bytes (expected: fewer)"));
            } else {
                body.appendBuffer(part);
            }
        });
        response.endHandler(ended -> whole.tryComplete(body));
        return whole.future();
    }
}
