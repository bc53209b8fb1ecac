package skynet.web;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/**
 * The cookie in which a browser keeps its session: unreadable to scripts and never sent from foreign pages. Its name binds
 * it to this host and to TLS; on the node's own machine, where there is no TLS, it has a name of its own.
 */
final class Cookies {
    /** Shown by our own scripts with whatever changes something: no foreign page can, without being asked first. */
    static final String PAGE_HEADER = "X-Skynet-Page";

    private static final String BOUND = "__Host-skynet";
    private static final String PLAIN = "skynet-session";
    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private Cookies() {}

    /** The session that a browser keeps; empty when it keeps none. */
    static String tokenOf(HttpServerRequest request) {
        Cookie cookie = request.getCookie(nameFor(request));
        return cookie == null ? "" : cookie.getValue();
    }

    /**
     * Whether a request with a cookie comes from a page of ours: what changes something shows the header, and a socket the
     * Origin, which the front door has compared with the host.
     */
    static boolean isOfOurPage(HttpServerRequest request) {
        boolean socket = "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
        return READS.contains(request.method())
                ? !socket || request.getHeader("Origin") != null
                : request.getHeader(PAGE_HEADER) != null;
    }

    static void keep(HttpServerRequest request, String token, int seconds) {
        request.response()
                .addCookie(Cookie.cookie(nameFor(request), token)
                        .setPath("/")
                        .setHttpOnly(true)
                        .setSameSite(CookieSameSite.STRICT)
                        .setSecure(!isOnLoopback(request))
                        .setMaxAge(seconds));
    }

    static void drop(HttpServerRequest request) {
        keep(request, "", 0);
    }

    /** What this node is called in a request, with its scheme: a browser keeps the cookie only under TLS or on loopback. */
    static String originOf(HttpServerRequest request) {
        return (isOnLoopback(request) ? "http://" : "https://") + request.getHeader("Host");
    }

    private static String nameFor(HttpServerRequest request) {
        return isOnLoopback(request) ? PLAIN : BOUND;
    }

    private static boolean isOnLoopback(HttpServerRequest request) {
        String host = String.valueOf(request.getHeader("Host")).replaceAll(":\\d+$", "");
        return host.equalsIgnoreCase("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }
}
