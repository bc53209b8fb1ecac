import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KEM;

/** What JDK 25 does with ML-KEM-768 and ML-DSA-65, asked a line at a time in hexadecimal. Run from its source. */
public final class Jdk25 {
    private static final HexFormat HEX = HexFormat.of();
    private static final String KEM_HEAD = "308204b2300b0609608648016503040402038204a100";
    private static final String DSA_HEAD = "308207b2300b0609608648016503040312038207a100";

    public static void main(String[] none) throws Exception {
        KeyPair kem = KeyPairGenerator.getInstance("ML-KEM-768").generateKeyPair();
        KeyPair dsa = KeyPairGenerator.getInstance("ML-DSA-65").generateKeyPair();
        var in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            System.out.println(switch (words[0]) {
                case "kem-key" -> tail(kem.getPublic(), 1_184);
                case "kem-open" -> HEX.formatHex(KEM.getInstance("ML-KEM")
                        .newDecapsulator(kem.getPrivate())
                        .decapsulate(HEX.parseHex(words[1]))
                        .getEncoded());
                case "kem-make" -> {
                    KEM.Encapsulated made = KEM.getInstance("ML-KEM")
                            .newEncapsulator(key("ML-KEM-768", KEM_HEAD, words[1]))
                            .encapsulate();
                    yield HEX.formatHex(made.encapsulation()) + " "
                            + HEX.formatHex(made.key().getEncoded());
                }
                case "dsa-key" -> tail(dsa.getPublic(), 1_952);
                case "dsa-sign" -> {
                    Signature signer = Signature.getInstance("ML-DSA-65");
                    signer.initSign(dsa.getPrivate());
                    signer.update(HEX.parseHex(words[1]));
                    yield HEX.formatHex(signer.sign());
                }
                case "dsa-holds" -> {
                    Signature verifier = Signature.getInstance("ML-DSA-65");
                    verifier.initVerify(key("ML-DSA-65", DSA_HEAD, words[1]));
                    verifier.update(HEX.parseHex(words[2]));
                    yield Boolean.toString(verifier.verify(HEX.parseHex(words[3])));
                }
                default -> throw new IllegalArgumentException(words[0]);
            });
        }
    }

    private static PublicKey key(String algorithm, String head, String raw) throws Exception {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(HEX.parseHex(head + raw)));
    }

    private static String tail(PublicKey key, int bytes) {
        byte[] whole = key.getEncoded();
        return HEX.formatHex(Arrays.copyOfRange(whole, whole.length - bytes, whole.length));
    }
}
