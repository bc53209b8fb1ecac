package skynet.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;
import skynet.bus.Fault;
import skynet.kit.Sha256;

/**
 * A message to somebody who is not there: sealed to his static X-Wing key, signed by the sender inside the seal, so that
 * whoever stores it learns neither content nor signature.
 *
 * <pre>
 *    0     1  version, 1
 *    1     1  suite: 1 AES-256-GCM, 2 ChaCha20-Poly1305
 *    2     2  zero
 *    4     8  time of sending, milliseconds since 1970
 *   12    32  SHA-256 of the receiver's X-Wing key
 *   44  1120  X-Wing ciphertext
 * 1164        the header, which is the additional data of the seal
 * 1164     n  ciphertext of the inner part
 *  end    16  tag
 *
 *  inner:   1  signatures: 1 Ed25519, 3 Ed25519 and ML-DSA-65
 *          32  Ed25519 key of the sender
 *        1952  ML-DSA-65 key, with signatures 3
 *          64  Ed25519 signature of SHA-256(header) | SHA-256(content) for the purpose "sealed"
 *        3309  ML-DSA-65 signature, with signatures 3
 *           n  content, 0 to 32,768 bytes
 *
 *  master = HKDF-Extract(salt SHA-256(header), X-Wing secret)
 *  key    = HKDF-Expand(master, "SKYNET-1 sealed key", 32)
 *  nonce  = HKDF-Expand(master, "SKYNET-1 sealed nonce", 12)
 * </pre>
 *
 * The signature names the receiver through the header, so he cannot pass it on as meant for another. Whoever gets his key
 * later opens what was kept: a static key gives no forward secrecy, a session does.
 */
public final class SealedMessage {
    /** Longest content in bytes. */
    public static final int CONTENT_BYTES_MAX = 32 << 10;

    /** Bytes before the ciphertext. */
    public static final int HEADER_BYTES = 1_164;

    /** Longest message in bytes. */
    public static final int BYTES_MAX = HEADER_BYTES
            + 1
            + PublicIdentity.ED25519_BYTES
            + PublicIdentity.ML_DSA_BYTES
            + PublicIdentity.ED25519_SIGNATURE_BYTES
            + PublicIdentity.ML_DSA_SIGNATURE_BYTES
            + CONTENT_BYTES_MAX
            + Suite.TAG_BYTES;

    static final String SENDER_SIGNS = "sealed";
    private static final int KEY_AT = 12;
    private static final int CIPHERTEXT_AT = 44;

    private final PublicIdentity sender;
    private final long millis;
    private final byte[] content;

    private SealedMessage(PublicIdentity sender, long millis, byte[] content) {
        this.sender = sender;
        this.millis = millis;
        this.content = content;
    }

    /**
     * Seals a message.
     *
     * @param receiver the X-Wing key of the receiver, 1,216 bytes
     * @param dice 64 random bytes, never used twice
     */
    public static byte[] seal(
            Suite suite, NodeIdentity sender, byte[] receiver, byte[] content, byte[] dice, long nowMillis) {
        if (content.length > CONTENT_BYTES_MAX) {
            throw new Fault(
                    Fault.Kind.TOO_LARGE,
                    "content: " + content.length + " bytes (expected: at most " + CONTENT_BYTES_MAX + ")");
        }
        XWing.Encapsulated secret = XWing.encapsulate(receiver, dice);
        byte[] header = ByteBuffer.allocate(HEADER_BYTES)
                .put((byte) Hello.VERSION)
                .put((byte) suite.code())
                .putShort((short) 0)
                .putLong(nowMillis)
                .put(Sha256.of(receiver))
                .put(secret.ciphertext())
                .array();
        PublicIdentity open = sender.open();
        byte[] signatures = sender.sign(SENDER_SIGNS, signed(header, content), open.kinds());
        byte[] inner = ByteBuffer.allocate(
                        1 + open.ed25519().length + open.mlDsa().length + signatures.length + content.length)
                .put((byte) open.kinds())
                .put(open.ed25519())
                .put(open.mlDsa())
                .put(signatures)
                .put(content)
                .array();
        byte[] master = Hkdf.extract(Sha256.of(header), secret.secret());
        byte[] sealed = suite.seal(key(master), nonce(master), header, inner);
        return ByteBuffer.allocate(header.length + sealed.length)
                .put(header)
                .put(sealed)
                .array();
    }

