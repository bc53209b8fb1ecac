package skynet.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import skynet.bus.Fault;
import skynet.kit.Sha256;

/**
 * The public half of an {@link NodeIdentity}: an Ed25519 key (RFC 8032), and an ML-DSA-65 key (FIPS 204) where there is one.
 *
 * <p>Its fingerprint is SHA-256 of {@code "SKYNET-1 identity"} and the keys, the Ed25519 key first. A signature by both
 * keys holds only when both hold.
 */
public final class PublicIdentity {
    /** Bytes of an Ed25519 key. */
    public static final int ED25519_BYTES = 32;

    /** Bytes of an ML-DSA-65 key. */
    public static final int ML_DSA_BYTES = 1_952;

    /** Bytes of an Ed25519 signature. */
    public static final int ED25519_SIGNATURE_BYTES = 64;

    /** Bytes of an ML-DSA-65 signature. */
    public static final int ML_DSA_SIGNATURE_BYTES = 3_309;

    /** Signatures made with Ed25519. */
    static final int WITH_ED25519 = 1;

    /** Signatures made with Ed25519 and ML-DSA-65. */
    static final int WITH_BOTH = 3;

    private static final byte[] LABEL = "SKYNET-1 identity".getBytes(StandardCharsets.US_ASCII);

    private final byte[] ed25519;
    private final byte[] mlDsa;

    private PublicIdentity(byte[] ed25519, byte[] mlDsa) {
        this.ed25519 = ed25519;
        this.mlDsa = mlDsa;
    }

    /**
     * An identity of these keys.
     *
     * @param mlDsa empty when there is none
     * @throws Fault INVALID when a length is wrong or the Ed25519 key is no good point
     */
    public static PublicIdentity of(byte[] ed25519, byte[] mlDsa) {
        requireBytes("Ed25519 key", ed25519.length, ED25519_BYTES);
        if (mlDsa.length != 0) {
            requireBytes("ML-DSA-65 key", mlDsa.length, ML_DSA_BYTES);
        }
        if (!Ed25519.validatePublicKeyPartial(ed25519, 0) || lowOrder(ed25519)) {
            throw Fault.invalid("Ed25519 key: not a good point (expected: a key of RFC 8032)");
        }
        return new PublicIdentity(ed25519.clone(), mlDsa.clone());
    }

    public byte[] ed25519() {
        return ed25519.clone();
    }

    /** Empty when there is none. */
    public byte[] mlDsa() {
        return mlDsa.clone();
    }

    /** Which signatures it can make: 1 or 3. */
    int kinds() {
        return mlDsa.length == 0 ? WITH_ED25519 : WITH_BOTH;
    }

    /** 32 bytes that name the keys. */
    public byte[] fingerprint() {
        MessageDigest digest = Sha256.begin();
        digest.update(LABEL);
        digest.update(ed25519);
        return digest.digest(mlDsa);
    }

    /**
     * Whether these are signatures of a text for a purpose.
     *
     * @param signatures an Ed25519 signature, followed by one of ML-DSA-65 when it has 3,373 bytes
     */
    public boolean signed(String purpose, byte[] text, byte[] signatures) {
        byte[] message = NodeIdentity.message(purpose, text);
        boolean both = signatures.length == ED25519_SIGNATURE_BYTES + ML_DSA_SIGNATURE_BYTES;
        if (!both && signatures.length != ED25519_SIGNATURE_BYTES || both && mlDsa.length == 0) {
            return false;
        }
        return Ed25519.verify(signatures, 0, ed25519, 0, message, 0, message.length)
                && (!both || latticeSigned(message, signatures));
    }

    private boolean latticeSigned(byte[] message, byte[] signatures) {
        MLDSASigner verifier = new MLDSASigner();
        verifier.init(false, new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_65, mlDsa));
        verifier.update(message, 0, message.length);
        return verifier.verifySignature(Arrays.copyOfRange(signatures, ED25519_SIGNATURE_BYTES, signatures.length));
    }

    /** Bytes of the signatures of a kind: 0, 64 or 3,373. */
    static int signatureBytes(int kinds) {
        return switch (kinds) {
            case 0 -> 0;
            case WITH_ED25519 -> ED25519_SIGNATURE_BYTES;
            case WITH_BOTH -> ED25519_SIGNATURE_BYTES + ML_DSA_SIGNATURE_BYTES;
            default -> throw Fault.invalid("signatures: " + kinds + " (expected: 0, 1 or 3)");
        };
    }

    /** Under a key of small order one signature fits many texts. */
    private static boolean lowOrder(byte[] key) {
        return !Ed25519.validatePublicKeyFull(key, 0);
    }

    private static void requireBytes(String what, int bytes, int expected) {
        if (bytes != expected) {
            throw Fault.invalid(what + ": " + bytes + " bytes (expected: " + expected + ")");
        }
    }
}
