package skynet.crypto;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import skynet.bus.Fault;

/** How messages are sealed. All suites share X-Wing, HKDF-SHA-256, keys of 32 bytes, nonces of 12 and tags of 16. */
public enum Suite {
    AES_256_GCM(1, "AES", "AES/GCM/NoPadding"),
    CHACHA20_POLY1305(2, "ChaCha20", "ChaCha20-Poly1305");

    /** Bytes of a key. */
    public static final int KEY_BYTES = 32;

    /** Bytes of a nonce. */
    public static final int NONCE_BYTES = 12;

    /** Bytes of the tag that ends a ciphertext. */
    public static final int TAG_BYTES = 16;

    private final int code;
    private final String key;
    private final String cipher;

    Suite(int code, String key, String cipher) {
        this.code = code;
        this.key = key;
        this.cipher = cipher;
    }

    /** Its number on the wire; in an offer, its bit. */
    public int code() {
        return code;
    }

    static Optional<Suite> of(int code) {
        for (Suite suite : values()) {
            if (suite.code == code) {
                return Optional.of(suite);
            }
        }
        return Optional.empty();
    }

    /** The first of ours that stands in an offer of bits. */
    static Optional<Suite> firstOf(int offer) {
        for (Suite suite : values()) {
            if ((offer & suite.code) != 0) {
                return Optional.of(suite);
            }
        }
        return Optional.empty();
    }

    /** Ciphertext and tag. A nonce is used once with a key. */
    byte[] seal(byte[] secret, byte[] nonce, byte[] header, byte[] plain) {
        try {
            return run(Cipher.ENCRYPT_MODE, secret, nonce, header, plain, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + cipher, e);
        }
    }

    /**
     * The plaintext of what stands in {@code message} from {@code at} to its end.
     *
     * @throws Fault DENIED when tag, header, nonce, key or a byte is not what it was
     */
    byte[] open(byte[] secret, byte[] nonce, byte[] header, byte[] message, int at) {
        try {
            return run(Cipher.DECRYPT_MODE, secret, nonce, header, message, at);
        } catch (AEADBadTagException e) {
            throw new Fault(
                    Fault.Kind.DENIED, "tag: does not fit (expected: a message sealed with this session's key)");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + cipher, e);
        }
    }

    private byte[] run(int mode, byte[] secret, byte[] nonce, byte[] header, byte[] message, int at)
            throws GeneralSecurityException {
        Cipher aead = Cipher.getInstance(cipher);
        aead.init(mode, new SecretKeySpec(secret, key), parameters(nonce));
        aead.updateAAD(header);
        return aead.doFinal(message, at, message.length - at);
    }

    private AlgorithmParameterSpec parameters(byte[] nonce) {
        return switch (this) {
            case AES_256_GCM -> new GCMParameterSpec(8 * TAG_BYTES, nonce);
            case CHACHA20_POLY1305 -> new IvParameterSpec(nonce);
        };
    }
}
