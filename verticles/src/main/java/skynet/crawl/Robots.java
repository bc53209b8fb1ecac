package skynet.crawl;

import crawlercommons.robots.SimpleRobotRules;
import crawlercommons.robots.SimpleRobotRules.RobotRulesMode;
import crawlercommons.robots.SimpleRobotRulesParser;
import java.util.List;

/**
 * What the robots.txt of an origin asks of us, as RFC 9309 reads it: none there means everything is allowed, one that cannot
 * be had means nothing is.
 */
final class Robots {
    /** The name by which a robots.txt means us. */
    static final String TOKEN = "skynetcrawler";

    /** As much of the file as is read, in bytes. */
    static final int BYTES_MAX = 512 << 10;

    /** Redirects that are followed to it. */
    static final int REDIRECTS_MAX = 5;

    /** A longer pause between two pages is not kept: the operator is told what was asked by how slowly it goes. */
    static final long PAUSE_MILLIS_MAX = 60_000;

    private static final int SITEMAPS_MAX = 20;

    private final SimpleRobotRules rules;

    private Robots(SimpleRobotRules rules) {
        this.rules = rules;
    }

    /** The rules that a reply stands for; 0 stands for none at all. */
    static Robots of(String url, int status, byte[] body) {
        if (status / 100 == 2) {
            return new Robots(new SimpleRobotRulesParser(Long.MAX_VALUE, 0)
                    .parseContent(url, body, "text/plain", List.of(TOKEN)));
        }
        return new Robots(
                new SimpleRobotRules(status / 100 == 4 ? RobotRulesMode.ALLOW_ALL : RobotRulesMode.ALLOW_NONE));
    }

    boolean allows(WebAddress address) {
        return rules.isAllowed(address.toString());
    }

    /** The pause between two pages that is asked for, in ms; 0: none is. */
    long pauseMillis() {
        return Math.max(0, Math.min(rules.getCrawlDelay(), PAUSE_MILLIS_MAX));
    }

    List<String> sitemaps() {
        return rules.getSitemaps().stream().limit(SITEMAPS_MAX).toList();
    }
}
