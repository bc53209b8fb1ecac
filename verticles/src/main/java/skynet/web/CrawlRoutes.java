package skynet.web;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import skynet.bus.Bus;
import skynet.bus.Crawl;
import skynet.bus.Knowledge;
import skynet.bus.Principal;

/** The doors of the crawler: sites, what was found on them, and pairs of question and answer that wait for approval. */
final class CrawlRoutes {
    private static final String LEARN = "/api/crawler/learn";
    private static final int RESULTS = 10;

    private final Bus bus;

    CrawlRoutes(Bus bus) {
        this.bus = bus;
    }

    void mount(Router router) {
        router.get("/api/crawler").handler(this::look);
        router.post("/api/crawler/crawl").handler(this::begin);
        router.delete("/api/crawler/sites/:site").handler(this::remove);
        router.get("/api/crawler/search").handler(this::search);
        router.get("/api/crawler/knowledge").handler(this::knowledge);
        router.post(LEARN).handler(this::propose);
        router.get(LEARN).handler(this::pairs);
        router.post(LEARN + "/:id/approve").handler(request -> judge(request, true));
        router.post(LEARN + "/:id/reject").handler(request -> judge(request, false));
    }

    private void look(RoutingContext request) {
        Exchange.query(request, Set.of("site"), query -> bus.ask(new Crawl.Look(query.text("site")))
                .map(CrawlRoutes::view));
    }

