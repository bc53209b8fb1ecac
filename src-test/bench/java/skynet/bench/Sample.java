package skynet.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import skynet.bus.Genom;
import skynet.dictionary.CoordinateTable;

/** What the benches share: the one answer that goes over the bus, as a word, a JsonObject and text; and the dictionary. */
final class Sample {
    static final int TOKENS = 6;
    static final Genom.Page ANSWER = new Genom.Page(
            Collections.nCopies(TOKENS, new Genom.Token("T-0000847", "0x00000001", "dog", "common", "en", 1.5, 3.1415)),
            -1);
    static final JsonObject JSON = json();
    static final String TEXT = JSON.encode();

    private Sample() {}

    /** The shipped dictionary, unpacked once on this machine. */
    static CoordinateTable table() throws IOException {
        return CoordinateTable.openBundled(
                Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir"), "skynet-bench-dictionary")));
    }

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
