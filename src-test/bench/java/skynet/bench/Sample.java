package skynet.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import skynet.bus.Genom;

/** The one answer that the benches of the bus send: as a word, as a JsonObject, as text. */
final class Sample {
    static final int TOKENS = 6;
    static final Genom.Page ANSWER = new Genom.Page(
            Collections.nCopies(TOKENS, new Genom.Token("T-0000847", "0x00000001", "dog", "common", "en", 1.5, 3.1415)),
            -1);
    static final JsonObject JSON = json();
    static final String TEXT = JSON.encode();

    private Sample() {}

    private static JsonObject json() {
        JsonArray items = new JsonArray();
        ANSWER.items()
                .forEach(token -> items.add(new JsonObject()
                        .put("token_id", token.id())
                        .put("hex", token.hex())
                        .put("canonical", token.canonical())
                        .put("sector", token.sector())
                        .put("language", token.language())
                        .put("r", token.r())
                        .put("theta", token.thetaRadians())));
        return new JsonObject().put("items", items);
    }
}
