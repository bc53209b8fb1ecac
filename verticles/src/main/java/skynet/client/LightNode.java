package skynet.client;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import skynet.crypto.Base64Url;
import skynet.crypto.NodeIdentity;
import skynet.crypto.PublicIdentity;

/** A node that is no member of the cluster: proves its keys, has a number and a token, says that it lives. */
public final class LightNode {
    private static final int NONCE_BYTES = 24;

    private final Connection node;
    private final String name;

    private LightNode(Connection node, String name) {
        this.node = node;
        this.name = name;
    }

    /**
     * Registers an identity as a mobile node that only heartbeats, or finds it again: the same keys have the same number.
     *
     * @throws Refused when the node says no
     */
    public static LightNode register(Connection node, NodeIdentity self) throws IOException, InterruptedException {
        PublicIdentity open = self.open();
        JsonObject keys = new JsonObject()
                .put("ed25519", Base64Url.of(open.ed25519()))
                .put("ml_dsa_65", Base64Url.of(open.mlDsa()))
                .put("x_wing", Base64Url.of(self.xWing().publicKey()));
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        long seconds = System.currentTimeMillis() / 1_000;
        String proof = String.join(
                "\n",
                "SKYNET node registration 1",
                node.host(),
                "M",
                "heartbeat",
                Long.toString(seconds),
                Base64Url.of(nonce),
                "",
                keys.getString("ed25519"),
                keys.getString("ml_dsa_65"),
                keys.getString("x_wing"),
                "");
        byte[] signatures = self.signText(proof.getBytes(StandardCharsets.UTF_8));
        int first = PublicIdentity.ED25519_SIGNATURE_BYTES;
        JsonObject registered = node.post(
                "/v1/nodes/register",
                new JsonObject()
                        .put("class", "M")
                        .put("mode", "heartbeat")
                        .put("keys", keys)
                        .put("time", seconds)
                        .put("nonce", Base64Url.of(nonce))
                        .put("signature", Base64Url.of(Arrays.copyOf(signatures, first)))
                        .put(
                                "signature_ml_dsa_65",
                                Base64Url.of(Arrays.copyOfRange(signatures, first, signatures.length))));
        return new LightNode(node.with(registered.getString("token")), registered.getString("node"));
    }

    /** Its name: NOD and its number. */
    public String name() {
        return name;
    }

    /** The node's interface as this light node sees it, with its token. */
    public Connection connection() {
        return node;
    }

    /** Says that it lives, and returns after how many milliseconds to say so again. */
    public int beat() throws IOException, InterruptedException {
        return node.post("/v1/heartbeat", new JsonObject()).getInteger("next_ms");
    }
}
