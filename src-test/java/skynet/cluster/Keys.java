package skynet.cluster;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import skynet.kit.ClusterConfig;
import skynet.node.cluster.ClusterKeys;
import skynet.node.cluster.KeyMaker;

/** The keys of a cluster of the tests, as its members use them and as somebody with a socket does. */
public final class Keys {
    private static final int PORT_MIN = 12_000;
    private static final int PORT_MAX = 32_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;

    private Keys(Path directory) {
        this.directory = directory;
    }

    /** Makes the keys of a cluster in a directory that does not exist yet. */
    public static Keys make(Path directory) {
        KeyMaker.make(directory, RANDOM);
        return new Keys(directory);
    }

    /** Where they are. */
    public Path directory() {
        return directory;
    }

    /** The keys as a member reads them. */
    public ClusterKeys read() {
        return ClusterKeys.read(directory);
    }

    /** A TLS connection that shows these keys. */
    SSLSocket connect(int port) throws Exception {
        char[] password =
                Files.readString(directory.resolve("password")).strip().toCharArray();
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(store("member.p12", password), password);
        TrustManagerFactory authority = TrustManagerFactory.getInstance("PKIX");
        authority.init(store("trust.p12", password));
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(own.getKeyManagers(), authority.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private KeyStore store(String file, char[] password) throws Exception {
        return KeyStore.getInstance(directory.resolve(file).toFile(), password);
    }

    /** The settings of a member at a port of loopback that looks for others at theirs. */
    public static ClusterConfig config(int port, int... others) {
        return new ClusterConfig(
                true,
                "tests",
                "127.0.0.1",
                port,
                java.util.Arrays.stream(others)
                        .mapToObj(other -> "127.0.0.1:" + other)
                        .toList(),
                Optional.empty());
    }

    /** A port that is free together with the next one, below those that the system gives to whoever asks for any. */
    public static int freePair() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = RANDOM.nextInt(PORT_MIN, PORT_MAX);
            try (ServerSocket first = new ServerSocket(port, 1, loopback);
                    ServerSocket second = new ServerSocket(port + 1, 1, loopback)) {
                return first.getLocalPort();
            } catch (java.io.IOException taken) {
                // Another pair.
            }
        }
        throw new IllegalStateException("no two free ports in a row");
    }
}
