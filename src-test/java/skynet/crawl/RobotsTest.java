package skynet.crawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** robots.txt as RFC 9309 reads it. */
class RobotsTest {
    @Test
    void theLongestRuleCounts() {
        Robots robots = of("User-agent: *\nDisallow: /private\nAllow: /private/open\nDisallow: /*.zip$\n");
        assertTrue(allows(robots, "/"));
        assertFalse(allows(robots, "/private/x"));
        assertTrue(allows(robots, "/private/open/x"));
        assertFalse(allows(robots, "/a/b.zip"));
        assertTrue(allows(robots, "/a/b.zip?x"));
    }

    @Test
    void ourOwnGroupCountsBeforeThatOfAll() {
        Robots robots =
                of("User-agent: *\nDisallow: /\n\nUser-agent: SkynetCrawler\nUser-agent: other\nDisallow: /no\n");
        assertTrue(allows(robots, "/yes"));
        assertFalse(allows(robots, "/no"));
        assertFalse(allows(of("User-agent: SkynetCrawler\nDisallow: /\n"), "/x"));
        assertTrue(allows(of("User-agent: Sky\nDisallow: /\n"), "/x"));
    }

    @Test
    void noneThereMeansAllAndNoAnswerMeansNothing() {
        for (int status : List.of(404, 410, 401, 403)) {
            assertTrue(allows(Robots.of("", status, new byte[0]), "/x"), "" + status);
        }
        for (int status : List.of(500, 503, 0, -1)) {
            assertFalse(allows(Robots.of("", status, new byte[0]), "/x"), "" + status);
        }
        assertTrue(allows(of(""), "/x"));
    }

    @Test
    void keepsPausesWithinReasonAndNamesSitemaps() {
        Robots robots = of("User-agent: *\nCrawl-delay: 2\nSitemap: https://example.org/a.xml\n");
        assertEquals(2_000, robots.pauseMillis());
        assertEquals(List.of("https://example.org/a.xml"), robots.sitemaps());
        assertEquals(
                Robots.PAUSE_MILLIS_MAX,
                of("User-agent: *\nCrawl-delay: 86400\n").pauseMillis());
        assertTrue(allows(of("User-agent: *\nCrawl-delay: 86400\n"), "/x"));
        assertEquals(0, of("User-agent: *\nDisallow:\n").pauseMillis());
    }

    @Test
    void hostileFilesCostLittle() {
        String stars = "User-agent: *\nDisallow: /" + "*a".repeat(200) + "b\n";
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            allows(of(stars), "/" + "a".repeat(450));
            of("User-agent: *\n" + "Disallow: /x\n".repeat(40_000));
            of("\0\uFFFF<html>".repeat(50_000));
            of("Sitemap: http://example.org/x\n".repeat(15_000)).sitemaps();
        });
    }

    private static Robots of(String text) {
        return Robots.of("http://example.org/robots.txt", 200, text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean allows(Robots robots, String path) {
        return robots.allows(WebAddress.parse("http://example.org" + path));
    }
}
