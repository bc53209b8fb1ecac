package skynet.cascade.tools;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import skynet.bus.Bus;
import skynet.bus.Knowledge;
import skynet.bus.Tools.Source;

/** Looks for passages in the documents of this node that the asking tenant may read. */
final class KnowledgeSearch implements Tool {
    private static final Parameter QUERY =
            Parameter.text("query", "what to look for, in words or as a question", 1_000);
    private static final Parameter COLLECTION = Parameter.text(
                    "collection", "the collection to look in; all of them when left out", 64)
            .optional();
    private static final Parameter COUNT =
            Parameter.number("count", "how many passages at most; 5 when left out", 1, Passages.COUNT_MAX);
    private static final int COUNT_USUAL = 5;

    private final Bus bus;

    KnowledgeSearch(Bus bus) {
        this.bus = bus;
    }

    @Override
    public String name() {
        return "knowledge_search";
    }

    @Override
    public String title() {
        return "Knowledge search";
    }

    @Override
    public String description() {
        return "Finds passages in the documents of this node, best first, with the place where each stands.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(QUERY, COLLECTION, COUNT);
    }

    @Override
    public Future<Finding> use(Arguments arguments, Asked asked) {
        return bus.ask(new Knowledge.Search(
                        arguments.text("query"),
                        asked.tenant(),
                        arguments.optional("collection").orElse(""),
                        arguments.number("count", COUNT_USUAL)))
                .map(found -> {
                    Passages passages = new Passages(found.hits());
                    return Finding.foreign(
                            new JsonObject().put("results", passages.results()),
                            Source.DOCUMENTS,
                            passages.citations());
                });
    }
}
