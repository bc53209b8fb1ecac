package skynet.kit;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Whom an encrypted connection to PostgreSQL believes, as libpq has it: up to {@code require} anyone, for nothing was
 * asked of the certificate; in the verifying modes the authorities this Java trusts ({@code javax.net.ssl.trustStore}),
 * and in {@code verify-full} only a server that bears the name of the address.
 */
final class PgTls {
    private PgTls() {}

    static ClientSSLOptions options(PgUri uri) {
        ClientSSLOptions options = new ClientSSLOptions();
        if (!uri.verifies()) {
            return options.setTrustAll(true);
        }
        return options.setTrustOptions(TrustOptions.wrap(machine()))
                .setHostnameVerificationAlgorithm(uri.sslMode().equals("verify-full") ? "HTTPS" : "");
    }

    private static X509TrustManager machine() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return Stream.of(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (GeneralSecurityException e) {
            throw new StartFailure(
                    ExitCode.BAD_SETTINGS,
                    "pg.uri: the trusted certificates of this Java cannot be read: " + e.getMessage(),
                    "correct javax.net.ssl.trustStore, or ask for sslmode=require",
                    e);
        }
    }
}
