package skynet.node.cluster;

import static skynet.kit.ExitCode.BAD_SETTINGS;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import skynet.bus.door.BusDoor;
import skynet.kit.ClusterConfig;
import skynet.kit.StartFailure;

/**
 * What proves that a node belongs to the cluster: a key with the authority's signature, and the authority's certificate.
 * Every byte between members passes TLS 1.3 in which both sides show theirs.
 */
public final class ClusterKeys {
    static final String PROTOCOL = "TLSv1.3";
    static final String MEMBER = "member.p12";
    static final String TRUST = "trust.p12";
    static final String PASSWORD = "password";
    static final String STORE_TYPE = "PKCS12";

    private final SSLContext context;
    private final PfxOptions member;
    private final PfxOptions trust;
    private final String password;

    private ClusterKeys(SSLContext context, PfxOptions member, PfxOptions trust, String password) {
        this.context = context;
        this.member = member;
        this.trust = trust;
        this.password = password;
    }

    /** Reads the directory that {@code skynet cluster init} made. */
    public static ClusterKeys read(Path directory) {
        try {
            String password = Files.readString(directory.resolve(PASSWORD)).strip();
            KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
            own.init(store(directory.resolve(MEMBER), password), password.toCharArray());
            TrustManagerFactory others = TrustManagerFactory.getInstance("PKIX");
            others.init(store(directory.resolve(TRUST), password));
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(own.getKeyManagers(), others.getTrustManagers(), null);
            return new ClusterKeys(
                    context,
                    options(directory.resolve(MEMBER), password),
                    options(directory.resolve(TRUST), password),
                    password);
        } catch (IOException | GeneralSecurityException e) {
            throw new StartFailure(
                    BAD_SETTINGS,
                    "cluster.keys: " + directory + " cannot be used: " + e.getMessage()
                            + " (expected: what `skynet cluster init` makes)",
                    "run `skynet cluster init DIR` once, copy DIR to every member, set SKYNET_CLUSTER_KEYS to it",
                    e);
        }
    }

    /** What all members of the cluster share and nobody else knows. */
    public String shared() {
        return password;
    }

    SSLContext context() {
        return context;
    }

    /** The bus's door of a member that holds these keys. */
    BusDoor door(ClusterConfig config) {
        return new BusDoor(config.host(), config.busPort(), member, trust);
    }

    private static PfxOptions options(Path file, String password) throws IOException {
        return new PfxOptions()
                .setValue(Buffer.buffer(Files.readAllBytes(file)))
                .setPassword(password);
    }

    static KeyStore store(Path file, String password) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(STORE_TYPE);
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password.toCharArray());
        }
        return store;
    }
}
