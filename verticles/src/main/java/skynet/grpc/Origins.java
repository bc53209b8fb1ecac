package skynet.grpc;

import io.vertx.core.MultiMap;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * Which names this node answers to and which pages may call it. The same rule as at the front door: one Host, of a name
 * of ours; a page only from this node itself. A page comes from the other port, that of HTTP, so that one is known too.
 */
final class Origins {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> allowedHosts;
    private final IntSupplier pagesPort;

    Origins(List<String> allowedHosts, IntSupplier pagesPort) {
        this.allowedHosts = Set.copyOf(allowedHosts);
        this.pagesPort = pagesPort;
    }

    /** Whether a host, with or without its port, is a name of ours. */
    boolean knowsHost(String host) {
        String name = nameOf(host);
        return LOOPBACK.contains(name) || allowedHosts.contains(name);
    }

    /** Whether the page of these headers may call us; without an Origin it was no page. */
    boolean knowsPage(MultiMap headers, String host) {
        List<String> origins = headers.getAll("origin");
        if (origins.isEmpty()) {
            return true;
        }
        String authority = authorityOf(origins.get(0));
        if (origins.size() > 1 || authority == null || !nameOf(authority).equals(nameOf(host))) {
            return false;
        }
        boolean behindProxy = authority.equals(nameOf(authority)) && allowedHosts.contains(authority);
        return authority.equalsIgnoreCase(host)
                || authority.endsWith(":" + pagesPort.getAsInt())
                || pagesPort.getAsInt() == HTTP_PORT && authority.equals(nameOf(authority))
                || behindProxy;
    }

    private static final int HTTP_PORT = 80;

    private static String authorityOf(String origin) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority == null ? null : authority.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A host without its port, in lower case. */
    private static String nameOf(String host) {
        int colon = host.length();
        while (colon > 0 && Character.isDigit(host.charAt(colon - 1))) {
            colon--;
        }
        boolean port = colon > 0 && colon < host.length() && host.charAt(colon - 1) == ':';
        return (port ? host.substring(0, colon - 1) : host).toLowerCase(Locale.ROOT);
    }
}
