package skynet.crawl;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import skynet.bus.Bus;
import skynet.bus.Crawl;
import skynet.bus.Fault;
import skynet.bus.Knowledge;
import skynet.kit.Sha256;

/**
 * Looks at one page after the other: borrows a site, asks its robots.txt, gets the page that is due, and has learned or
 * forgotten what follows from it before that is written down. A node that ends in between leaves the page due, and the same
 * is done again, to the same effect.
 */
final class Crawler {
    private static final Logger LOG = System.getLogger(Crawler.class.getName());

    /** A long document takes minutes to embed. */
    private static final Duration LEARNING = Duration.ofMinutes(15);

    private static final long RENEW_MILLIS = CrawlStore.LEASE_SECONDS * 1_000L / 4;

    /** How long a site is left alone when something of ours failed. */
    private static final long TROUBLE_MILLIS = 10_000;

    /** Failures in a row after which a page waits for its next turn. */
    private static final int TRIES_MAX = 3;

    private static final long RETRY_MILLIS = 10_000;
    private static final int HOPS_MAX = 5;
    private static final int SITEMAP_DEPTH_MAX = 2;
    private static final int RETRY_AFTER_SECONDS_MAX = 3_600;

    private static final String ROBOTS = "/robots.txt";

    private final Vertx vertx;
    private final Bus bus;
    private final CrawlStore store;
    private final CrawlClient client;
    private final RobotsFiles robotsFiles;
    private final PageReader reader;
    private final Supplier<UUID> ids;
    private final int node;
    private final long pauseMillis;
    private final long everyMillis;

    Crawler(
            Vertx vertx,
            Bus bus,
            CrawlStore store,
            CrawlClient client,
            PageReader reader,
            Supplier<UUID> ids,
            int node,
            CrawlConfig config) {
        this.vertx = vertx;
        this.bus = bus;
        this.store = store;
        this.client = client;
        this.robotsFiles = new RobotsFiles(vertx, client);
        this.reader = reader;
        this.ids = ids;
        this.node = node;
        this.pauseMillis = config.pauseMillis();
        this.everyMillis = Duration.ofHours(config.everyHours()).toMillis();
    }

    Future<Optional<Claim>> claim() {
        return store.claim(ids.get(), node);
    }

    /** Does one thing for a site and gives it back. Returns after how many ms the site may be asked again. */
    Future<Long> work(Claim claim) {
        long renewal = vertx.setPeriodic(RENEW_MILLIS, tick -> store.renew(claim));
        return (claim.leaving() ? sweep(claim) : look(claim))
                .recover(failure -> postpone(claim, failure))
                .onComplete(done -> vertx.cancelTimer(renewal));
    }

    private Future<Long> postpone(Claim claim, Throwable failure) {
        LOG.log(Level.INFO, claim.site() + ": put off: " + failure.getMessage());
        return store.release(claim, TROUBLE_MILLIS).otherwiseEmpty().map(released -> TROUBLE_MILLIS);
    }

    private Future<Long> look(Claim claim) {
        return store.next(claim.site()).compose(next -> {
            if (next.isEmpty()) {
                return store.release(claim, 0).map(released -> 0L);
            }
            Visit visit = next.get();
            String origin = visit.address().origin();
            return store.robots(origin)
                    .compose(asked ->
                            asked.isPresent() ? visit(claim, visit, asked.get()) : askRobots(claim, visit.address()));
        });
    }

    /** The robots.txt counts as a page: the next one comes after the pause. */
    private Future<Long> askRobots(Claim claim, WebAddress page) {
        WebAddress file = page.at(ROBOTS);
        return robotsFiles
                .ask(file)
                .compose(asked -> robotsFiles.rules(file, asked).compose(robots -> {
                    List<WebAddress> named = robots.sitemaps().stream()
                            .flatMap(text -> file.resolve(text).stream())
                            .filter(address -> address.site().equals(claim.site()))
                            .toList();
                    List<WebAddress> usual = named.isEmpty() ? List.of(file.at("/sitemap.xml")) : named;
                    long pause = Math.max(pauseMillis, robots.pauseMillis());
                    boolean told = RobotsFiles.tells(asked.status());
                    return store.keepRobots(claim, page.origin(), asked, told ? usual : List.of(), pause)
                            .map(kept -> pause);
                }));
    }