    /**
     * Opens a message.
     *
     * @throws Fault INVALID when it is none or for another key, DENIED when it is altered or its signature does not hold
     */
    public static SealedMessage open(XWing.Key receiver, byte[] message) {
        if (message.length < HEADER_BYTES + Suite.TAG_BYTES || message.length > BYTES_MAX) {
            throw Fault.invalid("sealed message: " + message.length + " bytes (expected: "
                    + (HEADER_BYTES + Suite.TAG_BYTES) + " to " + BYTES_MAX + ")");
        }
        byte[] header = Arrays.copyOf(message, HEADER_BYTES);
        if (header[0] != Hello.VERSION || header[2] != 0 || header[3] != 0) {
            throw Fault.invalid("sealed message version: " + header[0] + " (expected: " + Hello.VERSION + ")");
        }
        Suite suite = Suite.of(header[1])
                .orElseThrow(() -> Fault.invalid("sealed message suite: " + header[1] + " (expected: 1 or 2)"));
        if (!Arrays.equals(Sha256.of(receiver.publicKey()), Arrays.copyOfRange(header, KEY_AT, CIPHERTEXT_AT))) {
            throw Fault.invalid("sealed message: for another key (expected: the receiver's)");
        }
        byte[] secret = receiver.open(Arrays.copyOfRange(header, CIPHERTEXT_AT, HEADER_BYTES));
        byte[] master = Hkdf.extract(Sha256.of(header), secret);
        return inner(header, suite.open(key(master), nonce(master), header, message, HEADER_BYTES));
    }

    private static SealedMessage inner(byte[] header, byte[] inner) {
        int kinds = inner.length == 0 ? 0 : inner[0];
        if (kinds != PublicIdentity.WITH_ED25519 && kinds != PublicIdentity.WITH_BOTH) {
            throw Fault.invalid("sealed message signatures: " + kinds + " (expected: 1 or 3)");
        }
        int lattice = kinds == PublicIdentity.WITH_BOTH ? PublicIdentity.ML_DSA_BYTES : 0;
        int keysEnd = 1 + PublicIdentity.ED25519_BYTES + lattice;
        int signaturesEnd = keysEnd + PublicIdentity.signatureBytes(kinds);
        if (inner.length < signaturesEnd || inner.length - signaturesEnd > CONTENT_BYTES_MAX) {
            throw Fault.invalid("sealed message: inner part of " + inner.length + " bytes (expected: " + signaturesEnd
                    + " and the content)");
        }
        PublicIdentity sender = PublicIdentity.of(
                Arrays.copyOfRange(inner, 1, 1 + PublicIdentity.ED25519_BYTES),
                Arrays.copyOfRange(inner, 1 + PublicIdentity.ED25519_BYTES, keysEnd));
        byte[] content = Arrays.copyOfRange(inner, signaturesEnd, inner.length);
        if (!sender.signed(SENDER_SIGNS, signed(header, content), Arrays.copyOfRange(inner, keysEnd, signaturesEnd))) {
            throw new Fault(Fault.Kind.DENIED, "sealed message signature: does not hold (expected: the sender's)");
        }
        return new SealedMessage(sender, ByteBuffer.wrap(header).getLong(4), content);
    }

    /** Who sent it, as its signatures prove. */
    public PublicIdentity sender() {
        return sender;
    }

    /** When it was sent, by the sender's clock, milliseconds since 1970. */
    public long millis() {
        return millis;
    }

    public byte[] content() {
        return content.clone();
    }

    private static byte[] signed(byte[] header, byte[] content) {
        return ByteBuffer.allocate(2 * Hkdf.DIGEST_BYTES)
                .put(Sha256.of(header))
                .put(Sha256.of(content))
                .array();
    }

    private static byte[] key(byte[] master) {
        return Hkdf.expand(master, "SKYNET-1 sealed key", Suite.KEY_BYTES);
    }

    private static byte[] nonce(byte[] master) {
        return Hkdf.expand(master, "SKYNET-1 sealed nonce", Suite.NONCE_BYTES);
    }
}
