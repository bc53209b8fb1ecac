package skynet.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import skynet.kit.Sha256;

/**
 * All that both sides compute from a handshake: the transcript as a chain of SHA-256, and the keys.
 *
 * <pre>
 *  h0 = SHA-256("SKYNET-1 handshake")
 *  h1 = SHA-256(h0 | hello)
 *  h2 = SHA-256(h1 | head of the reply)       the node signs h2
 *  h3 = SHA-256(h2 | signatures of the node)  the node's MAC is HMAC(node's confirmation key, h3)
 *  h4 = SHA-256(h3 | MAC of the node | head of the confirmation)   the client signs h4
 *  h5 = SHA-256(h4 | signatures of the client)                     its MAC is HMAC(client's confirmation key, h5)
 *
 *  master = HKDF-Extract(salt h2, X-Wing secret)
 *  four keys = HKDF-Expand(master, label, 32), with "SKYNET-1 confirm node", "SKYNET-1 confirm client",
 *              "SKYNET-1 traffic client", "SKYNET-1 traffic node"
 * </pre>
 *
 * Its methods are called in the order in which the messages go.
 */
final class KeySchedule {
    static final String NODE_SIGNS = "node";
    static final String CLIENT_SIGNS = "client";

    private static final byte[] BEGIN = Sha256.of("SKYNET-1 handshake".getBytes(StandardCharsets.US_ASCII));

    private final byte[] master;
    private byte[] transcript;

    /** A schedule at h2. */
    KeySchedule(byte[] h2, byte[] secret) {
        this.transcript = h2.clone();
        this.master = Hkdf.extract(h2, secret);
    }

    /** What the node signs. */
    static byte[] h2(Hello hello, byte[] replyHead) {
        return chain(chain(BEGIN, hello.bytes()), replyHead);
    }

    /** The MAC by which the node confirms; the transcript is at h3, with the MAC to follow. */
    byte[] nodeMac(byte[] nodeSignatures) {
        transcript = chain(transcript, nodeSignatures);
        return Hkdf.mac(key("confirm node"), transcript);
    }

    /** What the client signs: h4. It may be asked several times, for confirmations that fail. */
    byte[] h4(byte[] nodeMac, byte[] confirmHead) {
        return chain(transcript, nodeMac, confirmHead);
    }

    /** The MAC by which the client confirms. */
    byte[] clientMac(byte[] h4, byte[] clientSignatures) {
        return Hkdf.mac(key("confirm client"), chain(h4, clientSignatures));
    }

    /** The secret of the first generation of what the client sends. */
    byte[] clientTraffic() {
        return key("traffic client");
    }

    /** The secret of the first generation of what the node sends. */
    byte[] nodeTraffic() {
        return key("traffic node");
    }

    /** The secret must not outlive its use. */
    void forget() {
        Arrays.fill(master, (byte) 0);
    }

    private byte[] key(String label) {
        return Hkdf.expand(master, "SKYNET-1 " + label, Hkdf.DIGEST_BYTES);
    }

    private static byte[] chain(byte[] before, byte[]... parts) {
        MessageDigest digest = Sha256.begin();
        digest.update(before);
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
