package skynet.crawl;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import skynet.bus.Crawl;
import skynet.bus.Fault;
import skynet.kit.Database;

/**
 * The frontier in PostgreSQL: sites, what their robots.txt asks, and pages. A site is lent to one node at a time; what is
 * written for it shows the lease, so that a node that was given up writes nothing.
 */
public final class CrawlStore {
    /** How long a site is lent without being asked for again, in seconds. */
    static final int LEASE_SECONDS = 60;

    /** Sitemaps of one site. */
    static final int SITEMAPS_MAX = 50;

    /** Pages that are let go at once. */
    static final int SWEEP_MAX = 100;

    private static final int TROUBLES_MAX = 50;

    private static final String LOCK_SITES = "SELECT pg_advisory_xact_lock(17)";

    private static final String BEGIN =
            """
            INSERT INTO crawl.site (name, seed, depth, pages, begun_by)
            SELECT $1, $2, $3, $4, $5
             WHERE (SELECT count(*) FROM crawl.site WHERE name <> $1) < $6
                ON CONFLICT (name) DO UPDATE
               SET seed = excluded.seed,
                   depth = excluded.depth,
                   pages = excluded.pages,
                   begun_by = excluded.begun_by,
                   begun_at = now(),
                   next_at = least(site.next_at, now() + interval '5 seconds')
            RETURNING leaving, xmax <> 0 AS again
            """;

    private static final String PLANT =
            """
            INSERT INTO crawl.site (name, seed, depth, pages, begun_by)
            SELECT $1, $2, $3, $4, 'settings'
             WHERE (SELECT count(*) FROM crawl.site) < $5
                ON CONFLICT (name) DO NOTHING
            """;

    /** Validators go, so that links are read again that the earlier bounds left out. */
    private static final String ALL_DUE =
            """
            UPDATE crawl.page
               SET due_at = now(),
                   tries = 0,
                   etag = CASE WHEN $2 THEN '' ELSE etag END,
                   modified = CASE WHEN $2 THEN '' ELSE modified END
             WHERE site = $1
            """;

    private static final String BOUNDS =
            """
            SELECT depth, pages
              FROM crawl.site
             WHERE name = $1
            """;

    private static final String SEED_PAGE =
            """
            INSERT INTO crawl.page (url, site, kind, depth)
            VALUES ($1, $2, 'page', 0)
                ON CONFLICT (url) DO UPDATE
               SET depth = 0,
                   hops = 0,
                   due_at = now()
            """;

    private static final String FORGET_OLD =
            """
            DELETE FROM crawl.page
             WHERE site = $1
               AND state = 'gone'
               AND fetched_at < now() - interval '30 days'
            """;

    private static final String FORGET_ROBOTS =
            """
            DELETE FROM crawl.robots
             WHERE site = $1
            """;

    private static final String CLAIM =
            """
            WITH chosen AS (
                SELECT s.name
                  FROM crawl.site s
                 WHERE s.next_at <= now()
                   AND (s.lease_until IS NULL OR s.lease_until < now())
                   AND (s.leaving OR EXISTS (SELECT FROM crawl.page p WHERE p.site = s.name AND p.due_at <= now()))
                 ORDER BY s.next_at
                 LIMIT 1
                   FOR UPDATE SKIP LOCKED
            )
            UPDATE crawl.site s
               SET lease = $1,
                   lease_node = $2,
                   lease_until = now() + $3::bigint * interval '1 second'
              FROM chosen
             WHERE s.name = chosen.name
            RETURNING s.name, s.depth, s.pages, s.leaving
            """;

    private static final String RENEW =
            """
            UPDATE crawl.site
               SET lease_until = now() + $3::bigint * interval '1 second'
             WHERE name = $1
               AND lease = $2
            """;

    private static final String RELEASE =
            """
            UPDATE crawl.site
               SET lease = NULL,
                   lease_node = NULL,
                   lease_until = NULL,
                   next_at = now() + $3::bigint * interval '1 millisecond',
                   fetched = fetched + $4,
                   unchanged = unchanged + $5,
                   learned = learned + $6,
                   bytes = bytes + $7
             WHERE name = $1
               AND lease = $2
            """;

    private static final String FREE =
            """
            UPDATE crawl.site
               SET lease = NULL,
                   lease_node = NULL,
                   lease_until = NULL
             WHERE lease_node = $1
            """;

