package skynet.client;

import io.vertx.core.json.JsonObject;
import java.io.IOException;

/** Text to GENOM and back, by a node. */
public final class Encoder {
    private final Connection node;

    public Encoder(Connection node) {
        this.node = node;
    }

    /** The textual frame of a text of at most 1 MiB of UTF-8. */
    public String encode(String text) throws IOException, InterruptedException {
        return node.post("/v1/encode", new JsonObject().put("text", text)).getString("genom_message");
    }

    /** The text of a textual frame. */
    public String decode(String frame) throws IOException, InterruptedException {
        return node.post("/v1/decode", new JsonObject().put("genom_message", frame))
                .getString("text");
    }
}
