package skynet.client;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import skynet.bus.Fault;
import skynet.crypto.Base64Url;
import skynet.crypto.NodeIdentity;
import skynet.crypto.PublicIdentity;
import skynet.crypto.SealedMessage;
import skynet.crypto.Suite;
import skynet.crypto.XWing;

/** Messages that only their receiver can open; the node that keeps them sees ciphertext. */
public final class Mailbox {
    private static final int DICE_BYTES = 64;

    private final Connection node;
    private final NodeIdentity self;
    private final SecureRandom dice = new SecureRandom();

    /** The mailbox of a registered node, whose token the connection carries. */
    public Mailbox(Connection node, NodeIdentity self) {
        this.node = node;
        this.self = self;
    }

    /**
     * Seals content to a node's key and sends it.
     *
     * @param content at most 26,230 bytes: an inbox takes 32 KiB, sealed
     */
    public void send(String to, byte[] content) throws IOException, InterruptedException {
        byte[] receiver = read(node.get("/v1/keys/" + to), "x_wing", XWing.PUBLIC_BYTES);
        byte[] thrown = new byte[DICE_BYTES];
        dice.nextBytes(thrown);
        byte[] sealed =
                SealedMessage.seal(Suite.AES_256_GCM, self, receiver, content, thrown, System.currentTimeMillis());
        node.post(
                "/v1/messages",
                new JsonObject()
                        .put("to", to)
                        .put("id", UUID.randomUUID().toString())
                        .put("body", Base64Url.of(sealed)));
    }

    /**
     * What waits, opened, once it is proven to come from the node that is named; the rest stays. Each message comes again
     * until it is acknowledged.
     *
     * @param waitSeconds how long to wait for a first one, 0 to 20
     */
    public List<Letter> inbox(int waitSeconds) throws IOException, InterruptedException {
        List<Letter> letters = new ArrayList<>();
        for (Object told : node.get("/v1/messages/inbox?wait=" + waitSeconds).getJsonArray("messages")) {
            JsonObject letter = (JsonObject) told;
            try {
                SealedMessage opened = SealedMessage.open(self.xWing(), read(letter, "body", SealedMessage.BYTES_MAX));
                if (isBy(letter.getString("from"), opened.sender())) {
                    letters.add(new Letter(letter.getString("message"), letter.getString("from"), opened));
                }
            } catch (Fault unreadable) {
                // Not sealed to this key, or altered: whoever reads the inbox itself sees that it is there.
            }
        }
        return letters;
    }

    /** Takes a message out of the inbox. */
    public void acknowledge(Letter letter) throws IOException, InterruptedException {
        node.post("/v1/messages/" + letter.message() + "/ack", new JsonObject());
    }

    private boolean isBy(String from, PublicIdentity sender) throws IOException, InterruptedException {
        JsonObject keys = node.get("/v1/keys/" + from);
        return Arrays.equals(sender.ed25519(), read(keys, "ed25519", PublicIdentity.ED25519_BYTES))
                && Arrays.equals(sender.mlDsa(), read(keys, "ml_dsa_65", PublicIdentity.ML_DSA_BYTES));
    }

    private static byte[] read(JsonObject json, String field, int bytesMax) {
        String text = json.getString(field);
        return Base64Url.read(field, text == null ? "" : text, bytesMax);
    }

    /**
     * A message that came.
     *
     * @param message its name in the inbox
     * @param from the node that sent it, which its signatures prove
     */
    public record Letter(String message, String from, SealedMessage sealed) {}
}
