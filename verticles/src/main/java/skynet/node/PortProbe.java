package skynet.node;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds out whether a port is free by taking it for a moment. */
public final class PortProbe {
    private PortProbe() {}

    /** Fails with the system's reason when this process may not listen there. */
    public static void bind(String host, int port) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
        }
    }
}
