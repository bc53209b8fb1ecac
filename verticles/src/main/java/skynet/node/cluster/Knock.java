package skynet.node.cluster;

import static skynet.kit.ExitCode.NOT_ALLOWED;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import skynet.kit.StartFailure;

/**
 * Knocks at the members' doors before joining. One that is not there yet is no problem; one that holds other keys is: the
 * node would found a cluster of its own beside it, on the same database.
 */
final class Knock {
    private static final int PATIENCE_MILLIS = 2_000;

    private final ClusterKeys keys;

    Knock(ClusterKeys keys) {
        this.keys = keys;
    }

    void at(List<InetSocketAddress> members) {
        members.forEach(this::answered);
    }

    /** Whether this one is there; one that is not may start later, and will then find us. */
    boolean answered(InetSocketAddress member) {
        try (Socket plain = new Socket()) {
            plain.connect(member, PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            shake(plain, member);
            return true;
        } catch (SSLException e) {
            throw new StartFailure(
                    NOT_ALLOWED,
                    "cluster.members: " + member.getHostString() + ":" + member.getPort()
                            + " does not hold our keys: " + e.getMessage()
                            + " (expected: a member of the same cluster)",
                    "give all members one and the same directory made by `skynet cluster init`, and check the port",
                    e);
        } catch (IOException absent) {
            return false;
        }
    }

    private void shake(Socket plain, InetSocketAddress member) throws IOException {
        try (SSLSocket secure = (SSLSocket)
                keys.context().getSocketFactory().createSocket(plain, member.getHostString(), member.getPort(), true)) {
            secure.setEnabledProtocols(new String[] {ClusterKeys.PROTOCOL});
            secure.startHandshake();
            secure.setSoTimeout(PATIENCE_MILLIS / 10);
            // With TLS 1.3 a refusal of our certificate comes only after our side is done.
            secure.getInputStream().read();
        } catch (SocketTimeoutException silent) {
            // No refusal came: it waits for us to speak.
        }
    }
}
