package skynet.web;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import skynet.bus.Fault;

/** Answers a request that failed, as application/problem+json (RFC 9457) with the request's id and what to do next. */
final class Problem {
    static final String MEDIA_TYPE = "application/problem+json";

    private Problem() {}

    /** Answers with what a failure means. */
    static void answer(RoutingContext request, Throwable failure) {
        Refusal refusal = refusalOf(failure, FrontDoor.idOf(request));
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        int status = refusal.status();
        if (status == 503 || status == 429) {
            response.putHeader("Retry-After", "2");
        }
        if (status == 400 || status == 413) {
            response.putHeader("Connection", "close");
        }
        response.setStatusCode(status)
                .putHeader("Content-Type", MEDIA_TYPE)
                .end(json(refusal, FrontDoor.idOf(request)).toBuffer());
    }

    /** The same for a socket, where there is no status line. */
    static JsonObject json(Throwable failure, String requestId) {
        return json(refusalOf(failure, requestId), requestId);
    }

    private static JsonObject json(Refusal refusal, String requestId) {
        return new JsonObject()
                .put("type", "/docs/errors/" + refusal.slug())
                .put("title", refusal.slug().replace('-', ' '))
                .put("status", refusal.status())
                .put("detail", refusal.getMessage())
                .put("request_id", requestId)
                .put("fix", refusal.fix());
    }

    /** What is neither refused nor a {@link Fault} is our fault: it is logged, and strangers are not told. */
    private static Refusal refusalOf(Throwable failure, String requestId) {
        if (failure instanceof Refusal refusal) {
            return refusal;
        }
        if (failure instanceof Fault fault) {
            return refusal(fault.kind(), fault.getMessage());
        }
        if (failure instanceof IllegalArgumentException) {
            return refusal(Fault.Kind.INVALID, failure.getMessage());
        }
        System.getLogger("skynet.web").log(System.Logger.Level.ERROR, "request " + requestId + " broke", failure);
        return refusal(Fault.Kind.BROKEN, "The node failed to answer.");
    }

    private static Refusal refusal(Fault.Kind kind, String detail) {
        return new Refusal(kind.status(), slugOf(kind), detail, fixOf(kind));
    }

    static String slugOf(Fault.Kind kind) {
        return kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    static String fixOf(Fault.Kind kind) {
        return switch (kind) {
            case INVALID -> "Correct the request as the detail says; the API is described at /docs.";
            case DENIED -> "Ask an administrator of this node for the right to do this.";
            case ABSENT -> "Check the name; lists are described at /docs.";
            case CONFLICT -> "Read the current state and decide again.";
            case TOO_LARGE -> "Send less at once.";
            case BUSY, UNAVAILABLE -> "Try again shortly; /health says which part is not well.";
            case LATE -> "Repeat the same request with the same id.";
            case BROKEN -> "Look for the request id in the node's log.";
        };
    }
}
