package skynet.swarm;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.MLDSAKeyPairGenerator;
import org.bouncycastle.crypto.params.MLDSAKeyGenerationParameters;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;
import skynet.bus.NodeClass;
import skynet.bus.Nodes;
import skynet.bus.Principal;

/** A light node with keys of its own that wants to be registered. */
public final class Applicant {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeyPair ed25519;
    private final AsymmetricCipherKeyPair mlDsa;
    private final byte[] xWing = new byte[1_216];

    /** Keys drawn anew; those of ML-DSA too when asked for. */
    public Applicant(boolean quantumSafe) throws Exception {
        ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        if (quantumSafe) {
            MLDSAKeyPairGenerator generator = new MLDSAKeyPairGenerator();
            generator.init(new MLDSAKeyGenerationParameters(RANDOM, MLDSAParameters.ml_dsa_65));
            mlDsa = generator.generateKeyPair();
        } else {
            mlDsa = null;
        }
        RANDOM.nextBytes(xWing);
    }

    /** A registration with a good proof. */
    public Nodes.Register ask(NodeClass kind, Nodes.Mode mode, String fingerprint, long timeSeconds) throws Exception {
        return ask(Principal.GUEST, "127.0.0.1", kind, mode, fingerprint, timeSeconds);
    }

    /** A registration by somebody, under a name of the node. */
    public Nodes.Register ask(
            Principal by, String host, NodeClass kind, Nodes.Mode mode, String fingerprint, long timeSeconds)
            throws Exception {
        byte[] nonce = new byte[16];
        RANDOM.nextBytes(nonce);
        Nodes.Register unsigned = new Nodes.Register(
                by,
                host,
                "127.0.0.1",
                kind,
                mode,
                new Nodes.PublicKeys(base64(publicKey()), mlDsa == null ? "" : base64(mlDsaKey()), base64(xWing)),
                fingerprint,
                timeSeconds,
                base64(nonce),
                "",
                "");
        return signed(unsigned);
    }

    /** The same, signed by these keys. */
    public Nodes.Register signed(Nodes.Register asked) throws Exception {
        byte[] text = Proof.text(asked);
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(ed25519.getPrivate());
        signer.update(text);
        return with(asked, base64(signer.sign()), mlDsa == null ? "" : base64(mlDsaSignature(text)));
    }

    static Nodes.Register with(Nodes.Register asked, String signature, String mlDsaSignature) {
        return new Nodes.Register(
                asked.by(),
                asked.host(),
                asked.address(),
                asked.kind(),
                asked.mode(),
                asked.keys(),
                asked.fingerprint(),
                asked.timeSeconds(),
                asked.nonce(),
                signature,
                mlDsaSignature);
    }

    private byte[] mlDsaSignature(byte[] text) throws Exception {
        MLDSASigner signer = new MLDSASigner();
        signer.init(true, mlDsa.getPrivate());
        signer.update(text, 0, text.length);
        return signer.generateSignature();
    }

    private byte[] mlDsaKey() {
        return ((MLDSAPublicKeyParameters) mlDsa.getPublic()).getEncoded();
    }

    /** The last 32 bytes of the key as X.509 writes it. */
    private byte[] publicKey() {
        byte[] encoded = ((EdECPublicKey) ed25519.getPublic()).getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