    private void begin(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("url", "depth", "pages"), body -> {
            int depth = body.number("depth", -1);
            int pages = body.number("pages", 0);
            if (body.has("depth") && depth < 0 || body.has("pages") && pages < 1) {
                throw new IllegalArgumentException("depth, pages: " + depth + ", " + pages + " (expected: depth 0 to "
                        + Crawl.DEPTH_MAX + ", pages 1 to " + Crawl.PAGES_MAX + ")");
            }
            return bus.ask(new Crawl.Start(by, body.text("url"), depth, pages)).map(started -> new JsonObject()
                    .put("site", started.site())
                    .put("seed", started.seed())
                    .put("depth", started.depth())
                    .put("pages", started.pages())
                    .put("again", started.again()));
        });
    }

    private void remove(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.query(request, Set.of(), query -> bus.ask(new Crawl.Remove(
                        by,
                        QueryStringDecoder.decodeComponent(
                                request.pathParam("site").replace("+", "%2B"))))
                .map(removing -> new JsonObject()
                        .put("site", removing.site())
                        .put("documents", removing.documents())
                        .put("leaving", true)));
    }

    private void search(RoutingContext request) {
        Exchange.query(request, Set.of("q", "limit"), query -> bus.ask(
                        new Crawl.Search(query.text("q"), query.number("limit", RESULTS)))
                .map(found -> {
                    JsonArray results = new JsonArray();
                    found.results()
                            .forEach(result -> results.add(new JsonObject()
                                    .put("url", result.url())
                                    .put("title", result.title())
                                    .put("snippet", result.snippet())
                                    .put("score", result.score())
                                    .put("from", result.from())
                                    .put("trusted", false)));
                    return new JsonObject()
                            .put("results", results)
                            .put("internet", found.internet())
                            .put("note", found.note());
                }));
    }

    /** The passages of what this node was taught and has crawled, for the caller's group. */
    private void knowledge(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.query(request, Set.of("q", "limit", "collection"), query -> bus.ask(new Knowledge.Search(
                        query.text("q"), by.tenant(), query.text("collection"), query.number("limit", RESULTS)))
                .map(found -> {
                    JsonArray hits = new JsonArray();
                    found.hits().forEach(hit -> hits.add(json(hit)));
                    return new JsonObject().put("hits", hits);
                }));
    }

    private static JsonObject json(Knowledge.Hit hit) {
        return new JsonObject()
                .put("document", hit.document())
                .put("title", hit.title())
                .put("chunk", hit.chunk())
                .put("start", hit.start())
                .put("end", hit.end())
                .put("text", hit.text())
                .put("score", hit.score())
                .put("page", hit.page() == 0 ? null : hit.page())
                .put("collection", hit.collection())
                .put("trusted", !hit.collection().equals(Crawl.COLLECTION));
    }

    private void propose(RoutingContext request) {
        Principal by = Caller.of(request);
        Exchange.body(request, JsonBody.BYTES_MAX, Set.of("question", "answer", "source"), body -> bus.ask(
                        new Crawl.Propose(by, body.text("question"), body.text("answer"), body.textOrEmpty("source")))
                .map(proposed -> new JsonObject().put("id", proposed.id()).put("state", proposed.state())));
    }

    private void pairs(RoutingContext request) {
        Exchange.query(request, Set.of("state", "after", "limit"), query -> bus.ask(new Crawl.Pairs(
                        query.text("state"), query.cursor("after"), query.number("limit", Crawl.PAIRS_MAX)))
                .map(page -> {
                    JsonArray pairs = new JsonArray();
                    page.pairs().forEach(pair -> pairs.add(json(pair)));
                    return new JsonObject().put("pairs", pairs).put("next", page.next());
                }));
    }

    private static JsonObject json(Crawl.Pair pair) {
        return new JsonObject()
                .put("id", pair.id())
                .put("question", pair.question())
                .put("answer", pair.answer())
                .put("source", pair.source())
                .put("group", pair.tenant())
                .put("proposed_by", pair.proposedBy())
                .put("proposed_at", time(pair.proposedMillis()))
                .put("state", pair.state())
                .put("judged_by", pair.judgedBy().isEmpty() ? null : pair.judgedBy())
                .put("judged_at", time(pair.judgedMillis()))
                .put("document", pair.document().isEmpty() ? null : pair.document());
    }

    private void judge(RoutingContext request, boolean approved) {
        Principal by = Caller.of(request);
        Exchange.query(request, Set.of(), query -> bus.ask(
                        new Crawl.Judge(by, request.pathParam("id"), approved), KnowledgeRoutes.LEARNING)
                .map(judged -> new JsonObject()
                        .put("id", judged.id())
                        .put("state", judged.state())
                        .put("document", judged.document().isEmpty() ? null : judged.document())));
    }

    private static JsonObject view(Crawl.View view) {
        JsonArray sites = new JsonArray();
        view.sites().forEach(site -> sites.add(json(site)));
        JsonArray troubles = new JsonArray();
        view.troubles()
                .forEach(trouble -> troubles.add(new JsonObject()
                        .put("url", trouble.url())
                        .put("state", trouble.state())
                        .put("why", trouble.why())
                        .put("at", time(trouble.atMillis()))));
        return new JsonObject()
                .put("enabled", view.enabled())
                .put("internet", view.internet())
                .put("indexed", sum(view.sites(), true))
                .put("due", sum(view.sites(), false))
                .put("sites", sites)
                .put("troubles", troubles);
    }

    private static int sum(List<Crawl.Site> sites, boolean indexed) {
        return sites.stream()
                .mapToInt(site -> indexed ? site.indexed() : site.due())
                .sum();
    }

    private static JsonObject json(Crawl.Site site) {
        return new JsonObject()
                .put("site", site.site())
                .put("seed", site.seed())
                .put("depth", site.depth())
                .put("pages", site.pages())
                .put("state", site.leaving() ? "leaving" : site.due() + site.waiting() > 0 ? "crawling" : "resting")
                .put("due", site.due())
                .put("next_at", time(site.next()))
                .put(
                        "found",
                        new JsonObject()
                                .put("waiting", site.waiting())
                                .put("indexed", site.indexed())
                                .put("duplicate", site.duplicate())
                                .put("moved", site.moved())
                                .put("refused", site.refused())
                                .put("unfit", site.unfit())
                                .put("failed", site.failed())
                                .put("gone", site.gone()))
                .put("fetched", site.fetched())
                .put("unchanged", site.unchanged())
                .put("learned", site.learned())
                .put("bytes", site.bytes());
    }

    private static String time(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis).toString();
    }
}