    private Future<Long> visit(Claim claim, Visit visit, CrawlStore.Asked asked) {
        if (asked.status() == RobotsFiles.CLOSED) {
            Fault closed = new Fault(Fault.Kind.DENIED, asked.body().toString());
            return settle(claim, visit, refused(visit, closed));
        }
        if (!RobotsFiles.tells(asked.status())) {
            return settle(claim, visit, failed(visit, "robots.txt: " + asked.body()));
        }
        return robotsFiles.rules(visit.address().at(ROBOTS), asked).compose(robots -> {
            if (!robots.allows(visit.address())) {
                return settle(claim, visit, Outcome.without(Visit.State.REFUSED, "robots.txt does not allow it"));
            }
            int bytesMax = visit.sitemap() ? Sitemap.BYTES_MAX : PageReader.FETCHED_BYTES_MAX;
            return client.get(visit.address(), wishes(visit), bytesMax, false)
                    .compose(reply -> judge(claim, visit, reply))
                    .recover(failure -> failure instanceof Ours
                            ? Future.failedFuture(failure)
                            : Future.succeededFuture(refused(visit, failure)))
                    .compose(outcome -> settle(claim, visit, outcome.pause(robots.pauseMillis())));
        });
    }

    private static Map<String, String> wishes(Visit visit) {
        Map<String, String> wishes = new HashMap<>();
        if (!visit.etag().isEmpty()) {
            wishes.put("If-None-Match", visit.etag());
        }
        if (!visit.modified().isEmpty()) {
            wishes.put("If-Modified-Since", visit.modified());
        }
        return wishes;
    }

    private Future<Outcome> judge(Claim claim, Visit visit, Reply reply) {
        int status = reply.status();
        if (status == 304) {
            return Future.succeededFuture(Outcome.same(visit, visit.state(), "").notChanged());
        }
        if (reply.isRedirect()) {
            return Future.succeededFuture(moved(claim, visit, reply));
        }
        if (status == 200 || status == 203) {
            return visit.sitemap() ? readSitemap(claim, visit, reply) : readPage(claim, visit, reply);
        }
        if (status == 404 || status == 410) {
            return Future.succeededFuture(
                    Outcome.without(Visit.State.GONE, visit.sitemap() ? "" : "answered " + status));
        }
        if (status == 401 || status == 403 || status == 451) {
            return Future.succeededFuture(Outcome.without(Visit.State.REFUSED, "answered " + status));
        }
        Outcome outcome = failed(visit, "answered " + status);
        boolean busy = status == 429 || status == 503;
        long seconds = Math.min(Math.max(reply.retryAfterSeconds(), busy ? 10 : 0), RETRY_AFTER_SECONDS_MAX);
        return Future.succeededFuture(outcome.pause(seconds * 1_000));
    }

    private static Outcome moved(Claim claim, Visit visit, Reply reply) {
        Optional<WebAddress> target = CrawlClient.target(reply);
        if (target.isEmpty()) {
            return Outcome.without(Visit.State.REFUSED, "redirects to no address of the web, or from https to http");
        }
        WebAddress to = target.get();
        if (!to.site().equals(claim.site())) {
            return Outcome.without(Visit.State.MOVED, "redirects to another site: " + to.origin())
                    .pointsTo(to.toString());
        }
        if (visit.hops() >= HOPS_MAX) {
            return Outcome.without(Visit.State.REFUSED, "too many redirects");
        }
        return Outcome.without(Visit.State.MOVED, "")
                .pointsTo(to.toString())
                .leadsTo(visit.sitemap() ? List.of() : List.of(to), visit.depth(), visit.hops() + 1)
                .listedIn(visit.sitemap() && visit.depth() < SITEMAP_DEPTH_MAX ? List.of(to) : List.of());
    }

