package skynet.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import skynet.bus.Fault;

/**
 * Who somebody is: an Ed25519 key, an ML-DSA-65 key and a static X-Wing key, each made of a seed of 32 bytes.
 *
 * <p>What is signed is {@code "SKYNET-1 "}, the purpose in ASCII, a zero byte and the text: a signature for one purpose is
 * none for another. ML-DSA-65 is used pure, with an empty context and without dice, which FIPS 204 calls deterministic.
 */
public final class NodeIdentity {
    /** Bytes of the three seeds together. */
    public static final int SEED_BYTES = 96;

    private static final int SEED = 32;

    private final byte[] ed25519;
    private final MLDSAPrivateKeyParameters mlDsa;
    private final XWing.Key xWing;
    private final PublicIdentity open;

    private NodeIdentity(byte[] ed25519, MLDSAPrivateKeyParameters mlDsa, XWing.Key xWing, PublicIdentity open) {
        this.ed25519 = ed25519;
        this.mlDsa = mlDsa;
        this.xWing = xWing;
        this.open = open;
    }

    /** The identity of 96 secret bytes: the seeds of Ed25519, ML-DSA-65 and X-Wing. */
    public static NodeIdentity of(byte[] seeds) {
        if (seeds.length != SEED_BYTES) {
            throw new IllegalArgumentException("seeds: " + seeds.length + " bytes (expected: " + SEED_BYTES + ")");
        }
        byte[] signing = Arrays.copyOf(seeds, SEED);
        byte[] point = new byte[PublicIdentity.ED25519_BYTES];
        Ed25519.generatePublicKey(signing, 0, point, 0);
        MLDSAPrivateKeyParameters lattice =
                new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_65, Arrays.copyOfRange(seeds, SEED, 2 * SEED));
        return new NodeIdentity(
                signing,
                lattice,
                XWing.key(Arrays.copyOfRange(seeds, 2 * SEED, SEED_BYTES)),
                PublicIdentity.of(point, lattice.getPublicKey()));
    }

    /** The keys that everybody may know. */
    public PublicIdentity open() {
        return open;
    }

    /** The key for messages that are sealed to this identity. */
    public XWing.Key xWing() {
        return xWing;
    }

    /**
     * Signatures of a text for a purpose.
     *
     * @param kinds 1 for Ed25519 (64 bytes), 3 for Ed25519 and ML-DSA-65 (3,373 bytes)
     */
    public byte[] sign(String purpose, byte[] text, int kinds) {
        return signatures(message(purpose, text), kinds);
    }

    /**
     * Both signatures of a text as it stands (3,373 bytes), for texts that begin with a purpose of their own.
     *
     * @throws Fault INVALID when the text does not begin with "SKYNET node "
     */
    public byte[] signText(byte[] text) {
        byte[] begin = "SKYNET node ".getBytes(StandardCharsets.US_ASCII);
        if (!Arrays.equals(Arrays.copyOf(text, begin.length), begin)) {
            throw Fault.invalid("text: without a purpose (expected: to begin with \"SKYNET node \")");
        }
        return signatures(text, PublicIdentity.WITH_BOTH);
    }

    private byte[] signatures(byte[] message, int kinds) {
        byte[] signatures = new byte[PublicIdentity.signatureBytes(kinds)];
        Ed25519.sign(ed25519, 0, open.ed25519(), 0, message, 0, message.length, signatures, 0);
        if (kinds == PublicIdentity.WITH_BOTH) {
            byte[] second = latticeSignature(message);
            System.arraycopy(second, 0, signatures, PublicIdentity.ED25519_SIGNATURE_BYTES, second.length);
        }
        return signatures;
    }

    private byte[] latticeSignature(byte[] message) {
        MLDSASigner signer = new MLDSASigner();
        signer.init(true, mlDsa);
        signer.update(message, 0, message.length);
        try {
            return signer.generateSignature();
        } catch (CryptoException e) {
            throw new IllegalStateException("ML-DSA-65: " + e.getMessage(), e);
        }
    }

    /** What is really signed. */
    static byte[] message(String purpose, byte[] text) {
        if (!purpose.matches("[a-z0-9 .-]{1,40}")) {
            throw Fault.invalid("purpose: not a name (expected: 1 to 40 of a-z, 0-9, space, dot and hyphen)");
        }
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(("SKYNET-1 " + purpose + '\0').getBytes(StandardCharsets.US_ASCII));
        message.writeBytes(text);
        return message.toByteArray();
    }
}
