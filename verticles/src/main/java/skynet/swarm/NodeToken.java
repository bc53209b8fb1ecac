package skynet.swarm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import skynet.bus.NodeId;

/**
 * The token of a light node: {@code nod-} and the Base64url of the node's number (4 bytes, big-endian) and 32 random bytes.
 * Opaque to clients; the number is in it so that its row is found without a search. Only its SHA-256 is kept.
 */
record NodeToken(NodeId node, String text) {
    static final String PREFIX = "nod-";
    static final int SECRET_BYTES = 32;

    private static final int BYTES = Integer.BYTES + SECRET_BYTES;
    private static final int CHARS = PREFIX.length() + BYTES / 3 * 4;

    /** A new token. */
    static NodeToken mint(NodeId node, RandomGenerator random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        byte[] whole =
                ByteBuffer.allocate(BYTES).putInt(node.value()).put(secret).array();
        return new NodeToken(
                node, PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(whole));
    }

    /** The token of a text; empty when it cannot be one. */
    static Optional<NodeToken> read(String text) {
        if (text.length() != CHARS || !text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] whole = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
            int number = ByteBuffer.wrap(whole).getInt();
            return number < 1 || number > NodeId.MAX
                    ? Optional.empty()
                    : Optional.of(new NodeToken(new NodeId(number), text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What is kept of it: 32 bytes. */
    byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "NodeToken[" + node + ", ****]";
    }
}
