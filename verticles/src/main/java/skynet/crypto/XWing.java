package skynet.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;
import org.bouncycastle.math.ec.rfc7748.X25519;
import skynet.bus.Fault;

/**
 * X-Wing, the key encapsulation of X25519 and ML-KEM-768 together (draft-connolly-cfrg-xwing-kem-06 and later): who wants
 * the secret has to break both.
 *
 * <pre>
 *  private key  32     a seed; SHAKE256(seed, 96) is d | z of ML-KEM-768 (FIPS 203) and the scalar of X25519 (RFC 7748)
 *  public key   1216   ML-KEM-768 1184 | X25519 32
 *  ciphertext   1120   ML-KEM-768 1088 | X25519 32
 *  secret       32     SHA3-256(secret of ML-KEM | secret of X25519 | X25519 of the ciphertext | X25519 of the key | label)
 * </pre>
 *
 * Beyond the draft, a public key whose ML-KEM part is not reduced (FIPS 203, 7.2) and an X25519 secret of zero are refused.
 */
public final class XWing {
    /** Bytes of a private key, which is a seed. */
    public static final int SEED_BYTES = 32;

    /** Bytes of a public key. */
    public static final int PUBLIC_BYTES = 1_216;

    /** Bytes of a ciphertext. */
    public static final int CIPHERTEXT_BYTES = 1_120;

    /** Bytes of a secret. */
    public static final int SECRET_BYTES = 32;

    /** Random bytes that one encapsulation takes. */
    public static final int DICE_BYTES = 64;

    static final int ML_KEM_PUBLIC_BYTES = 1_184;
    static final int ML_KEM_CIPHERTEXT_BYTES = 1_088;
    private static final int COEFFICIENTS_BYTES = 1_152;
    private static final int MODULUS = 3_329;
    private static final int POINT_BYTES = 32;
    private static final byte[] LABEL = {0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c};

    private XWing() {}

    /** A key pair. */
    public static final class Key {
        private final MLKEMPrivateKeyParameters lattice;
        private final byte[] scalar;
        private final byte[] publicKey;

        private Key(MLKEMPrivateKeyParameters lattice, byte[] scalar) {
            this.lattice = lattice;
            this.scalar = scalar;
            this.publicKey = Arrays.copyOf(lattice.getPublicKey(), PUBLIC_BYTES);
            X25519.scalarMultBase(scalar, 0, publicKey, ML_KEM_PUBLIC_BYTES);
        }

        /** A copy of the public half. */
        public byte[] publicKey() {
            return publicKey.clone();
        }

        /**
         * The secret in a ciphertext. One that was made for another key, or altered in its first 1,088 bytes, gives a secret
         * that nobody else has.
         *
         * @throws Fault INVALID when its length is wrong or its point is of low order
         */
        public byte[] open(byte[] ciphertext) {
            requireBytes("X-Wing ciphertext", ciphertext, CIPHERTEXT_BYTES);
            byte[] first =
                    new MLKEMExtractor(lattice).extractSecret(Arrays.copyOf(ciphertext, ML_KEM_CIPHERTEXT_BYTES));
            byte[] second = agree(scalar, ciphertext, ML_KEM_CIPHERTEXT_BYTES);
            return combine(first, second, ciphertext, publicKey);
        }
    }

    /** A secret, and the ciphertext from which the owner of the key gets it. */
    public static final class Encapsulated {
        private final byte[] ciphertext;
        private final byte[] secret;

        private Encapsulated(byte[] ciphertext, byte[] secret) {
            this.ciphertext = ciphertext;
            this.secret = secret;
        }

        public byte[] ciphertext() {
            return ciphertext.clone();
        }

        public byte[] secret() {
            return secret.clone();
        }
    }

    /** The key pair of a seed of 32 bytes. */
    public static Key key(byte[] seed) {
        requireBytes("X-Wing seed", seed, SEED_BYTES);
        SHAKEDigest shake = new SHAKEDigest(256);
        shake.update(seed, 0, seed.length);
        byte[] expanded = new byte[96];
        shake.doFinal(expanded, 0, expanded.length);
        return new Key(
                new MLKEMPrivateKeyParameters(MLKEMParameters.ml_kem_768, Arrays.copyOf(expanded, 64)),
                Arrays.copyOfRange(expanded, 64, 96));
    }

    /**
     * A secret for the owner of a public key.
     *
     * @param dice 64 random bytes, never used twice
     * @throws Fault INVALID when the key is not one
     */
    public static Encapsulated encapsulate(byte[] publicKey, byte[] dice) {
        requireBytes("X-Wing public key", publicKey, PUBLIC_BYTES);
        requireBytes("X-Wing dice", dice, DICE_BYTES);
        requireReduced(publicKey);
        SecretWithEncapsulation lattice = MLKEMGenerator.internalGenerateEncapsulated(
                new MLKEMPublicKeyParameters(MLKEMParameters.ml_kem_768, Arrays.copyOf(publicKey, ML_KEM_PUBLIC_BYTES)),
                Arrays.copyOf(dice, 32));
        byte[] scalar = Arrays.copyOfRange(dice, 32, DICE_BYTES);
        byte[] ciphertext = Arrays.copyOf(lattice.getEncapsulation(), CIPHERTEXT_BYTES);
        X25519.scalarMultBase(scalar, 0, ciphertext, ML_KEM_CIPHERTEXT_BYTES);
        byte[] second = agree(scalar, publicKey, ML_KEM_PUBLIC_BYTES);
        return new Encapsulated(ciphertext, combine(lattice.getSecret(), second, ciphertext, publicKey));
    }

    private static byte[] agree(byte[] scalar, byte[] theirs, int at) {
        byte[] secret = new byte[POINT_BYTES];
        if (!X25519.calculateAgreement(scalar, 0, theirs, at, secret, 0)) {
            throw Fault.invalid("X25519 point: of low order (expected: a point that gives a secret)");
        }
        return secret;
    }

    private static byte[] combine(byte[] first, byte[] second, byte[] ciphertext, byte[] publicKey) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA3-256");
            digest.update(first);
            digest.update(second);
            digest.update(ciphertext, ML_KEM_CIPHERTEXT_BYTES, POINT_BYTES);
            digest.update(publicKey, ML_KEM_PUBLIC_BYTES, POINT_BYTES);
            return digest.digest(LABEL);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA3-256", e);
        }
    }

    /** Two coefficients of 12 bits stand in three bytes, low bits first; each is below the modulus. */
    private static void requireReduced(byte[] publicKey) {
        for (int at = 0; at < COEFFICIENTS_BYTES; at += 3) {
            int low = publicKey[at] & 0xFF | (publicKey[at + 1] & 0x0F) << 8;
            int high = (publicKey[at + 1] & 0xF0) >> 4 | (publicKey[at + 2] & 0xFF) << 4;
            if (low >= MODULUS || high >= MODULUS) {
                throw Fault.invalid("ML-KEM-768 key: coefficient at byte " + at + " (expected: below " + MODULUS + ")");
            }
        }
    }

    private static void requireBytes(String what, byte[] bytes, int expected) {
        if (bytes.length != expected) {
            throw Fault.invalid(what + ": " + bytes.length + " bytes (expected: " + expected + ")");
        }
    }
}
