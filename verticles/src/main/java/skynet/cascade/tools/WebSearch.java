package skynet.cascade.tools;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import skynet.bus.Bus;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.Tools.Source;

/**
 * Looks into the pages that this node holds and, where a provider is set, asks that too. The provider speaks as SearXNG does:
 * {@code GET <url>/search?q=…&format=json}. It is left out when foreign text has been read before, for the query could then be
 * somebody else's way of carrying something out of the node; the answer says so.
 */
final class WebSearch implements Tool {
    private static final Parameter QUERY = Parameter.text("query", "what to look for", 400);
    private static final Parameter COUNT =
            Parameter.number("count", "how many results at most; 5 when left out", 1, Passages.COUNT_MAX);
    private static final int COUNT_USUAL = 5;
    private static final int TITLE_CHARS_MAX = 300;
    private static final int URL_CHARS_MAX = 500;
    private static final int TEXT_CHARS_MAX = 600;

    private final Bus bus;
    private final Outside outside;
    private final Optional<String> provider;

    WebSearch(Bus bus, Outside outside, Optional<String> provider) {
        this.bus = bus;
        this.outside = outside;
        this.provider = provider;
    }

    @Override
    public String name() {
        return "web_search";
    }

    @Override
    public String title() {
        return "Web search";
    }

    @Override
    public String description() {
        return "Finds pages: among those that this node holds and, where its owner has set a provider, on the web. "
                + "The field scope tells which.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(QUERY, COUNT);
    }

    @Override
    public boolean isOutward() {
        return provider.isPresent();
    }

    @Override
    public String note() {
        return provider.isPresent() ? "" : "local only: no provider is set (tools.search-url)";
    }

    @Override
    public Future<Finding> use(Arguments arguments, Asked asked) {
        String query = arguments.text("query");
        int count = arguments.number("count", COUNT_USUAL);
        Future<Passages> local = bus.ask(new Knowledge.Search(query, asked.tenant(), "", count))
                .map(found -> new Passages(found.hits()));
        if (provider.isEmpty()) {
            return local.map(passages -> local(passages, "no provider is set: only what this node holds was searched"));
        }
        if (asked.foreignRead()) {
            return local.map(
                    passages -> local(passages, "text of others was read before: nothing was sent outside this node"));
        }
        return web(provider.get(), query, count)
                .compose(
                        found -> local.map(passages -> everywhere(passages, found)),
                        failure ->
                                local.map(passages -> local(passages, "the provider failed: " + failure.getMessage())));
    }

    private static Finding local(Passages passages, String note) {
        return Finding.foreign(
                new JsonObject().put("scope", "local").put("note", note).put("results", passages.results()),
                Source.DOCUMENTS,
                passages.citations());
    }

    private static Finding everywhere(Passages passages, JsonArray found) {
        return Finding.foreign(
                new JsonObject().put("scope", "web").put("web", found).put("results", passages.results()),
                Source.OUTSIDE,
                passages.citations());
    }

    private Future<JsonArray> web(String url, String query, int count) {
        String base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        String asked = base + "/search?format=json&q=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
        return outside.json(asked).map(answer -> {
            if (!(answer.getValue("results") instanceof JsonArray results)) {
                throw new Fault(Fault.Kind.UNAVAILABLE, "provider: its answer has no results");
            }
            JsonArray found = new JsonArray();
            results.stream()
                    .filter(JsonObject.class::isInstance)
                    .map(JsonObject.class::cast)
                    .limit(count)
                    .forEach(result -> found.add(new JsonObject()
                            .put("title", text(result, "title", TITLE_CHARS_MAX))
                            .put("url", text(result, "url", URL_CHARS_MAX))
                            .put("text", text(result, "content", TEXT_CHARS_MAX))));
            return found;
        });
    }

    private static String text(JsonObject result, String name, int charsMax) {
        return result.getValue(name) instanceof String text ? Outside.cut(text, charsMax) : "";
    }
}
