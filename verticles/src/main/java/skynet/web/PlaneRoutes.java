package skynet.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import skynet.kit.Asset;

/**
 * The door of the plane: every token's point as one download, or a range of it. The bytes are made by a worker when first
 * asked for and then shared by all; a reader gets them piece by piece, as fast as it takes them, so that slow readers hold
 * no copies. They are not compressed: gzip would only halve them, and takes longer than a local network.
 */
final class PlaneRoutes {
    /** Readers at once; more are told to come back, so that slow ones cannot take every place in the node. */
    static final int READERS_MAX = 128;

    /** Bytes given to the connection at once. */
    private static final int PIECE_BYTES = 32 << 10;

    /** Bytes written before others have their turn on the event loop. */
    private static final int TURN_BYTES = 8 * PIECE_BYTES;

    private static final String FOREVER = "public, max-age=31536000, immutable";

    private final Vertx vertx;
    private final Asset plane;
    private Future<Buffer> made;
    private int readers;

    PlaneRoutes(Vertx vertx, Asset plane) {
        this.vertx = vertx;
        this.plane = plane;
    }

    void mount(Router router) {
        router.get("/v1/dictionary/plane").handler(this::serve);
        router.head("/v1/dictionary/plane").handler(this::serve);
    }

    private void serve(RoutingContext request) {
        try {
            Exchange.Query query = new Exchange.Query(request, Set.of("v"));
            if (query.has("v") && !query.text("v").equals(plane.version())) {
                throw new Refusal(
                        404,
                        "absent",
                        "v: another dictionary than this node's",
                        "GET /v1/stats names the version; without v you get the present one.");
            }
        } catch (RuntimeException e) {
            Problem.answer(request, e);
            return;
        }
        bytes().onSuccess(bytes -> answer(request, bytes)).onFailure(failure -> Problem.answer(request, failure));
    }

    private Future<Buffer> bytes() {
        if (made == null || made.failed()) {
            made = vertx.executeBlocking(() -> plane.make().get());
        }
        return made;
    }

    private void answer(RoutingContext request, Buffer bytes) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        if (readers >= READERS_MAX) {
            Problem.answer(request, new Refusal(503, "busy", "plane: too many readers at once", "Try again shortly."));
            return;
        }
        String etag = '"' + plane.version() + '"';
        response.putHeader("ETag", etag)
                .putHeader("Accept-Ranges", "bytes")
                .putHeader("Cache-Control", request.queryParams().contains("v") ? FOREVER : "no-cache");
        if (etag.equals(request.request().getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
            return;
        }
        String condition = request.request().getHeader("If-Range");
        String range = request.request().getHeader("Range");
        ByteRange wanted = range == null || (condition != null && !condition.equals(etag))
                ? ByteRange.whole(bytes.length())
                : ByteRange.parse(range, bytes.length());
        if (wanted.isEmpty()) {
            response.putHeader("Content-Range", "bytes */" + bytes.length());
            Problem.answer(
                    request,
                    new Refusal(
                            416,
                            "range",
                            "Range: outside of " + bytes.length() + " bytes",
                            "Ask for bytes that are there."));
            return;
        }
        if (wanted.partial()) {
            response.setStatusCode(206)
                    .putHeader(
                            "Content-Range", "bytes " + wanted.from() + "-" + (wanted.to() - 1) + "/" + bytes.length());
        }
        response.putHeader("Content-Type", "application/octet-stream")
                .putHeader("Content-Length", Integer.toString(wanted.to() - wanted.from()));
        if (HttpMethod.HEAD.equals(request.request().method())) {
            response.end();
        } else {
            readers++;
            request.addEndHandler(ended -> readers--);
            pour(response, bytes, wanted.from(), wanted.to());
        }
    }

    /** Writes while the connection takes it, lets others have their turn, and goes on when it has drained. */
    private void pour(HttpServerResponse response, Buffer bytes, int from, int to) {
        int at = from;
        while (at < to && !response.closed()) {
            int rest = at;
            if (response.writeQueueFull()) {
                response.drainHandler(drained -> {
                    response.drainHandler(null);
                    pour(response, bytes, rest, to);
                });
                return;
            }
            if (at - from >= TURN_BYTES) {
                vertx.runOnContext(turn -> pour(response, bytes, rest, to));
                return;
            }
            int next = Math.min(to, at + PIECE_BYTES);
            response.write(bytes.slice(at, next));
            at = next;
        }
        if (!response.closed()) {
            response.end();
        }
    }
}
