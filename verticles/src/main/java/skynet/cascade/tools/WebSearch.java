package skynet.cascade.tools;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import skynet.bus.Bus;
import skynet.bus.Crawl;
import skynet.bus.Knowledge;
import skynet.bus.Tools.Source;

/**
 * Looks into the pages that this node has crawled and, where a provider is set, onto the web. The provider is left out when
 * foreign text has been read before, for the query could then be somebody else's way of carrying something out of the node;
 * the answer says so.
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
    private final boolean provider;

    /** {@code provider} tells whether the crawler has one. */
    WebSearch(Bus bus, boolean provider) {
        this.bus = bus;
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
        return "Finds pages: among those that this node has crawled and, where its owner has set a provider, on the web. "
                + "The field scope tells which.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(QUERY, COUNT);
    }

    @Override
    public boolean isOutward() {
        return provider;
    }

    @Override
    public String note() {
        return provider ? "" : "local only: no provider is set (crawl.search-url)";
    }

    @Override
    public Future<Finding> use(Arguments arguments, Asked asked) {
        String query = arguments.text("query");
        int count = arguments.number("count", COUNT_USUAL);
        return provider && asked.foreignRead() ? here(query, count) : everywhere(query, count);
    }

    private Future<Finding> here(String query, int count) {
        return bus.ask(new Knowledge.Search(query, Knowledge.SHARED, Crawl.COLLECTION, count))
                .map(found -> {
                    Passages passages = new Passages(found.hits());
                    JsonObject content = new JsonObject()
                            .put("scope", "local")
                            .put("note", "text of others was read before: nothing was sent outside this node")
                            .put("results", passages.results());
                    return Finding.foreign(content, Source.DOCUMENTS, passages.citations());
                });
    }

    private Future<Finding> everywhere(String query, int count) {
        return bus.ask(new Crawl.Search(query, count)).map(found -> {
            JsonArray results = new JsonArray();
            found.results()
                    .forEach(result -> results.add(new JsonObject()
                            .put("title", Outside.cut(result.title(), TITLE_CHARS_MAX))
                            .put("url", Outside.cut(result.url(), URL_CHARS_MAX))
                            .put("text", Outside.cut(result.snippet(), TEXT_CHARS_MAX))
                            .put("from", result.from())));
            JsonObject content = new JsonObject().put("scope", found.internet() ? "web" : "local");
            if (!found.note().isEmpty()) {
                content.put("note", found.note());
            }
            return Finding.foreign(
                    content.put("results", results), found.internet() ? Source.OUTSIDE : Source.DOCUMENTS, List.of());
        });
    }
}
