package skynet.crawl;

import io.vertx.core.Future;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import skynet.bus.Bus;
import skynet.bus.Crawl;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.bus.Principal;
import skynet.kit.Room;

/**
 * Crawls what is asked for, at most {@value #SITES_AT_ONCE} sites at once on this node, each by one node at a time; finds
 * what was read; keeps proposed pairs until they are judged.
 */
public final class CrawlVerticle extends Room {
    private static final Logger LOG = System.getLogger(CrawlVerticle.class.getName());
    static final int SITES_AT_ONCE = 4;

    /** How often this node looks for sites when it has none. */
    private static final long IDLE_MILLIS = 2_000;

    private static final long MAKE_UP_MILLIS = 30_000;
    private static final int SNIPPET_CHARS_MAX = 500;

    /** Passages looked through for one page among the results. */
    private static final int PASSAGES_A_RESULT = 4;

    private final CrawlConfig config;
    private final CrawlStore store;
    private final Extractor extractor;
    private final Supplier<UUID> ids;
    private final int node;
    private final String agent;
    private final Pairs pairs;
    private final Gate gate;
    private Names names;
    private CrawlClient client;
    private CrawlClient providerClient;
    private Optional<WebSearchClient> provider = Optional.empty();
    private Crawler crawler;
    private int working;
    private boolean closing;

    /** A room that reads documents in the way that is handed in, and tells sites its release. */
    public CrawlVerticle(
            Bus bus,
            CrawlConfig config,
            CrawlStore store,
            PairStore pairStore,
            Extractor extractor,
            Supplier<UUID> ids,
            int node,
            String release) {
        super(bus);
        this.config = config;
        this.store = store;
        this.extractor = extractor;
        this.ids = ids;
        this.node = node;
        this.agent = config.agent(release);
        this.pairs = new Pairs(bus, pairStore, ids);
        this.gate = new Gate(config.allowedHosts());
    }

    /** Asks for names as the test wants. */
    CrawlVerticle resolving(Names other) {
        names = other;
        return this;
    }

    @Override
    public Future<?> start() {
        Names asked = names == null ? Names.ofMachine(vertx) : names;
        client = new CrawlClient(vertx, gate, asked, agent);
        config.searchUrl().map(WebAddress::parse).ifPresent(address -> {
            Gate open = new Gate(List.of(
                    address.host().indexOf(':') < 0
                            ? address.host() + ':' + address.port()
                            : '[' + address.host() + "]:" + address.port()));
            providerClient = new CrawlClient(vertx, open, asked, agent);
            provider = Optional.of(new WebSearchClient(providerClient, address));
        });
        crawler = new Crawler(vertx, bus, store, client, new PageReader(extractor), ids, node, config);
        return Future.all(List.of(
                        bus.serve(Crawl.Start.class, this::begin),
                        bus.serve(Crawl.Look.class, this::look),
                        bus.serve(Crawl.Remove.class, this::remove),
                        bus.serve(Crawl.Search.class, this::search),
                        bus.serve(Crawl.Propose.class, pairs::propose),
                        bus.serve(Crawl.Pairs.class, pairs::list),
                        bus.serve(Crawl.Judge.class, pairs::judge),
                        bus.serve(Crawl.Withdraw.class, pairs::withdraw)))
                .compose(served -> config.enabled() ? crawl() : Future.succeededFuture());
    }

    private Future<?> crawl() {
        vertx.setPeriodic(IDLE_MILLIS, tick -> next());
        vertx.setPeriodic(MAKE_UP_MILLIS, tick -> pairs.makeUp()
                .onFailure(failure -> LOG.log(Level.INFO, "approved pairs: not learned yet: " + failure.getMessage())));
        Future<Void> planted = store.free(node);
        for (String seed : config.seeds()) {
            planted = planted.compose(before -> store.plant(WebAddress.parse(seed), config.depth(), config.pages()));
        }
        return planted.onSuccess(all -> next());
    }

    @Override
    public Future<?> stop() {
        closing = true;
        List<Future<?>> closed = new ArrayList<>();
        if (client != null) {
            closed.add(client.close());
        }
        if (providerClient != null) {
            closed.add(providerClient.close());
        }
        return Future.join(closed).transform(done -> config.enabled() ? store.free(node) : Future.succeededFuture());
    }

