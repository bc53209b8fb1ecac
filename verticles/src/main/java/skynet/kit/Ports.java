package skynet.kit;

/** The bounds of a port number. */
final class Ports {
    static final int MAX = 65_535;

    private Ports() {}

    static void check(String key, int port) {
        if (port < 0 || port > MAX) {
            throw new IllegalArgumentException(key + ": " + port + " (expected: 0 to " + MAX + ")");
        }
    }
}