    static final String NEXT =
            """
            SELECT url, kind, depth, hops, state, tries, etag, modified, digest, document
              FROM crawl.page
             WHERE site = $1
               AND due_at <= now()
             ORDER BY kind = 'sitemap' DESC, depth, due_at, url
             LIMIT 1
            """;

    /** No answer is believed for seconds only, an answer for a day. */
    private static final String ROBOTS =
            """
            SELECT status, body
              FROM crawl.robots
             WHERE origin = $1
               AND fetched_at > now() - CASE WHEN status / 100 = 2 OR status / 100 = 4 AND status <> 429
                                             THEN interval '1 day'
                                             ELSE interval '8 seconds' END
            """;

    private static final String KEEP_ROBOTS =
            """
            INSERT INTO crawl.robots (origin, site, status, body)
            VALUES ($1, $2, $3, $4)
                ON CONFLICT (origin) DO UPDATE
               SET status = excluded.status,
                   body = excluded.body,
                   fetched_at = now()
            """;

    private static final String TWIN =
            """
            SELECT url
              FROM crawl.page
             WHERE site = $1
               AND digest = $2
               AND document
               AND url <> $3
             ORDER BY depth, fetched_at, url
             LIMIT 1
            """;

    private static final String STATE =
            """
            SELECT state
              FROM crawl.page
             WHERE url = $1
            """;

    private static final String SETTLE =
            """
            UPDATE crawl.page
               SET state = $3,
                   points_to = $4,
                   said = $5,
                   tries = $6,
                   etag = $7,
                   modified = $8,
                   digest = $9,
                   document = $10,
                   title = CASE WHEN $11 = '' THEN title ELSE $11 END,
                   due_at = now() + $12::bigint * interval '1 millisecond',
                   fetched_at = now()
             WHERE url = $1
               AND site = $2
            """;

    private static final String FOUND =
            """
            INSERT INTO crawl.page (url, site, kind, depth, hops)
            SELECT f.url, $2, $3, $4, $5
              FROM unnest($1::text[]) WITH ORDINALITY AS f (url, place)
             WHERE NOT EXISTS (SELECT FROM crawl.page p WHERE p.url = f.url)
             ORDER BY f.place
             LIMIT (SELECT greatest(0, least(
                               $6 - count(*) FILTER (WHERE state NOT IN ('moved', 'gone', 'duplicate')),
                               4 * $6 - count(*)))
                      FROM crawl.page
                     WHERE site = $2
                       AND kind = $3)
                ON CONFLICT (url) DO NOTHING
            """;

    /** What lies nearer than was thought is read again: its links were too far away. */
    private static final String NEARER =
            """
            UPDATE crawl.page
               SET depth = $3,
                   etag = '',
                   modified = '',
                   due_at = now()
             WHERE url = ANY ($1::text[])
               AND site = $2
               AND kind = 'page'
               AND depth > $3
            """;

    private static final String TWINS_DUE =
            """
            UPDATE crawl.page
               SET due_at = now(),
                   etag = '',
                   modified = ''
             WHERE site = $1
               AND points_to = $2
               AND state = 'duplicate'
            """;

    private static final String LEAVE =
            """
            UPDATE crawl.site
               SET leaving = true,
                   next_at = now()
             WHERE name = $1
            RETURNING (SELECT count(*)::integer FROM crawl.page p WHERE p.site = $1 AND p.document) AS documents
            """;

    private static final String SWEEP =
            """
            SELECT url
              FROM crawl.page
             WHERE site = $1
               AND document
             LIMIT $2
            """;

    private static final String SWEPT =
            """
            DELETE FROM crawl.page
             WHERE site = $1
               AND url = ANY ($2::text[])
            """;

    private static final String DROP =
            """
            DELETE FROM crawl.site
             WHERE name = $1
               AND lease = $2
            """;

