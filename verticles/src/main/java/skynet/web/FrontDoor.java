package skynet.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import skynet.kit.HttpConfig;
import skynet.kit.Trace;

/**
 * What every request passes first: a request id, the headers of a careful page, one known Host, an Origin of our own, a
 * bound on how many are inside at once.
 */
final class FrontDoor {
    /** Requests being answered at once; sockets have a bound of their own. */
    static final int INSIDE_MAX = 512;

    /**
     * Bytes of bodies inside at once, from their announcement until they are answered: a document waits with its text for
     * those before it. A body that does not say how long it is counts like the longest.
     */
    static final long BYTES_INSIDE_MAX = 64L << 20;

    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{8,64}");
    private static final Set<HttpMethod> UNSERVED = Set.of(HttpMethod.TRACE, HttpMethod.CONNECT);
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'%s; img-src 'self' data:; "
                    + "connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; "
                    + "base-uri 'none'; object-src 'none'; frame-ancestors 'none'";
    private static final CharSequence POLICY_NAME = HttpHeaders.createOptimized("Content-Security-Policy");
    private static final CharSequence PAGE_POLICY = HttpHeaders.createOptimized(POLICY.formatted(""));
    private static final CharSequence DOCS_POLICY = HttpHeaders.createOptimized(POLICY.formatted(" 'unsafe-inline'"));
    private static final List<Header> CAREFUL = List.of(
            Header.of("X-Content-Type-Options", "nosniff"),
            Header.of("X-Frame-Options", "DENY"),
            Header.of("Referrer-Policy", "no-referrer"),
            Header.of("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
            Header.of("Cross-Origin-Opener-Policy", "same-origin"),
            Header.of("Cross-Origin-Resource-Policy", "same-origin"),
            Header.of("Cache-Control", "no-store"));

    private static final String PLACE = "place";

    private final Set<String> names;
    private int inside;
    private long bytesInside;

    FrontDoor(HttpConfig config) {
        this.names = config.names();
    }

    static String idOf(RoutingContext request) {
        String id = request.get("request-id");
        return id == null ? "" : id;
    }

    /** Lets a request in or refuses it. */
    void enter(RoutingContext request) {
        HttpServerRequest http = request.request();
        String given = http.getHeader("X-Request-Id");
        String id = given != null && REQUEST_ID.matcher(given).matches() ? given : freshId();
        request.put("request-id", id);
        putHeaders(request, id);
        String trace = Trace.parent();
        if (!trace.isEmpty()) {
            request.response().putHeader("traceparent", trace);
        }
        Refusal refusal = refusalOf(http);
        if (refusal != null) {
            Problem.answer(request, refusal);
            return;
        }
        if (inside >= INSIDE_MAX) {
            Problem.answer(request, new Refusal(503, "busy", "Too many requests at once.", "Try again shortly."));
            return;
        }
        if (!http.path().startsWith("/ws/") && !http.path().startsWith("/eventbus/")) {
            long bytes = bytesOf(http);
            if (bytesInside + bytes > BYTES_INSIDE_MAX) {
                Problem.answer(request, new Refusal(503, "busy", "Too many bytes at once.", "Try again shortly."));
                http.connection().close();
                return;
            }
            inside++;
            bytesInside += bytes;
            Runnable place = once(() -> {
                inside--;
                bytesInside -= bytes;
            });
            request.put(PLACE, place);
            request.addEndHandler(ended -> place.run());
        }
        request.next();
    }

    /** An answer that may last for minutes takes no place from requests; it has a bound of its own. */
    static void giveBackPlace(RoutingContext request) {
        Runnable place = request.get(PLACE);
        if (place != null) {
            place.run();
        }
    }

    private static Runnable once(Runnable work) {
        boolean[] done = new boolean[1];
        return () -> {
            if (!done[0]) {
                done[0] = true;
                work.run();
            }
        };
    }

    /** What a body will take; one that is too long is refused later, before it is taken. */
    private static long bytesOf(HttpServerRequest http) {
        String announced = http.getHeader("Content-Length");
        if (announced == null) {
            return http.getHeader("Transfer-Encoding") == null ? 0 : KnowledgeRoutes.DOCUMENT_BYTES_MAX;
        }
        boolean readable = announced.length() <= 10 && announced.chars().allMatch(c -> c >= '0' && c <= '9');
        return readable
                ? Math.min(Long.parseLong(announced), KnowledgeRoutes.DOCUMENT_BYTES_MAX)
                : KnowledgeRoutes.DOCUMENT_BYTES_MAX;
    }

    /** Whether a page of this origin may speak to this node; a request without Origin comes from no page. */
    private static boolean knows(String origin, String host) {
        if (origin == null) {
            return true;
        }
        try {
            URI uri = URI.create(origin);
            return uri.getRawAuthority() != null && uri.getRawAuthority().equalsIgnoreCase(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Refusal refusalOf(HttpServerRequest http) {
        List<String> hosts = http.headers().getAll("Host");
        if (http.version() != HttpVersion.HTTP_1_1 && http.version() != HttpVersion.HTTP_1_0) {
            return invalid(505, "version", "HTTP version: not supported (expected: HTTP/1.1)");
        }
        if (hosts.size() != 1 || !allows(hosts.get(0))) {
            return new Refusal(
                    421, "host", "Host: not one of this node's names", "Add the name to SKYNET_HTTP_ALLOWED_HOSTS.");
        }
        if (UNSERVED.contains(http.method())) {
            return invalid(405, "method", http.method() + ": not served");
        }
        if (!http.uri().startsWith("/")) {
            return invalid(400, "target", "request target: not a path (expected: to begin with /)");
        }
        String coding = http.getHeader("Transfer-Encoding");
        if (coding != null && !coding.equalsIgnoreCase("chunked")) {
            return invalid(501, "transfer-encoding", "Transfer-Encoding: unknown (expected: chunked)");
        }
        if (!knows(http.getHeader("Origin"), hosts.get(0))) {
            return new Refusal(403, "origin", "Origin: a foreign page", "Open the page from this node's own address.");
        }
        return null;
    }

    private static Refusal invalid(int status, String slug, String detail) {
        return new Refusal(status, slug, detail, "Send a plain HTTP/1.1 request; the API is described at /docs.");
    }

    private boolean allows(String host) {
        return names.contains(withoutPort(host).toLowerCase(Locale.ROOT));
    }

    /** A name to find a request by, not a secret: fast dice are good enough. */
    private static String freshId() {
        ThreadLocalRandom dice = ThreadLocalRandom.current();
        return new UUID(dice.nextLong(), dice.nextLong()).toString();
    }

    /** A host without the port after it, which has one to five digits. */
    static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        int digits = host.length() - colon - 1;
        if (colon < 0 || digits < 1 || digits > 5) {
            return host;
        }
        for (int at = colon + 1; at < host.length(); at++) {
            if (host.charAt(at) < '0' || host.charAt(at) > '9') {
                return host;
            }
        }
        return host.substring(0, colon);
    }

    private static void putHeaders(RoutingContext request, String id) {
        String path = request.request().path();
        boolean docs = path != null && path.startsWith("/docs");
        HttpServerResponse response = request.response();
        response.putHeader("X-Request-Id", id).putHeader(POLICY_NAME, docs ? DOCS_POLICY : PAGE_POLICY);
        CAREFUL.forEach(header -> response.putHeader(header.name(), header.value()));
    }

    /** A header that goes out with every answer: its bytes are made once. */
    private record Header(CharSequence name, CharSequence value) {
        static Header of(String name, String value) {
            return new Header(HttpHeaders.createOptimized(name), HttpHeaders.createOptimized(value));
        }
    }
}
