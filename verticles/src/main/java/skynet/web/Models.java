package skynet.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import skynet.bus.Cascade.Band;

/**
 * The models that clients of OpenAI's interface find here: four that answer, each a band of levels, and the embedded one that
 * makes vectors. No other vendor's name stands for one of them.
 */
enum Models {
    AUTO("skyai-auto", Band.ANY, "The cheapest level that is good enough."),
    STANDARD("skyai-standard", Band.STANDARD, "Levels 0 to 2: this node's own documents and models."),
    ADVANCED("skyai-advanced", Band.ADVANCED, "Level 3: a fast upstream model."),
    PRO("skyai-pro", Band.PRO, "Levels 4 and 5: a premium upstream model, alone or with tools and criticism.");

    /** The embedded sentence model, by its own name. */
    static final String EMBEDDING = "all-minilm-l6-v2";

    /** How many numbers a vector of it has. */
    static final int DIMENSIONS = 384;

    /** When the first of them was there, in seconds since 1970. */
    private static final long CREATED_SECONDS = 1_767_225_600L;

    private final String id;
    private final Band band;
    private final String description;

    Models(String id, Band band, String description) {
        this.id = id;
        this.band = band;
        this.description = description;
    }

    String id() {
        return id;
    }

    Band band() {
        return band;
    }

    /** The one that answers under this name; refused when none does. */
    static Models answering(String id) {
        for (Models model : values()) {
            if (model.id.equals(id)) {
                return model;
            }
        }
        throw none(ids().toString());
    }

    /** One of all models, as it is listed. */
    static JsonObject listed(String id) {
        if (id.equals(EMBEDDING)) {
            return json(EMBEDDING, "Vectors of " + DIMENSIONS + " numbers for texts; it does not answer.");
        }
        try {
            return answering(id).json();
        } catch (Refusal refusal) {
            throw none(ids() + " or " + EMBEDDING);
        }
    }

    static JsonObject list() {
        JsonArray data = new JsonArray();
        for (Models model : values()) {
            data.add(model.json());
        }
        data.add(listed(EMBEDDING));
        return new JsonObject().put("object", "list").put("data", data);
    }

    static Refusal none(String expected) {
        return new Refusal(
                404,
                "model-not-found",
                "The model does not exist on this node (expected: " + expected + ").",
                "Choose one of GET /v1/models.");
    }

    private static List<String> ids() {
        return List.of(values()).stream().map(Models::id).toList();
    }

    private JsonObject json() {
        return json(id, description);
    }

    private static JsonObject json(String id, String description) {
        return new JsonObject()
                .put("id", id)
                .put("object", "model")
                .put("created", CREATED_SECONDS)
                .put("owned_by", "skynet")
                .put("skynet", new JsonObject().put("description", description));
    }
}