    private static final String SITES =
            """
            SELECT s.name, s.seed, s.depth, s.pages, s.fetched, s.unchanged, s.learned, s.bytes, s.leaving, p.*
              FROM crawl.site s
             CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE due_at <= now())::integer AS due,
                       coalesce((extract(epoch FROM min(due_at)) * 1000)::bigint, 0) AS next,
                       count(*) FILTER (WHERE kind = 'page' AND state = 'waiting')::integer AS waiting,
                       count(*) FILTER (WHERE kind = 'page' AND state = 'indexed')::integer AS indexed,
                       count(*) FILTER (WHERE kind = 'page' AND state = 'duplicate')::integer AS duplicate,
                       count(*) FILTER (WHERE kind = 'page' AND state = 'moved')::integer AS moved,
                       count(*) FILTER (WHERE kind = 'page' AND state = 'refused')::integer AS refused,
                       count(*) FILTER (WHERE kind = 'page' AND state = 'unfit')::integer AS unfit,
                       count(*) FILTER (WHERE kind = 'page' AND state = 'failed')::integer AS failed,
                       count(*) FILTER (WHERE kind = 'page' AND state = 'gone')::integer AS gone
                  FROM crawl.page
                 WHERE site = s.name
             ) p
             WHERE $1 = '' OR s.name = $1
             ORDER BY s.name
             LIMIT $2
            """;

    private static final String TROUBLES =
            """
            SELECT url, state, said, (extract(epoch FROM fetched_at) * 1000)::bigint AS at
              FROM crawl.page
             WHERE said <> ''
               AND ($1 = '' OR site = $1)
             ORDER BY fetched_at DESC
             LIMIT $2
            """;

    private final Database database;

    public CrawlStore(Database database) {
        this.database = database;
    }

    /** Crawls a site from this address on, now. Returns whether it was known. */
    Future<Boolean> begin(WebAddress seed, int depth, int pages, String by) {
        String site = seed.site();
        return database.together(connection -> connection
                .query(LOCK_SITES)
                .execute()
                .compose(locked -> connection.preparedQuery(BOUNDS).execute(Tuple.of(site)))
                .map(rows -> stream(rows)
                        .anyMatch(row -> row.getInteger("depth") != depth || row.getInteger("pages") != pages))
                .compose(otherBounds -> connection
                        .preparedQuery(BEGIN)
                        .execute(Tuple.of(site, seed.toString(), depth, pages, by, Crawl.SITES_MAX))
                        .map(CrawlStore::begun)
                        .compose(again -> connection
                                .preparedQuery(FORGET_OLD)
                                .execute(Tuple.of(site))
                                .compose(
                                        old -> connection.preparedQuery(ALL_DUE).execute(Tuple.of(site, otherBounds)))
                                .compose(due ->
                                        connection.preparedQuery(FORGET_ROBOTS).execute(Tuple.of(site)))
                                .compose(forgotten ->
                                        connection.preparedQuery(SEED_PAGE).execute(Tuple.of(seed.toString(), site)))
                                .map(planted -> again))));
    }

    private static boolean begun(RowSet<Row> rows) {
        Row row = stream(rows)
                .findFirst()
                .orElseThrow(() -> new Fault(
                        Fault.Kind.FULL, "sites: " + Crawl.SITES_MAX + " already (expected: one that leaves first)"));
        if (row.getBoolean("leaving")) {
            throw new Fault(Fault.Kind.CONFLICT, "site: is being taken out (expected: the same again when it is gone)");
        }
        return row.getBoolean("again");
    }

    /** Knows a site of the settings, unless it is known. */
    Future<Void> plant(WebAddress seed, int depth, int pages) {
        return database.together(connection -> connection
                .preparedQuery(PLANT)
                .execute(Tuple.of(seed.site(), seed.toString(), depth, pages, Crawl.SITES_MAX))
                .compose(planted -> planted.rowCount() == 0
                        ? Future.succeededFuture()
                        : connection.preparedQuery(SEED_PAGE).execute(Tuple.of(seed.toString(), seed.site())))
                .mapEmpty());
    }

    /** Gives back what an earlier life of this node held. */
    Future<Void> free(int node) {
        return database.run(FREE, Tuple.of(node)).mapEmpty();
    }

    /** A site that may be asked now and is asked by nobody else; empty when there is none. */
    Future<Optional<Claim>> claim(UUID lease, int node) {
        return database.run(CLAIM, Tuple.of(lease, node, (long) LEASE_SECONDS)).map(rows -> stream(rows)
                .map(row -> new Claim(
                        row.getString("name"),
                        lease,
                        row.getInteger("depth"),
                        row.getInteger("pages"),
                        row.getBoolean("leaving")))
                .findFirst());
    }

    Future<Void> renew(Claim claim) {
        return database.run(RENEW, Tuple.of(claim.site(), claim.lease(), (long) LEASE_SECONDS))
                .mapEmpty();
    }

