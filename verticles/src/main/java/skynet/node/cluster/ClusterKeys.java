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

    private final Path directory;
    private final String password;
    private final SSLContext context;

    private ClusterKeys(Path directory, String password, SSLContext context) {
        this.directory = directory;
        this.password = password;
        this.context = context;
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
            return new ClusterKeys(directory, password, context);
        } catch (IOException | GeneralSecurityException e) {
            throw new StartFailure(
                    BAD_SETTINGS,
                    "cluster.keys: " + directory + " cannot be used: " + e.getMessage()
                            + " (expected: what `skynet cluster init` makes)",
                    "run `skynet cluster init DIR` once, copy DIR to every member, set SKYNET_CLUSTER_KEYS to it",
                    e);
        }
    }

    SSLContext context() {
        return context;
    }

    PfxOptions member() throws IOException {
        return options(MEMBER);
    }

    PfxOptions trust() throws IOException {
        return options(TRUST);
    }

    private PfxOptions options(String file) throws IOException {
        return new PfxOptions()
                .setValue(Buffer.buffer(Files.readAllBytes(directory.resolve(file))))
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
