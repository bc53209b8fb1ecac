package skynet.client;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import skynet.crypto.Base64Url;
import skynet.crypto.Initiator;
import skynet.crypto.NodeIdentity;
import skynet.crypto.PointFrame;
import skynet.crypto.PublicIdentity;
import skynet.crypto.Session;

/**
 * A session with a node, after a handshake with X25519 and ML-KEM-768, signed by Ed25519 and ML-DSA-65. One thread at a
 * time.
 */
public final class SecureChannel {
    private static final int ALL_SUITES = 3;
    private static final int BOTH_SIGNATURES = 3;
    private static final int MESSAGE_BYTES_MAX = 40 << 10;

    private final Connection node;
    private final Session session;

    private SecureChannel(Connection node, Session session) {
        this.node = node;
        this.session = session;
    }

    /**
     * Shakes hands with a node, by the node's clock: this computer's may be wrong.
     *
     * @param pinned the fingerprint of the node that is meant, 32 bytes; empty to trust whoever answers, as at a first time
     * @param self who this client proves to be; empty for nobody
     * @throws Refused when the node says no
     */
    public static SecureChannel open(Connection node, Optional<byte[]> pinned, Optional<NodeIdentity> self)
            throws IOException, InterruptedException {
        JsonObject keys = node.get("/v1/handshake");
        PublicIdentity identity = PublicIdentity.of(
                read(keys, "ed25519", PublicIdentity.ED25519_BYTES),
                read(keys, "ml_dsa_65", PublicIdentity.ML_DSA_BYTES));
        if (pinned.isPresent() && !Arrays.equals(pinned.get(), identity.fingerprint())) {
            throw new IOException("node: its keys are not those that were expected (expected: the pinned fingerprint)");
        }
        byte[] dice = new byte[Initiator.DICE_BYTES];
        new SecureRandom().nextBytes(dice);
        Initiator initiator = new Initiator(
                keys.getInteger("node"), identity, ALL_SUITES, BOTH_SIGNATURES, dice, keys.getLong("time"));
        JsonObject greeted = node.post("/v1/handshake", new JsonObject().put("hello", Base64Url.of(initiator.hello())));
        Initiator.Opened opened =
                initiator.finish(read(greeted, "reply", MESSAGE_BYTES_MAX), self, System.currentTimeMillis());
        String path = "/v1/handshake/" + Base64Url.of(opened.session().id());
        node.post(path + "/confirm", new JsonObject().put("confirm", Base64Url.of(opened.confirm())));
        return new SecureChannel(node, opened.session());
    }

    /** Says a frame, and returns the node's answer. */
    public PointFrame say(PointFrame frame) throws IOException, InterruptedException {
        String sealed = Base64Url.of(session.seal(frame, System.currentTimeMillis()));
        JsonObject said = node.post(
                "/v1/handshake/" + Base64Url.of(session.id()) + "/message", new JsonObject().put("sealed", sealed));
        return session.open(read(said, "sealed", MESSAGE_BYTES_MAX), System.currentTimeMillis());
    }

    /** Who the node proved to be. */
    public PublicIdentity peer() {
        return session.peer().orElseThrow();
    }

    private static byte[] read(JsonObject json, String field, int bytesMax) {
        return Base64Url.read(field, json.getString(field, ""), bytesMax);
    }
}
