package skynet.web;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import skynet.bus.Fault;
import skynet.bus.TooLarge;

/** Answers a request that failed, as application/problem+json (RFC 9457) with the request's id and what to do next. */
final class Problem {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final System.Logger LOG = System.getLogger("skynet.web");

    private Problem() {}

    /** Answers with what a failure means. */
    static void answer(RoutingContext request, Throwable failure) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        String id = FrontDoor.idOf(request);
        Refusal refusal = refusalOf(failure);
        log(refusal, failure, id, request.request().method() + " " + request.normalizedPath());
        if (response.headWritten()) {
            response.reset();
            return;
        }
        int status = refusal.status();
        if (passes(refusal) && !response.headers().contains("Retry-After")) {
            response.putHeader("Retry-After", Integer.toString(refusal.retrySeconds()));
        }
        if (status == 401) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        if (status == 400 || status == 413) {
            response.putHeader("Connection", "close");
        }
        boolean openAi = OpenAiError.speaks(request.request().path());
        response.setStatusCode(status)
                .putHeader("Content-Type", openAi ? "application/json" : MEDIA_TYPE)
                .end((openAi ? OpenAiError.json(refusal) : json(refusal, id)).toBuffer());
    }

    /** The same for a socket, where there is no status line; what was asked there has a name instead of a path. */
    static JsonObject json(Throwable failure, String requestId, String asked) {
        Refusal refusal = refusalOf(failure);
        log(refusal, failure, requestId, asked);
        return json(refusal, requestId);
    }

    private static JsonObject json(Refusal refusal, String requestId) {
        JsonObject json = new JsonObject()
                .put("type", "/docs/errors/" + refusal.slug())
                .put("title", refusal.slug().replace('-', ' '))
                .put("status", refusal.status())
                .put("detail", refusal.getMessage())
                .put("request_id", requestId)
                .put("fix", refusal.fix());
        // A stream and a socket have no header for it.
        return passes(refusal) ? json.put("retry_after", refusal.retrySeconds()) : json;
    }

    /** Whether the same request is of use after a while. */
    private static boolean passes(Refusal refusal) {
        return refusal.status() == 503 || refusal.status() == 429;
    }

    /** What is neither refused nor a {@link Fault} is our fault, and strangers are not told what it was. */
    private static Refusal refusalOf(Throwable failure) {
        if (failure instanceof Refusal refusal) {
            return refusal;
        }
        if (failure instanceof Fault fault) {
            return fault.retrySeconds() > 0
                    ? new Refusal(
                            fault.kind().status(),
                            slugOf(fault.kind()),
                            fault.getMessage(),
                            fixOf(fault.kind()),
                            fault.retrySeconds())
                    : refusal(fault.kind(), fault.getMessage());
        }
        if (failure instanceof TooLarge) {
            return refusal(Fault.Kind.TOO_LARGE, failure.getMessage());
        }
        if (failure instanceof IllegalArgumentException) {
            return refusal(Fault.Kind.INVALID, failure.getMessage());
        }
        if (failure instanceof HttpException http && http.getStatusCode() / 100 == 4) {
            return new Refusal(
                    http.getStatusCode(),
                    slugOf(Fault.Kind.INVALID),
                    "request: malformed (expected: HTTP, percent-encoded UTF-8 in its target)",
                    fixOf(Fault.Kind.INVALID));
        }
        return refusal(Fault.Kind.BROKEN, "The node failed to answer.");
    }

    /** What broke is found in the log by the id that the answer carries; what was refused, only at level debug. */
    private static void log(Refusal refusal, Throwable failure, String requestId, String asked) {
        String line = "request " + requestId + " (" + asked + "): " + refusal.status() + " " + failure.getMessage();
        if (refusal.status() == Fault.Kind.BROKEN.status()) {
            LOG.log(System.Logger.Level.ERROR, line, failure);
        } else {
            LOG.log(System.Logger.Level.DEBUG, line);
        }
    }

    private static Refusal refusal(Fault.Kind kind, String detail) {
        return new Refusal(kind.status(), slugOf(kind), detail, fixOf(kind));
    }

    static String slugOf(Fault.Kind kind) {
        return kind.slug();
    }

    static String fixOf(Fault.Kind kind) {
        return switch (kind) {
            case INVALID ->
                "Correct the request as the detail says, or the setting that it names; the API is described at /docs.";
            case DENIED -> "Ask an administrator of this node for the right to do this.";
            case ABSENT -> "Check the name; lists are described at /docs.";
            case CONFLICT -> "Read the current state and decide again.";
            case TOO_LARGE -> "Send less at once.";
            case BUSY, UNAVAILABLE -> "Try again shortly; /health says which part is not well.";
            case LATE -> "Repeat the same request with the same id.";
            case UNAUTHENTICATED ->
                "Send Authorization: Bearer with a token or a key; POST /api/auth/login gives a token.";
            case THROTTLED -> "Wait as long as Retry-After says.";
            case UNSUPPORTED -> "Send it as one of the kinds that the detail names.";
            case UNREADABLE -> "Look at the file: the detail says what is wrong with it.";
            case FULL -> "Try again when room has been made: a receiver acknowledges, or an operator frees space.";
            case BROKEN -> "Look for the request id in the node's log.";
        };
    }
}
