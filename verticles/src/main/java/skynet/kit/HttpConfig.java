package skynet.kit;

import java.net.URI;
import java.util.List;

/** Where the node answers HTTP. Port 0 takes any free one; {@code allowedHosts} are names it answers to besides its own. */
public record HttpConfig(String host, int port, List<String> allowedHosts) {
    static final int ALLOWED_HOSTS_MAX = 64;

    public HttpConfig {
        if (host.isBlank() || host.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException("http.host: " + host + " (expected: a name or an address)");
        }
        Ports.check("http.port", port);
        if (allowedHosts.size() > ALLOWED_HOSTS_MAX) {
            throw new IllegalArgumentException("http.allowed-hosts: " + allowedHosts.size()
                    + " names (expected: at most " + ALLOWED_HOSTS_MAX + ")");
        }
        allowedHosts = List.copyOf(allowedHosts);
    }

    /** Where a program on this machine finds the node that really listens on {@code openPort}. */
    public URI address(int openPort) {
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        String name = everywhere ? "127.0.0.1" : host;
        boolean bare = name.contains(":") && !name.startsWith("[");
        return URI.create("http://" + (bare ? "[" + name + "]" : name) + ":" + openPort);
    }
}
