package skynet.cascade.tools;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import skynet.bus.Knowledge.Citation;
import skynet.bus.Knowledge.Hit;

/** Passages of documents as a tool tells them: each as long as a model reads at a glance, with the place where it stands. */
final class Passages {
    /** Longest text of one passage; what is longer is cut, and its end is told where it was cut. */
    static final int CHARS_MAX = 1_000;

    /** Most passages of one search: together they fit into the content of a tool. */
    static final int COUNT_MAX = 8;

    private final JsonArray results = new JsonArray();
    private final List<Citation> citations = new ArrayList<>();

    Passages(List<Hit> hits) {
        for (Hit hit : hits) {
            Citation citation = hit.citation(CHARS_MAX);
            citations.add(citation);
            JsonObject result = new JsonObject()
                    .put("document", citation.document())
                    .put("title", citation.title())
                    .put("start", citation.start())
                    .put("end", citation.end())
                    .put("text", citation.text())
                    .put("score", Math.round(hit.score() * 1e4) / 1e4);
            if (!hit.collection().isEmpty()) {
                result.put("collection", hit.collection());
            }
            results.add(hit.page() > 0 ? result.put("page", hit.page()) : result);
        }
    }

    JsonArray results() {
        return results;
    }

    List<Citation> citations() {
        return citations;
    }
}