    private Future<Outcome> readSitemap(Claim claim, Visit visit, Reply reply) {
        return vertx.executeBlocking(
                () -> {
                    Sitemap sitemap = Sitemap.read(Unpacker.unpackFile(
                            reply.address(), Unpacker.unpack(reply, Sitemap.BYTES_MAX), Sitemap.BYTES_MAX));
                    boolean leadsOn = visit.depth() < SITEMAP_DEPTH_MAX;
                    List<String> pages = claim.depth() == 0 ? List.of() : sitemap.pages();
                    List<String> sitemaps = leadsOn ? sitemap.sitemaps() : List.of();
                    return Outcome.without(Visit.State.INDEXED, "")
                            .validators(reply)
                            .leadsTo(ofSite(claim, reply.address(), pages, claim.pages()), 1, 0)
                            .listedIn(ofSite(claim, reply.address(), sitemaps, CrawlStore.SITEMAPS_MAX));
                },
                false);
    }

    private static List<WebAddress> ofSite(Claim claim, WebAddress from, List<String> texts, int most) {
        return texts.stream()
                .flatMap(text -> from.resolve(text).stream())
                .filter(address -> address.site().equals(claim.site()))
                .distinct()
                .limit(most)
                .toList();
    }

    private Future<Outcome> readPage(Claim claim, Visit visit, Reply reply) {
        return vertx.executeBlocking(() -> reader.read(reply), false).compose(page -> {
            List<WebAddress> links = visit.depth() >= claim.depth()
                    ? List.of()
                    : page.links().stream()
                            .filter(address -> address.site().equals(claim.site()))
                            .toList();
            List<WebAddress> found = Stream.concat(canonical(claim, page).stream(), links.stream())
                    .toList();
            return keep(claim, visit, page).map(outcome -> outcome.validators(reply)
                    .leadsTo(found, visit.depth() + (links.isEmpty() ? 0 : 1), 0));
        });
    }

    private static Optional<WebAddress> canonical(Claim claim, Page page) {
        return page.canonical().filter(address -> address.site().equals(claim.site()));
    }

    /** What the page's words become: a document, one that is there already, or none. */
    private Future<Outcome> keep(Claim claim, Visit visit, Page page) {
        if (!page.index()) {
            return Future.succeededFuture(Outcome.without(Visit.State.REFUSED, "asks not to be indexed"));
        }
        Optional<WebAddress> canonical = canonical(claim, page);
        if (canonical.isPresent()) {
            return store.state(canonical.get())
                    .recover(Crawler::ours)
                    .compose(state -> state.filter(Crawler::standsForNothing).isPresent()
                            ? learn(claim, visit, page)
                            : Future.succeededFuture(Outcome.without(Visit.State.DUPLICATE, "")
                                    .pointsTo(canonical.get().toString())));
        }
        return learn(claim, visit, page);
    }

    /** Whether what a page names as its own address has no words here, and is not about to have any. */
    private static boolean standsForNothing(Visit.State state) {
        return state != Visit.State.WAITING && state != Visit.State.INDEXED;
    }

    private Future<Outcome> learn(Claim claim, Visit visit, Page page) {
        if (page.text().isBlank()) {
            return Future.succeededFuture(Outcome.without(Visit.State.UNFIT, "has no words"));
        }
        Buffer digest = Buffer.buffer(Sha256.of(page.title() + '\n' + page.text()));
        if (visit.document() && digest.equals(visit.digest())) {
            return Future.succeededFuture(Outcome.indexed(page.title(), digest, false));
        }
        return store.twin(claim, digest, visit.address())
                .recover(Crawler::ours)
                .compose(twin -> twin.isPresent()
                        ? Future.succeededFuture(
                                Outcome.without(Visit.State.DUPLICATE, "").pointsTo(twin.get()))
                        : bus.ask(
                                        new Knowledge.Learn(
                                                visit.address().toString(),
                                                page.title(),
                                                page.text(),
                                                Knowledge.SHARED,
                                                Crawl.COLLECTION,
                                                page.pages()),
                                        LEARNING)
                                .recover(Crawler::ours)
                                .map(learned -> Outcome.indexed(page.title(), digest, learned.changed())));
    }

