package skynet.crypto;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * How much does the protocol cost beyond the primitives under it? Handshakes against X25519, ML-KEM-768 and the signatures
 * alone; sealed frames against the bare seal. CPU time of one thread, competitors in turn, medians of rounds.
 *
 * <p>{@code java -Xmx1g -cp <test class path of src-test> skynet.crypto.HandshakeBenchmark}
 */
final class HandshakeBenchmark {
    private static final int WARM = 25;
    private static final int MEASURED = 31;

    private final Party party = new Party();
    private final Map<String, Double> micros = new LinkedHashMap<>();
    private int kept;

    public static void main(String[] none) {
        System.out.printf(
                Locale.ROOT,
                "JDK %s, load %.1f%n",
                System.getProperty("java.version"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        HandshakeBenchmark bench = new HandshakeBenchmark();
        bench.primitives();
        bench.handshakes();
        for (Suite suite : Suite.values()) {
            bench.frames(suite, 64);
            bench.frames(suite, 1_024);
            bench.frames(suite, 32_000);
        }
        System.out.println("(" + bench.kept % 10 + ")");
    }

    private void primitives() {
        MLKEMPrivateKeyParameters lattice =
                new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, Party.dice(1, 64));
        byte[] dice = Party.dice(2, 32);
        byte[] made = MLKEMGenerator.internalGenerateEncapsulated(lattice.getPublicKeyParameters(), dice)
                .getEncapsulation();
        byte[] point = new byte[32];
        X25519.scalarMultBase(dice, 0, point, 0);
        byte[] text = new byte[32];
        byte[] ed25519 = party.node.sign("node", text, PublicIdentity.WITH_ED25519);
        byte[] both = party.node.sign("node", text, PublicIdentity.WITH_BOTH);
        Map<String, Supplier<byte[]>> all = new LinkedHashMap<>();
        all.put("ML-KEM key", () -> new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, Party.dice(1, 64))
                .getRho());
        all.put("ML-KEM encapsulate", () -> MLKEMGenerator.internalGenerateEncapsulated(
                        lattice.getPublicKeyParameters(), dice)
                .getSecret());
        all.put("ML-KEM open", () -> new MLKEMExtractor(lattice).extractSecret(made));
        all.put("X25519 key", () -> {
            byte[] key = new byte[32];
            X25519.scalarMultBase(dice, 0, key, 0);
            return key;
        });
        all.put("X25519 agree", () -> {
            byte[] key = new byte[32];
            X25519.scalarMult(dice, 0, point, 0, key, 0);
            return key;
        });
        all.put("sign Ed25519", () -> party.node.sign("node", text, PublicIdentity.WITH_ED25519));
        all.put("check Ed25519", () -> new byte[] {(byte) (party.node.open().signed("node", text, ed25519) ? 1 : 0)});
        all.put("sign both", () -> party.node.sign("node", text, PublicIdentity.WITH_BOTH));
        all.put("check both", () -> new byte[] {(byte) (party.node.open().signed("node", text, both) ? 1 : 0)});
        run(all, 20);
    }

    private void handshakes() {
        for (int kinds : new int[] {PublicIdentity.WITH_ED25519, PublicIdentity.WITH_BOTH}) {
            byte[] hello = party.initiator(1, kinds).hello();
            Responder responder = party.responder(hello);
            byte[] reply = responder.reply().bytes();
            byte[] confirm = party.initiator(1, kinds)
                    .finish(reply, Optional.empty(), Party.NOW)
                    .confirm();
            Map<String, Supplier<byte[]>> all = new LinkedHashMap<>();
            String signed = kinds == PublicIdentity.WITH_BOTH ? "both signatures" : "Ed25519";
            all.put("node, " + signed, () -> {
                Responder fresh = party.responder(hello);
                return fresh.reply().mac();
            });
            all.put(
                    "node's confirmation, " + signed,
                    () -> responder.confirmed(Confirm.read(confirm), Party.NOW).id());
            all.put("client, " + signed, () -> party.initiator(1, kinds)
                    .finish(reply, Optional.empty(), Party.NOW)
                    .confirm());
            run(all, 20);
            String sign = kinds == PublicIdentity.WITH_BOTH ? "sign both" : "sign Ed25519";
            String check = kinds == PublicIdentity.WITH_BOTH ? "check both" : "check Ed25519";
            double node = sum("ML-KEM encapsulate", "X25519 key", "X25519 agree", sign);
            double client = sum("ML-KEM key", "ML-KEM open", "X25519 key", "X25519 agree", check);
            System.out.printf(
                    Locale.ROOT,
                    "  %s: node %.0f handshakes/s, %.2f of its primitives; client %.0f/s, %.2f of its primitives%n",
                    signed,
                    1e6 / sum("node, " + signed, "node's confirmation, " + signed),
                    node / sum("node, " + signed, "node's confirmation, " + signed),
                    1e6 / micros.get("client, " + signed),
                    client / micros.get("client, " + signed));
        }
    }

    private void frames(Suite suite, int bytes) {
        Party both = new Party().shakeHands(suite.code(), PublicIdentity.WITH_ED25519, Optional.empty());
        PointFrame frame = PointFrame.of(0, 1, 0, 0, new int[(bytes - PointFrame.HEADER_BYTES) / 4]);
        byte[] key = Party.dice(1, 32);
        byte[] header = new byte[32];
        byte[] nonce = new byte[12];
        byte[] plain = frame.bytes();
        String what = ", " + suite + ", " + bytes + " bytes";
        Map<String, Supplier<byte[]>> all = new LinkedHashMap<>();
        all.put("bare seal and open" + what, () -> {
            for (int at = 0; ++nonce[at] == 0; ) {
                at++;
            }
            return suite.open(key, nonce, header, suite.seal(key, nonce, header, plain), 0);
        });
        all.put("sealed frame, sent and opened" + what, () -> both.atNode
                .open(both.atClient.seal(frame, Party.NOW), Party.NOW)
                .bytes());
        run(all, bytes < 10_000 ? 500 : 100);
    }

    private void run(Map<String, Supplier<byte[]>> all, int passes) {
        Map<String, long[]> times = new LinkedHashMap<>();
        for (int round = 0; round < WARM + MEASURED; round++) {
            for (Map.Entry<String, Supplier<byte[]>> one : all.entrySet()) {
                long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                for (int pass = 0; pass < passes; pass++) {
                    kept += one.getValue().get()[0];
                }
                long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
                if (round >= WARM) {
                    times.computeIfAbsent(one.getKey(), name -> new long[MEASURED])[round - WARM] = nanos / passes;
                }
            }
        }
        times.forEach((name, nanos) -> {
            Arrays.sort(nanos);
            double median = nanos[MEASURED / 2] / (double) TimeUnit.MICROSECONDS.toNanos(1);
            micros.put(name, median);
            System.out.printf(Locale.ROOT, "%9.1f µs  %s%n", median, name);
        });
    }

    private double sum(String... names) {
        double sum = 0;
        for (String name : names) {
            sum += micros.get(name);
        }
        return sum;
    }
}
