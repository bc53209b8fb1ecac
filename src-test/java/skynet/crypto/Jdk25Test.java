package skynet.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ML-KEM-768 and ML-DSA-65 of Bouncy Castle understand those of JDK 25. Skipped where there is none. */
class Jdk25Test {
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    Path home;

    private Process process;
    private PrintStream asks;
    private BufferedReader answers;

    @BeforeEach
    void start() throws Exception {
        Path java = java25().orElseGet(() -> {
            System.out.println("Jdk25Test: no JDK 25 in /usr/lib/jvm or JAVA25_HOME, so nothing was compared with it");
            return Assumptions.abort("no JDK 25");
        });
        Path source = home.resolve("Jdk25.java");
        Files.copy(Jdk25Test.class.getResourceAsStream("/skynet/crypto/Jdk25.java"), source);
        process = new ProcessBuilder(java.toString(), source.toString())
                .redirectError(home.resolve("errors").toFile())
                .start();
        asks = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
        answers = process.inputReader(StandardCharsets.US_ASCII);
    }

    @AfterEach
    void end() throws Exception {
        if (process != null) {
            asks.close();
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void eachOpensWhatTheOtherEncapsulated() throws Exception {
        byte[] theirs = HEX.parseHex(ask("kem-key"));
        SecretWithEncapsulation made = MLKEMGenerator.internalGenerateEncapsulated(
                new MLKEMPublicKeyParameters(MLKEMParameters.ml_kem_768, theirs), Party.dice(1, 32));
        assertEquals(HEX.formatHex(made.getSecret()), ask("kem-open " + HEX.formatHex(made.getEncapsulation())));
        byte[] wrong = made.getEncapsulation().clone();
        wrong[7] ^= 1;
        assertEquals(64, ask("kem-open " + HEX.formatHex(wrong)).length());
        MLKEMPrivateKeyParameters own = new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, Party.dice(2, 64));
        String[] back = ask("kem-make " + HEX.formatHex(own.getPublicKey())).split(" ");
        assertEquals(back[1], HEX.formatHex(new MLKEMExtractor(own).extractSecret(HEX.parseHex(back[0]))));
    }

    @Test
    void eachTakesTheSignaturesOfTheOther() throws Exception {
        NodeIdentity own = NodeIdentity.of(Party.dice(3, NodeIdentity.SEED_BYTES));
        byte[] text = "signed by both".getBytes(StandardCharsets.US_ASCII);
        byte[] signatures = own.sign("test", text, PublicIdentity.WITH_BOTH);
        String message = HEX.formatHex(NodeIdentity.message("test", text));
        String second = HEX.formatHex(signatures, 64, signatures.length);
        String key = HEX.formatHex(own.open().mlDsa());
        assertEquals("true", ask("dsa-holds " + key + " " + message + " " + second));
        byte[] theirs = Arrays.copyOf(signatures, signatures.length);
        byte[] made = HEX.parseHex(ask("dsa-sign " + message));
        System.arraycopy(made, 0, theirs, 64, made.length);
        PublicIdentity mixed = PublicIdentity.of(own.open().ed25519(), HEX.parseHex(ask("dsa-key")));
        assertTrue(mixed.signed("test", text, theirs));
    }

    private String ask(String line) throws IOException {
        asks.println(line);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException(Files.readString(home.resolve("errors")));
        }
        return answer;
    }

    private static Optional<Path> java25() throws IOException {
        Path folder = Path.of("/usr/lib/jvm");
        try (Stream<Path> found = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return Stream.concat(
                            Optional.ofNullable(System.getenv("JAVA25_HOME")).map(Path::of).stream(),
                            found.filter(jdk -> jdk.getFileName().toString().contains("25")).toList().stream())
                    .map(jdk -> jdk.resolve("bin/java"))
                    .filter(Files::isExecutable)
                    .findFirst();
        }
    }
}
