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
    private final String token;

    private LightNode(Connection node, String name, String token) {
        this.node = node.with(token);
        this.name = name;
        this.token = token;
    }

    /** A node that registered before, by its name and the token that it was told then. */
    public static LightNode known(Connection node, String name, String token) {
        return new LightNode(node, name, token);
    }

    /**
     * Registers an identity as a mobile node that only heartbeats, or finds it again: the same keys have the same number.
     *
     * @throws Refused when the node says no
     */
    public static LightNode register(Connection node, NodeIdentity self) throws IOException, InterruptedException {
        return register(node, self, "M", "heartbeat");
    }

    /**
     * Registers an identity in a class, {@code D} or {@code M}, and a mode, {@code heartbeat} or {@code compute}, or
     * finds it again.
     *
     * @throws Refused when the node says no
     */
    public static LightNode register(Connection node, NodeIdentity self, String kind, String mode)
            throws IOException, InterruptedException {
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
                kind,
                mode,
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
                        .put("class", kind)
                        .put("mode", mode)
                        .put("keys", keys)
                        .put("time", seconds)
                        .put("nonce", Base64Url.of(nonce))
                        .put("signature", Base64Url.of(Arrays.copyOf(signatures, first)))
                        .put(
                                "signature_ml_dsa_65",
                                Base64Url.of(Arrays.copyOfRange(signatures, first, signatures.length))));
        return new LightNode(node, registered.getString("node"), registered.getString("token"));
    }

    /** Its name: NOD and its number. */
    public String name() {
        return name;
    }

    /** What it shows from now on; a secret. */
    public String token() {
        return token;
    }

    /** The node's interface as this light node sees it, with its token. */
    public Connection connection() {
        return node;
    }

    /** Says that it lives, and returns after how many milliseconds to say so again. */
    public int beat() throws IOException, InterruptedException {
        return beat(0);
    }

    /** The same, with how much it has to do: 0 to 100. */
    public int beat(int loadPercent) throws IOException, InterruptedException {
        return node.post("/v1/heartbeat", new JsonObject().put("load", loadPercent))
                .getInteger("next_ms");
    }
}
