package skynet.grpc;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.net.HostAndPort;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import skynet.bus.Fault;
import skynet.bus.Principal;
import skynet.kit.Identity;

/** What every request passes before it becomes a {@link Call}: a name of ours, a page of ours, a method that exists. */
final class Door implements Handler<HttpServerRequest> {
    private static final String ALLOWED_HEADERS =
            "authorization, content-type, grpc-timeout, x-grpc-web, x-request-id, x-user-agent";
    private static final String EXPOSED_HEADERS = "grpc-status, grpc-message, grpc-status-details-bin, x-request-id";
    private static final String PREFLIGHT_SECONDS = "600";

    /** In what shape a request comes: protobuf over HTTP/2, for browsers in bytes or in Base64, or none of these. */
    private enum Media {
        GRPC,
        WEB,
        WEB_TEXT,
        OTHER;

        private static Media of(String header) {
            if (header == null) {
                return OTHER;
            }
            int end = header.indexOf(';');
            return switch (end < 0 ? header : header.substring(0, end).strip()) {
                case "application/grpc", "application/grpc+proto" -> GRPC;
                case "application/grpc-web", "application/grpc-web+proto" -> WEB;
                case "application/grpc-web-text", "application/grpc-web-text+proto" -> WEB_TEXT;
                default -> OTHER;
            };
        }
    }

    private final Contract contract;
    private final Calls calls;
    private final Origins origins;
    private final Identity identity;

    Door(Contract contract, Calls calls, Origins origins, Identity identity) {
        this.contract = contract;
        this.calls = calls;
        this.origins = origins;
        this.identity = identity;
    }

    @Override
    public void handle(HttpServerRequest http) {
        Media media = Media.of(http.getHeader("content-type"));
        boolean known = media != Media.OTHER;
        boolean web = media == Media.WEB || media == Media.WEB_TEXT;
        String host = hostOf(http);
        if (host == null || !origins.knowsHost(host)) {
            refuse(http, known, web, 421, GrpcStatus.PERMISSION_DENIED, "host: not one of this node's names");
        } else if (!origins.knowsPage(http.headers(), host)) {
            refuse(http, known, web, 403, GrpcStatus.PERMISSION_DENIED, "origin: a foreign page");
        } else if (http.method().equals(HttpMethod.OPTIONS)) {
            preflight(http);
        } else if (!http.method().equals(HttpMethod.POST)) {
            refuse(http, false, web, 405, GrpcStatus.UNIMPLEMENTED, "method: not served here (expected: POST)");
        } else if (!known || !web && http.version() != HttpVersion.HTTP_2) {
            refuse(
                    http,
                    false,
                    web,
                    415,
                    GrpcStatus.INVALID_ARGUMENT,
                    "content-type: not served (expected: "
                            + "application/grpc over HTTP/2, or application/grpc-web+proto, application/grpc-web-text)");
        } else {
            call(http, web, media == Media.WEB_TEXT);
        }
    }

    private void call(HttpServerRequest http, boolean web, boolean text) {
        var method = contract.method(http.path());
        if (method.isEmpty()) {
            refuse(http, true, web, 200, GrpcStatus.UNIMPLEMENTED, "method: nothing is served under this name");
            return;
        }
        if (web && method.get().descriptor().isClientStreaming()) {
            refuse(http, true, true, 200, GrpcStatus.UNIMPLEMENTED, "method: browsers cannot stream; use Encode");
            return;
        }
        if (web) {
            share(http);
        }
        if (http.getHeader("grpc-encoding") == null) {
            // The library stumbles over a message marked as compressed when no encoding is named.
            http.headers().set("grpc-encoding", "unnamed");
        }
        HttpServerRequestInternal inner = (HttpServerRequestInternal) http;
        HttpServerRequestInternal shape = text ? new WebText(inner) : inner;
        String shown = http.getHeader("authorization");
        if (shown == null || method.get().scope().isEmpty()) {
            enter(method.get(), identity.guest(), shape, web);
            return;
        }
        http.pause();
        identify(shown)
                .onSuccess(caller -> {
                    enter(method.get(), caller, shape, web);
                    http.resume();
                })
                .onFailure(failure -> {
                    refuse(http, web, Verdict.of(failure, Call.requestId(http)));
                    http.resume();
                });
    }

    private Future<Principal> identify(String shown) {
        String token = Identity.tokenOf(shown);
        return token.isEmpty()
                ? Future.failedFuture(new Fault(Fault.Kind.UNAUTHENTICATED, "authorization: not Bearer with a token"))
                : identity.of(token);
    }

    /** Lets a caller in who may call this method. */
    private void enter(Contract.Method method, Principal caller, HttpServerRequestInternal http, boolean web) {
        String scope = method.scope();
        try {
            if (!scope.isEmpty() && !caller.may(scope)) {
                throw caller.isGuest()
                        ? new Refusal(
                                GrpcStatus.UNAUTHENTICATED, "authorization: missing (expected: Bearer with a token)")
                        : new Refusal(
                                GrpcStatus.PERMISSION_DENIED, "scope: " + scope + " is not among those of this token");
            }
            calls.enter(method, caller, http);
        } catch (Refusal | Fault refused) {
            refuse(http, web, Verdict.of(refused, Call.requestId(http)));
        }
    }

    /** A browser asks whether a page may call; the Origin was looked at before. */
    private void preflight(HttpServerRequest http) {
        share(http);
        http.response()
                .setStatusCode(204)
                .putHeader("access-control-allow-methods", "POST")
                .putHeader("access-control-allow-headers", ALLOWED_HEADERS)
                .putHeader("access-control-max-age", PREFLIGHT_SECONDS)
                .end();
    }

    private static void share(HttpServerRequest http) {
        String origin = http.getHeader("origin");
        if (origin != null) {
            http.response()
                    .putHeader("access-control-allow-origin", origin)
                    .putHeader("access-control-expose-headers", EXPOSED_HEADERS)
                    .putHeader("vary", "Origin");
        }
    }

    /** Says no: to a gRPC caller with a status in its own language, to anybody else with one of HTTP. */
    private static void refuse(
            HttpServerRequest http, boolean grpc, boolean web, int httpStatus, GrpcStatus status, String message) {
        if (grpc) {
            refuse(http, web, new Verdict(status, message));
        } else {
            answer(http, Call.requestId(http))
                    .setStatusCode(httpStatus)
                    .putHeader("content-type", "text/plain; charset=utf-8")
                    .end(message + "\n", StandardCharsets.UTF_8.name());
        }
    }

    private static void refuse(HttpServerRequest http, boolean web, Verdict verdict) {
        String id = Call.requestId(http);
        answer(http, id)
                .putHeader("content-type", web ? "application/grpc-web+proto" : "application/grpc")
                .putHeader("grpc-status", verdict.status().toString())
                .putHeader("grpc-message", verdict.header())
                .putHeader(Details.TRAILER, Details.of(verdict, id))
                .end();
    }

    private static HttpServerResponse answer(HttpServerRequest http, String id) {
        HttpServerResponse response = http.response();
        if (http.version() != HttpVersion.HTTP_2) {
            response.putHeader("connection", "close");
        }
        return response.putHeader("x-request-id", id);
    }

    /** The one host that was asked for; null when there is none or more than one. */
    private static String hostOf(HttpServerRequest http) {
        List<String> hosts = http.headers().getAll("host");
        HostAndPort authority = http.authority();
        if (hosts.size() > 1 || authority == null) {
            return null;
        }
        String name = authority.host();
        return authority.port() < 0 ? name : name + ":" + authority.port();
    }
}
