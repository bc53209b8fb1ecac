package skynet.node.cluster;

import static skynet.kit.ExitCode.BAD_SETTINGS;
import static skynet.kit.ExitCode.FAILED;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import skynet.kit.StartFailure;

/**
 * Makes the keys of a cluster once: an authority, and the member key that it signed. The certificates are written by the
 * JDK's own {@code keytool}, so that no library is needed for something that is done once in years.
 */
public final class KeyMaker {
    /** Signs member keys; members do not need it, and whoever holds it can become one. */
    static final String AUTHORITY = "authority.p12";

    private static final int PASSWORD_BYTES = 24;
    private static final int KEYTOOL_SECONDS_MAX = 60;
    private static final String DAYS = "3650";
    private static final String PASSWORD_VARIABLE = "CLUSTER_KEY_PASSWORD";

    private final Path directory;
    private final String password;

    private KeyMaker(Path directory, String password) {
        this.directory = directory;
        this.password = password;
    }

    /** Fills an empty or missing directory with the keys of a new cluster, readable by the owner only. */
    public static void make(Path directory, SecureRandom random) {
        try {
            Files.createDirectories(directory, owner("rwx------"));
            try (var files = Files.list(directory)) {
                if (files.findAny().isPresent()) {
                    throw new StartFailure(
                            BAD_SETTINGS,
                            "keys: " + directory + " is not empty (expected: a new directory)",
                            "choose another; keys that are in use must not be overwritten");
                }
            }
            byte[] secret = new byte[PASSWORD_BYTES];
            random.nextBytes(secret);
            new KeyMaker(directory, HexFormat.of().formatHex(secret)).make();
        } catch (FileAlreadyExistsException e) {
            throw new StartFailure(
                    BAD_SETTINGS, "keys: " + directory + " is a file (expected: a directory)", "choose another", e);
        } catch (IOException | GeneralSecurityException e) {
            throw new StartFailure(
                    FAILED, "keys: " + directory + ": " + e.getMessage(), "check the disk and the rights on it", e);
        }
    }

    private void make() throws IOException, GeneralSecurityException {
        Path both = directory.resolve("making.p12");
        try {
            keytool(both, "authority", "CN=SKYNET cluster authority", List.of("-ext", "bc:critical=ca:true,pathlen:0"));
            keytool(
                    both,
                    "member",
                    "CN=SKYNET cluster member",
                    List.of("-signer", "authority", "-ext", "eku=serverAuth,clientAuth"));
            KeyStore made = ClusterKeys.store(both, password);
            Certificate authority = made.getCertificate("authority");
            write(AUTHORITY, keyOf(made, "authority"));
            write(ClusterKeys.MEMBER, keyOf(made, "member"));
            KeyStore trust = empty();
            trust.setCertificateEntry("authority", authority);
            write(ClusterKeys.TRUST, trust);
            try (OutputStream out = create(ClusterKeys.PASSWORD)) {
                out.write((password + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            }
        } finally {
            Files.deleteIfExists(both);
        }
    }

    private void keytool(Path store, String alias, String subject, List<String> more)
            throws IOException, GeneralSecurityException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                ClusterKeys.STORE_TYPE,
                "-storepass:env",
                PASSWORD_VARIABLE,
                "-alias",
                alias,
                "-dname",
                subject,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-sigalg",
                "SHA256withECDSA",
                "-validity",
                DAYS));
        command.addAll(more);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(PASSWORD_VARIABLE, password);
        Process process = builder.start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(KEYTOOL_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new GeneralSecurityException("keytool: " + said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private KeyStore keyOf(KeyStore made, String alias) throws IOException, GeneralSecurityException {
        KeyStore one = empty();
        char[] secret = password.toCharArray();
        one.setKeyEntry(alias, made.getKey(alias, secret), secret, made.getCertificateChain(alias));
        return one;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(ClusterKeys.STORE_TYPE);
        store.load(null, null);
        return store;
    }

    private void write(String name, KeyStore store) throws IOException, GeneralSecurityException {
        try (OutputStream out = create(name)) {
            store.store(out, password.toCharArray());
        }
    }

    /** A new file that nobody else could open at any moment. */
    private OutputStream create(String name) throws IOException {
        Path file = Files.createFile(directory.resolve(name), owner("rw-------"));
        return Files.newOutputStream(file, StandardOpenOption.WRITE);
    }

    private static FileAttribute<Set<PosixFilePermission>> owner(String rights) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights));
    }
}