    /** Gives back the site; first what is no longer to be found is forgotten, so that nobody finds it in between. */
    private Future<Long> settle(Claim claim, Visit visit, Outcome outcome) {
        Outcome paused = outcome.pause(pauseMillis);
        Future<?> retired =
                visit.document() && !outcome.document() ? forget(visit.address().toString()) : Future.succeededFuture();
        long again = outcome.againMillis() > 0 ? outcome.againMillis() : everyMillis;
        return retired.compose(gone -> store.settle(claim, visit, paused, again))
                .map(settled -> paused.pauseMillis());
    }

    private Future<Void> forget(String url) {
        return bus.ask(new Knowledge.Forget(url, Knowledge.SHARED, Crawl.COLLECTION))
                .<Void>mapEmpty()
                .recover(failure -> failure instanceof Fault fault && fault.kind() == Fault.Kind.ABSENT
                        ? Future.succeededFuture()
                        : ours(failure));
    }

    private Future<Long> sweep(Claim claim) {
        return store.sweep(claim).compose(urls -> {
            if (urls.isEmpty()) {
                return store.drop(claim).map(dropped -> 0L);
            }
            Future<Void> done = Future.succeededFuture();
            for (String url : urls) {
                done = done.compose(before -> forget(url));
            }
            return done.compose(forgotten -> store.swept(claim, urls))
                    .compose(swept -> store.release(claim, 0))
                    .map(released -> 0L);
        });
    }

    private static Outcome refused(Visit visit, Throwable failure) {
        if (!(failure instanceof Fault fault)) {
            // The site must not stand still because of one page.
            LOG.log(Level.WARNING, visit.address() + ": not read", failure);
            return Outcome.without(Visit.State.UNFIT, "cannot be read");
        }
        String why = said(fault);
        return switch (fault.kind()) {
            case TOO_LARGE, INVALID, UNREADABLE, UNSUPPORTED -> Outcome.without(Visit.State.UNFIT, why);
            // A name service that is wrong for an hour must not empty the index.
            case DENIED -> Outcome.same(visit, visit.document() ? visit.state() : Visit.State.REFUSED, why);
            default -> failed(visit, why);
        };
    }

    /** What was known stays; after some failures in a row the page waits for its turn. */
    private static Outcome failed(Visit visit, String why) {
        int tries = visit.tries() + 1;
        boolean enough = tries >= TRIES_MAX;
        Visit.State state = visit.state() == Visit.State.WAITING && !enough
                ? Visit.State.WAITING
                : visit.document() ? visit.state() : Visit.State.FAILED;
        return Outcome.same(visit, state, why).again(enough ? 0 : tries, enough ? 0 : RETRY_MILLIS << 2 * (tries - 1));
    }

    private static String said(Throwable failure) {
        return failure instanceof Fault
                ? failure.getMessage()
                : failure.getClass().getSimpleName();
    }

    /** A failure of our own rooms says nothing about the page, unless they refuse its text. */
    private static <T> Future<T> ours(Throwable failure) {
        boolean ofPage = failure instanceof Fault fault
                && (fault.kind() == Fault.Kind.INVALID || fault.kind() == Fault.Kind.TOO_LARGE);
        return Future.failedFuture(ofPage ? failure : new Ours(failure));
    }

    /** Something of this node failed, and the page is looked at again later. */
    private static final class Ours extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Ours(Throwable cause) {
            super(cause.getMessage(), cause, false, false);
        }
    }
}