    /** Gives the site back, to be left alone for so long. */
    Future<Void> release(Claim claim, long pauseMillis) {
        return database.run(RELEASE, Tuple.of(claim.site(), claim.lease(), pauseMillis, 0L, 0L, 0L, 0L))
                .mapEmpty();
    }

    Future<Optional<Visit>> next(String site) {
        return database.run(NEXT, Tuple.of(site))
                .map(rows -> stream(rows).map(CrawlStore::visit).findFirst());
    }

    private static Visit visit(Row row) {
        return new Visit(
                WebAddress.parse(row.getString("url")),
                row.getString("kind").equals("sitemap"),
                row.getInteger("depth"),
                row.getInteger("hops"),
                Visit.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                row.getInteger("tries"),
                row.getString("etag"),
                row.getString("modified"),
                row.getBuffer("digest") == null ? Buffer.buffer() : row.getBuffer("digest"),
                row.getBoolean("document"));
    }

    /** What the robots.txt of an origin said lately. */
    Future<Optional<Asked>> robots(String origin) {
        return database.run(ROBOTS, Tuple.of(origin)).map(rows -> stream(rows)
                .map(row -> new Asked(row.getInteger("status"), row.getBuffer("body")))
                .findFirst());
    }

    /** An answer for robots.txt; of status 0 the body says why there was none. */
    record Asked(int status, Buffer body) {}

    /** Keeps what was asked of us, with the sitemaps it names, and gives the site back. */
    Future<Void> keepRobots(Claim claim, String origin, Asked asked, List<WebAddress> sitemaps, long pauseMillis) {
        Tuple release = Tuple.of(claim.site(), claim.lease(), pauseMillis, 1L, 0L, 0L, (long)
                asked.body().length());
        return database.together(connection -> released(connection, claim, release)
                .compose(held -> connection
                        .preparedQuery(KEEP_ROBOTS)
                        .execute(Tuple.of(origin, claim.site(), asked.status(), asked.body())))
                .compose(kept -> found(connection, claim, "sitemap", sitemaps, 0, 0, SITEMAPS_MAX)));
    }

    /** The page of the site that has just these words already. */
    Future<Optional<String>> twin(Claim claim, Buffer digest, WebAddress other) {
        return database.run(TWIN, Tuple.of(claim.site(), digest, other.toString()))
                .map(rows -> stream(rows).map(row -> row.getString("url")).findFirst());
    }

