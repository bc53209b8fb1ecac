package skynet.kit;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the node answers HTTP. Port 0 takes any free one; {@code allowedHosts} are names it answers to besides its own. */
public record HttpConfig(String host, int port, List<String> allowedHosts, Proxies trustedProxies) {
    static final int ALLOWED_HOSTS_MAX = 64;

    /** A node that is behind no proxy. */
    public HttpConfig(String host, int port, List<String> allowedHosts) {
        this(host, port, allowedHosts, Proxies.NONE);
    }

    public HttpConfig {
        if (host.isBlank() || host.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException("http.host: " + host + " (expected: a name or an address)");
        }
        Ports.check("http.port", port);
        if (allowedHosts.size() > ALLOWED_HOSTS_MAX) {
            throw new IllegalArgumentException("http.allowed-hosts: " + allowedHosts.size()
                    + " names (expected: at most " + ALLOWED_HOSTS_MAX + ")");
        }
        allowedHosts =
                allowedHosts.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    /** What a request may call this node in its Host, in small letters and without a port: own names and allowed ones. */
    public Set<String> names() {
        Stream<String> loopback = Stream.of("localhost", "127.0.0.1", "[::1]");
        Stream<String> own =
                everywhere() ? Stream.of() : Stream.of(bracketed(host).toLowerCase(Locale.ROOT));
        return Stream.of(loopback, own, allowedHosts.stream())
                .flatMap(names -> names)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Where a program on this machine finds the node that really listens on {@code openPort}. */
    public URI address(int openPort) {
        return URI.create("http://" + bracketed(everywhere() ? "127.0.0.1" : host) + ":" + openPort);
    }

    /** Whether only this machine reaches the node: with a name of its own there is a proxy that others speak to. */
    public boolean isLoopback() {
        return allowedHosts.isEmpty() && trustedProxies.isEmpty() && onLoopback();
    }

    private boolean onLoopback() {
        return host.equalsIgnoreCase("localhost") || host.startsWith("127.") || host.equals("::1");
    }

    private boolean everywhere() {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    private static String bracketed(String name) {
        return name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
    }
}