    /** Takes a site if one is free, and looks for another one beside it. */
    private void next() {
        if (closing || working >= SITES_AT_ONCE) {
            return;
        }
        working++;
        crawler.claim()
                .compose(claim -> {
                    if (claim.isEmpty() || closing) {
                        return Future.succeededFuture(-1L);
                    }
                    next();
                    return crawler.work(claim.get());
                })
                .onComplete(done -> {
                    working--;
                    if (done.succeeded() && done.result() >= 0 && !closing) {
                        // It is due in so long; what else is due now is looked for by then too.
                        vertx.setTimer(1 + done.result(), again -> next());
                    }
                });
    }

    private Future<Crawl.Started> begin(Crawl.Start start) {
        WebAddress seed = WebAddress.parse(start.url());
        // What is closed is opened by a setting and by nobody's rights, so that none is asked for.
        gate.refusal(seed).ifPresent(why -> {
            throw Fault.invalid(why);
        });
        int depth = start.depth() < 0 ? config.depth() : start.depth();
        int pages = start.pages() == 0 ? config.pages() : start.pages();
        return store.begin(seed, depth, pages, nameOf(start.by())).map(again -> {
            if (config.enabled()) {
                context.runOnContext(now -> next());
            }
            return new Crawl.Started(seed.site(), seed.toString(), depth, pages, again);
        });
    }

    private Future<Crawl.View> look(Crawl.Look look) {
        return store.sites(look.site()).compose(sites -> {
            if (!look.site().isEmpty() && sites.isEmpty()) {
                return Future.failedFuture(absent());
            }
            return store.troubles(look.site())
                    .map(troubles -> new Crawl.View(config.enabled(), provider.isPresent(), sites, troubles));
        });
    }

    private Future<Crawl.Removing> remove(Crawl.Remove remove) {
        return store.leave(remove.site()).map(documents -> {
            int count = documents.orElseThrow(CrawlVerticle::absent);
            LOG.log(Level.INFO, remove.site() + ": taken out by " + nameOf(remove.by()));
            context.runOnContext(now -> next());
            return new Crawl.Removing(remove.site(), count);
        });
    }

    private static Fault absent() {
        return Fault.absent("site: not known here");
    }

    /** The best passage of each page, then what the provider knows that this node does not. */
    private Future<Crawl.Found> search(Crawl.Search search) {
        int passages = Math.min(Knowledge.HITS_MAX, search.limit() * PASSAGES_A_RESULT);
        Future<List<Crawl.Result>> own = bus.ask(
                        new Knowledge.Search(search.query(), Knowledge.SHARED, Crawl.COLLECTION, passages))
                .map(found -> pages(found.hits()));
        return own.compose(pages -> provider.map(outside -> outside.search(search.query(), search.limit())
                        .map(more -> new Crawl.Found(joined(pages, more, search.limit()), true, ""))
                        .otherwise(failure -> new Crawl.Found(
                                joined(pages, List.of(), search.limit()), false, String.valueOf(failure.getMessage()))))
                .orElseGet(() -> Future.succeededFuture(new Crawl.Found(
                        joined(pages, List.of(), search.limit()),
                        false,
                        "only pages that this node has crawled: no provider is set (crawl.search-url)"))));
    }

    private static List<Crawl.Result> pages(List<Knowledge.Hit> hits) {
        Map<String, Crawl.Result> pages = new LinkedHashMap<>();
        for (Knowledge.Hit hit : hits) {
            if (hit.collection().equals(Crawl.COLLECTION)) {
                String text = hit.text().strip();
                String snippet = text.length() > SNIPPET_CHARS_MAX ? text.substring(0, SNIPPET_CHARS_MAX) + "…" : text;
                pages.putIfAbsent(
                        hit.document(), new Crawl.Result(hit.document(), hit.title(), snippet, hit.score(), "index"));
            }
        }
        return List.copyOf(pages.values());
    }

    private static List<Crawl.Result> joined(List<Crawl.Result> own, List<Crawl.Result> more, int limit) {
        Map<String, Crawl.Result> all = new LinkedHashMap<>();
        own.forEach(result -> all.put(result.url(), result));
        more.forEach(result -> all.putIfAbsent(result.url(), result));
        return all.values().stream().limit(limit).toList();
    }

    private static String nameOf(Principal by) {
        return by.user().isEmpty() ? by.tenant() : by.user();
    }
}
