package skynet.crawl;

import java.util.List;
import java.util.Optional;
import skynet.bus.Crawl;

/**
 * How a node crawls.
 *
 * @param enabled whether it does; a node that does not still searches what others read
 * @param seeds crawled from the start on, besides those that are asked for
 * @param allowedHosts what may be asked although it is not public
 * @param depth links from a seed, where the request says nothing
 * @param pages of one site, where the request says nothing
 * @param everyHours how long a page is believed before it is looked at again
 * @param pauseMillis between two pages of one site; what its robots.txt asks for may be longer
 * @param contact where the owner of a site finds out who reads it; told with every request
 * @param searchUrl a SearXNG that is asked too when crawled pages are searched
 */
public record CrawlConfig(
        boolean enabled,
        List<String> seeds,
        List<String> allowedHosts,
        int depth,
        int pages,
        int everyHours,
        int pauseMillis,
        String contact,
        Optional<String> searchUrl) {
    static final int EVERY_HOURS_MAX = 24 * 365;
    static final int PAUSE_MILLIS_MAX = 60_000;
    static final int SEEDS_MAX = 100;
    private static final int CONTACT_CHARS_MAX = 200;

    public CrawlConfig {
        seeds = List.copyOf(seeds);
        allowedHosts = List.copyOf(allowedHosts);
        if (seeds.size() > SEEDS_MAX) {
            throw new IllegalArgumentException(
                    "crawl.seeds: " + seeds.size() + " (expected: at most " + SEEDS_MAX + ")");
        }
        seeds.forEach(seed -> checked("crawl.seeds", seed, () -> WebAddress.parse(seed)));
        List<String> hosts = allowedHosts;
        checked("crawl.allowed-hosts", String.join(", ", hosts), () -> new Gate(hosts));
        within("crawl.depth", depth, 0, Crawl.DEPTH_MAX);
        within("crawl.pages", pages, 1, Crawl.PAGES_MAX);
        within("crawl.every-hours", everyHours, 1, EVERY_HOURS_MAX);
        within("crawl.pause-millis", pauseMillis, 0, PAUSE_MILLIS_MAX);
        if (contact.length() > CONTACT_CHARS_MAX || !contact.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException(
                    "crawl.contact: " + contact + " (expected: an address of the web or of mail, without blanks)");
        }
        searchUrl.ifPresent(url -> checked("crawl.search-url", url, () -> WebAddress.parse(url)));
    }

    /** The name that sites see. */
    String agent(String release) {
        return "SkynetCrawler/" + release + (contact.isEmpty() ? "" : " (+" + contact + ")");
    }

    private static void within(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }

    private static void checked(String key, String value, Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + value + " – " + e.getMessage());
        }
    }
}
