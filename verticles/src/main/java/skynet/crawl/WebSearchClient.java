package skynet.crawl;

import io.vertx.core.Future;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import skynet.bus.Crawl;
import skynet.bus.Fault;

/** Asks a SearXNG that the operator named. What it answers is text of strangers, bounded and read with suspicion. */
final class WebSearchClient {
    private static final int BYTES_MAX = 2 << 20;
    private static final int TEXT_CHARS_MAX = 500;

    private final CrawlClient client;
    private final WebAddress provider;

    /** A client whose gate opens for the provider, wherever it is. */
    WebSearchClient(CrawlClient client, WebAddress provider) {
        this.client = client;
        this.provider = provider;
    }

    Future<List<Crawl.Result>> search(String query, int limit) {
        String path = provider.path() + (provider.path().indexOf('?') < 0 ? '?' : '&') + "format=json&q="
                + URLEncoder.encode(query, StandardCharsets.UTF_8);
        return client.get(provider.at(path), Map.of(), BYTES_MAX, false).map(reply -> {
            if (reply.status() != 200) {
                throw new Fault(Fault.Kind.UNAVAILABLE, "search provider: answered " + reply.status());
            }
            return results(new String(Unpacker.unpack(reply, BYTES_MAX), StandardCharsets.UTF_8), limit);
        });
    }

    private static List<Crawl.Result> results(String json, int limit) {
        List<Crawl.Result> results = new ArrayList<>();
        try {
            JsonArray found = new JsonObject(json).getJsonArray("results", new JsonArray());
            for (int i = 0; i < found.size() && results.size() < limit; i++) {
                if (found.getValue(i) instanceof JsonObject one) {
                    String url = text(one, "url");
                    if (url.startsWith("https://") || url.startsWith("http://")) {
                        results.add(new Crawl.Result(
                                url, text(one, "title"), text(one, "content"), 1.0 / (1 + i), "internet"));
                    }
                }
            }
        } catch (DecodeException | ClassCastException e) {
            throw new Fault(Fault.Kind.UNAVAILABLE, "search provider: answers something else than results in JSON");
        }
        return results;
    }

    private static String text(JsonObject one, String name) {
        String text = one.getValue(name) instanceof String value ? value : "";
        return text.length() > TEXT_CHARS_MAX ? text.substring(0, TEXT_CHARS_MAX) : text;
    }
}
