package skynet.kit;

import java.util.List;
import java.util.Optional;

/**
 * How the node finds and meets the others. {@code port} is where members meet, the next one is where the bus runs;
 * {@code members} are the others' hosts and ports, {@code keys} the directory that {@code skynet cluster init} made.
 */
public record ClusterConfig(
        boolean enabled, String name, String host, int port, List<String> members, Optional<String> keys) {
    static final int MEMBERS_MAX = 99;
    static final int NAME_CHARS_MAX = 64;

    public ClusterConfig {
        if (!name.matches("[A-Za-z0-9._-]{1," + NAME_CHARS_MAX + "}")) {
            throw new IllegalArgumentException(
                    "cluster.name: " + name + " (expected: 1 to " + NAME_CHARS_MAX + " of A-Z a-z 0-9 . _ -)");
        }
        if (host.isBlank() || host.equals("0.0.0.0") || host.equals("::")) {
            throw new IllegalArgumentException(
                    "cluster.host: " + host + " (expected: the one address of this machine that the others reach)");
        }
        if (port < 1 || port >= Ports.MAX) {
            throw new IllegalArgumentException("cluster.port: " + port + " (expected: 1 to " + (Ports.MAX - 1) + ")");
        }
        if (members.size() > MEMBERS_MAX) {
            throw new IllegalArgumentException(
                    "cluster.members: " + members.size() + " (expected: at most " + MEMBERS_MAX + ")");
        }
        for (String member : members) {
            if (!member.matches("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):[0-9]{1,5}")) {
                throw new IllegalArgumentException("cluster.members: " + member + " (expected: host:port)");
            }
        }
        members = List.copyOf(members);
    }

    /** The port on which the bus runs. */
    public int busPort() {
        return port + 1;
    }
}
