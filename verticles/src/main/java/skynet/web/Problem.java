package skynet.web;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import skynet.bus.Fault;

/** Answers a request that failed, as application/problem+json (RFC 9457) with the request's id and what to do next. */
final class Problem {
    static final String MEDIA_TYPE = "application/problem+json";

    private Problem() {}

    /** Answers with what a failure means; what is no {@link Fault} is our fault and is not told to strangers. */
    static void answer(RoutingContext request, Throwable failure) {
        if (failure instanceof Refusal refusal) {
            answer(request, refusal.status(), refusal.slug(), refusal.getMessage(), refusal.fix());
        } else if (failure instanceof Fault fault) {
            answer(request, fault.kind().status(), slugOf(fault.kind()), fault.getMessage(), fixOf(fault.kind()));
        } else if (failure instanceof IllegalArgumentException) {
            answer(request, 400, "invalid", failure.getMessage(), fixOf(Fault.Kind.INVALID));
        } else {
            System.getLogger("skynet.web")
                    .log(System.Logger.Level.ERROR, "request " + FrontDoor.idOf(request) + " broke", failure);
            answer(request, 500, "broken", "The node failed to answer.", "Look for the request id in the node's log.");
        }
    }

    static void answer(RoutingContext request, int status, String slug, String detail, String fix) {
        if (request.response().ended() || request.response().closed()) {
            return;
        }
        if (request.response().headWritten()) {
            request.response().reset();
            return;
        }
        if (status == 503 || status == 429) {
            request.response().putHeader("Retry-After", "2");
        }
        if (status == 400 || status == 413) {
            request.response().putHeader("Connection", "close");
        }
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", MEDIA_TYPE)
                .end(json(status, slug, detail, fix, FrontDoor.idOf(request)).toBuffer());
    }

    static JsonObject json(int status, String slug, String detail, String fix, String requestId) {
        return new JsonObject()
                .put("type", "/docs/errors/" + slug)
                .put("title", slug.replace('-', ' '))
                .put("status", status)
                .put("detail", detail)
                .put("request_id", requestId)
                .put("fix", fix);
    }

    /** The same for a socket, where there is no status line. */
    static JsonObject json(Throwable failure, String requestId) {
        if (failure instanceof Fault fault) {
            Fault.Kind kind = fault.kind();
            return json(kind.status(), slugOf(kind), fault.getMessage(), fixOf(kind), requestId);
        }
        if (failure instanceof Refusal refusal) {
            return json(refusal.status(), refusal.slug(), refusal.getMessage(), refusal.fix(), requestId);
        }
        if (failure instanceof IllegalArgumentException) {
            return json(400, "invalid", failure.getMessage(), fixOf(Fault.Kind.INVALID), requestId);
        }
        return json(500, "broken", "The node failed to answer.", fixOf(Fault.Kind.BROKEN), requestId);
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