    /** What became of an address; empty when it was never found. */
    Future<Optional<Visit.State>> state(WebAddress address) {
        return database.run(STATE, Tuple.of(address.toString())).map(rows -> stream(rows)
                .map(row -> Visit.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)))
                .findFirst());
    }

    /** Writes down what a look brought, and gives the site back. */
    Future<Void> settle(Claim claim, Visit visit, Outcome outcome, long againMillis) {
        Tuple release = Tuple.of(
                claim.site(),
                claim.lease(),
                outcome.pauseMillis(),
                1L,
                outcome.unchanged() ? 1L : 0L,
                outcome.learned() ? 1L : 0L,
                outcome.bytes());
        return database.together(connection -> released(connection, claim, release)
                .compose(held -> connection.preparedQuery(SETTLE).execute(settled(claim, visit, outcome, againMillis)))
                .compose(settled -> found(
                        connection, claim, "page", outcome.pages(), outcome.depth(), outcome.hops(), claim.pages()))
                .compose(added -> outcome.pages().isEmpty()
                        ? Future.succeededFuture()
                        : connection
                                .preparedQuery(NEARER)
                                .execute(Tuple.tuple()
                                        .addArrayOfString(urls(outcome.pages()))
                                        .addString(claim.site())
                                        .addInteger(outcome.depth()))
                                .mapEmpty())
                .compose(nearer ->
                        found(connection, claim, "sitemap", outcome.sitemaps(), visit.depth() + 1, 0, SITEMAPS_MAX))
                .compose(added -> isNewsToTwins(visit, outcome)
                        ? connection
                                .preparedQuery(TWINS_DUE)
                                .execute(Tuple.of(claim.site(), visit.address().toString()))
                                .mapEmpty()
                        : Future.succeededFuture()));
    }

    /** Whether pages that let this one speak for them have to be read again: its words are others, or it has none after all. */
    private static boolean isNewsToTwins(Visit visit, Outcome outcome) {
        boolean hasOrMayHaveWords = outcome.state() == Visit.State.WAITING || outcome.state() == Visit.State.INDEXED;
        return visit.document() && !outcome.digest().equals(visit.digest()) || !hasOrMayHaveWords;
    }

    private static Tuple settled(Claim claim, Visit visit, Outcome outcome, long againMillis) {
        return Tuple.tuple()
                .addString(visit.address().toString())
                .addString(claim.site())
                .addString(outcome.state().text())
                .addString(outcome.pointsTo())
                .addString(outcome.said().replace("\0", ""))
                .addInteger(outcome.tries())
                .addString(outcome.etag())
                .addString(outcome.modified())
                .addBuffer(outcome.digest().length() == 0 ? null : outcome.digest())
                .addBoolean(outcome.document())
                .addString(outcome.title())
                .addLong(againMillis);
    }

    private static Future<Void> released(SqlConnection connection, Claim claim, Tuple release) {
        return connection
                .preparedQuery(RELEASE)
                .execute(release)
                .compose(rows -> rows.rowCount() == 1
                        ? Future.succeededFuture()
                        : Future.failedFuture(
                                new Fault(Fault.Kind.CONFLICT, claim.site() + ": lent to another node by now")));
    }

    private static Future<Void> found(
            SqlConnection connection, Claim claim, String kind, List<WebAddress> found, int depth, int hops, int most) {
        return found.isEmpty()
                ? Future.succeededFuture()
                : connection
                        .preparedQuery(FOUND)
                        .execute(Tuple.tuple()
                                .addArrayOfString(urls(found))
                                .addString(claim.site())
                                .addString(kind)
                                .addInteger(depth)
                                .addInteger(hops)
                                .addLong((long) most))
                        .mapEmpty();
    }

    private static String[] urls(List<WebAddress> addresses) {
        return addresses.stream().map(WebAddress::toString).distinct().toArray(String[]::new);
    }

    /** From now on the site leaves. Returns how many documents of it are known; empty when it is not known. */
    Future<Optional<Integer>> leave(String site) {
        return database.run(LEAVE, Tuple.of(site))
                .map(rows ->
                        stream(rows).map(row -> row.getInteger("documents")).findFirst());
    }

    /** Some documents of a site that leaves. */
    Future<List<String>> sweep(Claim claim) {
        return database.run(SWEEP, Tuple.of(claim.site(), SWEEP_MAX))
                .map(rows -> stream(rows).map(row -> row.getString("url")).toList());
    }

    /** These are let go. */
    Future<Void> swept(Claim claim, List<String> urls) {
        return database.run(SWEPT, Tuple.tuple().addString(claim.site()).addArrayOfString(urls.toArray(String[]::new)))
                .mapEmpty();
    }

    /** The site is gone. */
    Future<Void> drop(Claim claim) {
        return database.run(DROP, Tuple.of(claim.site(), claim.lease())).mapEmpty();
    }

    /** One site, or all when none is named. */
    Future<List<Crawl.Site>> sites(String site) {
        return database.run(SITES, Tuple.of(site, Crawl.SITES_MAX))
                .map(rows -> stream(rows).map(CrawlStore::site).toList());
    }

    private static Crawl.Site site(Row row) {
        return new Crawl.Site(
                row.getString("name"),
                row.getString("seed"),
                row.getInteger("depth"),
                row.getInteger("pages"),
                row.getInteger("due"),
                row.getLong("next"),
                row.getInteger("waiting"),
                row.getInteger("indexed"),
                row.getInteger("duplicate"),
                row.getInteger("moved"),
                row.getInteger("refused"),
                row.getInteger("unfit"),
                row.getInteger("failed"),
                row.getInteger("gone"),
                row.getLong("fetched"),
                row.getLong("unchanged"),
                row.getLong("learned"),
                row.getLong("bytes"),
                row.getBoolean("leaving"));
    }

    /** Why pages were not read, the latest first. */
    Future<List<Crawl.Trouble>> troubles(String site) {
        return database.run(TROUBLES, Tuple.of(site, TROUBLES_MAX)).map(rows -> stream(rows)
                .map(row -> new Crawl.Trouble(
                        row.getString("url"), row.getString("state"), row.getString("said"), row.getLong("at")))
                .toList());
    }

    private static Stream<Row> stream(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }
}
