package skynet.kit;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The address of a PostgreSQL database, {@code postgresql://user:password@host:port/database?sslmode=…}, in parts.
 *
 * <p>No text this class produces contains the password, save {@link #password()} itself; error messages included.
 */
public record PgUri(String host, int port, String database, String user, Optional<String> password, String sslMode) {
    public static final int DEFAULT_PORT = 5432;
    public static final String DEFAULT_SSL_MODE = "prefer";

    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    /** Left alone the driver looks for a file of libpq's, {@code ~/.postgresql/root.crt}, and the pool does not. */
    private static final String TRUST_OF_THIS_JAVA = "&sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory";

    private static final String EXPECTED = " (expected: postgresql://user:password@host:port/database?sslmode=…)";

    public PgUri {
        refuse(host.isBlank(), "pg.uri: no host");
        refuse(port < 1 || port > 65_535, "pg.uri: port " + port + " is outside 1 to 65535");
        refuse(database.isBlank(), "pg.uri: no database");
        refuse(user.isBlank(), "pg.uri: no user");
        refuse(!SSL_MODES.contains(sslMode), "pg.uri: sslmode " + sslMode + " is not one of " + SSL_MODES);
    }

    /** Reads an address as libpq writes it; {@link IllegalArgumentException} names the part that is wrong. */
    public static PgUri parse(String text) {
        URI uri = uri(text.strip());
        refuse(
                !"postgresql".equals(uri.getScheme()) && !"postgres".equals(uri.getScheme()),
                "pg.uri: the scheme is not postgresql");
        refuse(uri.getRawFragment() != null, "pg.uri: '#' must be written as %23");
        refuse(uri.getHost() == null, "pg.uri: no single host, or a character that must be written as %XX");
        String[] login = login(uri);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        refuse(path.indexOf('/', 1) >= 0, "pg.uri: more than one database");
        return new PgUri(
                uri.getHost(),
                uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort(),
                path.length() < 2 ? "" : decode(path.substring(1)),
                login[0],
                Optional.ofNullable(login[1]).filter(word -> !word.isEmpty()),
                sslMode(uri.getRawQuery()));
    }

    /** Returns the address for a JDBC driver, without user and password: give those as properties. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + encode(database) + "?sslmode=" + sslMode
                + (verifies() ? TRUST_OF_THIS_JAVA : "");
    }

    /** Whether the server must show a certificate that is believed; {@link PgTls} says by whom. */
    boolean verifies() {
        return sslMode.startsWith("verify-");
    }

    /** Returns the address in one line with the password masked. */
    @Override
    public String toString() {
        return "postgresql://" + encode(user) + (password.isPresent() ? ":" + Settings.MASK : "") + "@" + host + ":"
                + port + "/" + encode(database) + "?sslmode=" + sslMode;
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // The exception's message quotes the whole address, and with it the password.
            throw new IllegalArgumentException(
                    "pg.uri: not an address: " + e.getReason() + " at character " + (e.getIndex() + 1) + EXPECTED);
        }
    }

    private static String[] login(URI uri) {
        String raw = uri.getRawUserInfo();
        refuse(raw == null, "pg.uri: no user");
        int colon = raw.indexOf(':');
        return colon < 0
                ? new String[] {decode(raw), null}
                : new String[] {decode(raw.substring(0, colon)), decode(raw.substring(colon + 1))};
    }

    private static String sslMode(String query) {
        String mode = DEFAULT_SSL_MODE;
        for (String pair : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            refuse(!name.equals("sslmode"), "pg.uri: parameter " + name + " is unknown, only sslmode is");
            mode = equals < 0 ? "" : decode(pair.substring(equals + 1));
        }
        return mode;
    }

    private static String decode(String raw) {
        return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void refuse(boolean wrong, String reason) {
        if (wrong) {
            throw new IllegalArgumentException(reason + EXPECTED);
        }
    }
}
