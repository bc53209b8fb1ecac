package skynet.swarm;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import org.bouncycastle.crypto.params.MLDSAParameters;
import org.bouncycastle.crypto.params.MLDSAPublicKeyParameters;
import org.bouncycastle.crypto.signers.MLDSASigner;
import skynet.bus.Fault;
import skynet.bus.Nodes;

/**
 * What a node signs to show that the keys it registers are its own. The text is UTF-8, each line ends in one line feed:
 *
 * <pre>
 * SKYNET node registration 1
 * host         the name under which it called, without port: 127.0.0.1
 * class        S, D or M
 * mode         heartbeat, relay or compute
 * time         seconds since 1970, in decimal
 * nonce        as it is sent
 * fingerprint  as it is sent; an empty line without one
 * ed25519      as it is sent
 * ml_dsa_65    as it is sent; an empty line without one
 * x_wing       as it is sent; an empty line without one
 * </pre>
 *
 * The host keeps one swarm from showing the proof to another, time and nonce keep it from being shown twice. Ed25519 is RFC
 * 8032, ML-DSA-65 is FIPS 204 with an empty context.
 */
final class Proof {
    /** How far the node's clock may be off, in seconds. */
    static final int CLOCK_SECONDS_MAX = 120;

    static final int NONCE_BYTES_MIN = 16;
    static final int NONCE_BYTES_MAX = 32;

    private static final int ED25519_BYTES = 32;
    private static final int ED25519_SIGNATURE_BYTES = 64;
    private static final int ML_DSA_BYTES = 1_952;
    private static final int ML_DSA_SIGNATURE_BYTES = 3_309;
    private static final int X_WING_BYTES = 1_216;

    private final Nodes.Register asked;
    private final byte[] ed25519;
    private final byte[] mlDsa;
    private final byte[] xWing;
    private final byte[] nonce;

    private Proof(Nodes.Register asked) {
        this.asked = asked;
        this.ed25519 = bytes("keys.ed25519", asked.keys().ed25519(), ED25519_BYTES, ED25519_BYTES);
        this.mlDsa = optional("keys.ml_dsa_65", asked.keys().mlDsa65(), ML_DSA_BYTES);
        this.xWing = optional("keys.x_wing", asked.keys().xWing(), X_WING_BYTES);
        this.nonce = bytes("nonce", asked.nonce(), NONCE_BYTES_MIN, NONCE_BYTES_MAX);
    }

    /** Looks at a registration; refuses one whose proof is late, malformed or not by these keys. */
    static Proof of(Nodes.Register asked, long nowSeconds) {
        Proof proof = new Proof(asked);
        if (Math.abs(asked.timeSeconds() - nowSeconds) > CLOCK_SECONDS_MAX) {
            throw new Fault(
                    Fault.Kind.DENIED,
                    "time: " + asked.timeSeconds() + " (expected: within " + CLOCK_SECONDS_MAX + " s of " + nowSeconds
                            + ", the time here)");
        }
        proof.requireEd25519();
        proof.requireMlDsa();
        return proof;
    }

    /** What is signed. */
    static byte[] text(Nodes.Register asked) {
        return String.join(
                        "\n",
                        "SKYNET node registration 1",
                        asked.host(),
                        asked.kind().text(),
                        asked.mode().text(),
                        Long.toString(asked.timeSeconds()),
                        asked.nonce(),
                        asked.fingerprint(),
                        asked.keys().ed25519(),
                        asked.keys().mlDsa65(),
                        asked.keys().xWing(),
                        "")
                .getBytes(StandardCharsets.UTF_8);
    }

    byte[] ed25519() {
        return ed25519.clone();
    }

    /** Empty without one. */
    byte[] mlDsa() {
        return mlDsa.clone();
    }

    /** Empty without one. */
    byte[] xWing() {
        return xWing.clone();
    }

    byte[] nonce() {
        return nonce.clone();
    }

    private void requireEd25519() {
        byte[] signature = bytes("signature", asked.signature(), ED25519_SIGNATURE_BYTES, ED25519_SIGNATURE_BYTES);
        boolean good;
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key(ed25519));
            verifier.update(text(asked));
            good = verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            good = false;
        }
        if (!good) {
            throw new Fault(Fault.Kind.DENIED, "signature: not by keys.ed25519 over the text that /docs describes");
        }
    }

    private void requireMlDsa() {
        if (mlDsa.length == 0) {
            if (!asked.mlDsaSignature().isEmpty()) {
                throw new IllegalArgumentException(
                        "signature_ml_dsa_65: without keys.ml_dsa_65 (expected: both or none)");
            }
            return;
        }
        byte[] signature =
                bytes("signature_ml_dsa_65", asked.mlDsaSignature(), ML_DSA_SIGNATURE_BYTES, ML_DSA_SIGNATURE_BYTES);
        MLDSASigner verifier = new MLDSASigner();
        verifier.init(false, new MLDSAPublicKeyParameters(MLDSAParameters.ml_dsa_65, mlDsa));
        byte[] text = text(asked);
        verifier.update(text, 0, text.length);
        if (!verifier.verifySignature(signature)) {
            throw new Fault(Fault.Kind.DENIED, "signature_ml_dsa_65: not by keys.ml_dsa_65 over the same text");
        }
    }

    /** The 32 bytes of RFC 8032: y in little-endian, the sign of x in the highest bit. */
    private static PublicKey key(byte[] raw) throws GeneralSecurityException {
        byte[] bigEndian = new byte[ED25519_BYTES];
        for (int i = 0; i < ED25519_BYTES; i++) {
            bigEndian[i] = raw[ED25519_BYTES - 1 - i];
        }
        boolean odd = (bigEndian[0] & 0x80) != 0;
        bigEndian[0] &= 0x7f;
        EdECPoint point = new EdECPoint(odd, new BigInteger(1, bigEndian));
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }

    private static byte[] optional(String name, String text, int length) {
        return text.isEmpty() ? new byte[0] : bytes(name, text, length, length);
    }

    private static byte[] bytes(String name, String text, int least, int most) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": not Base64url (expected: A-Z a-z 0-9 - _, without padding)");
        }
        if (bytes.length < least || bytes.length > most) {
            throw new IllegalArgumentException(name + ": " + bytes.length + " bytes (expected: "
                    + (least == most ? "" : least + " to ") + most + ")");
        }
        return bytes;
    }
}
