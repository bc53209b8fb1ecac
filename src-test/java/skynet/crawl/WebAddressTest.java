package skynet.crawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One spelling for each address, and none for what is not one. */
class WebAddressTest {
    @Test
    void hasOneSpelling() {
        Map<String, String> spellings = Map.ofEntries(
                Map.entry("HTTP://Example.ORG", "http://example.org/"),
                Map.entry("http://example.org:80/a#part", "http://example.org/a"),
                Map.entry("https://example.org:443", "https://example.org/"),
                Map.entry("http://example.org:8080/", "http://example.org:8080/"),
                Map.entry("http://example.org./", "http://example.org/"),
                Map.entry("http://example.org/a/./b/../c", "http://example.org/a/c"),
                Map.entry("http://example.org/../../etc", "http://example.org/etc"),
                Map.entry("http://example.org/%7euser/%c3%a9 x", "http://example.org/~user/%C3%A9%20x"),
                Map.entry("http://example.org/100%", "http://example.org/100%25"),
                Map.entry("http://example.org?q=ä", "http://example.org/?q=%C3%A4"),
                Map.entry("http://bücher.example/", "http://xn--bcher-kva.example/"),
                Map.entry(" http:\\\\example.org\\a\n", "http://example.org/a"),
                Map.entry("http://[2001:DB8::1]/", "http://[2001:db8:0:0:0:0:0:1]/"),
                Map.entry("http://[::ffff:127.0.0.1]/", "http://127.0.0.1/"),
                Map.entry("http://１２７.0.0.1/", "http://127.0.0.1/"));
        spellings.forEach((given, one) -> {
            assertEquals(one, WebAddress.parse(given).toString(), given);
            assertEquals(one, WebAddress.parse(one).toString(), one);
        });
    }

    @Test
    void refusesWhatIsNone() {
        List<String> none = List.of(
                "",
                "example.org",
                "//example.org/",
                "http:example.org",
                "http:///etc/passwd",
                "file:///etc/passwd",
                "ftp://example.org/",
                "gopher://127.0.0.1:6379/_FLUSHALL",
                "jar:http://example.org/a.jar!/",
                "javascript:alert(1)",
                "data:text/html,<b>x</b>",
                "http://user@example.org/",
                "http://example.org@127.0.0.1/",
                "http://user:secret@example.org/",
                "http://2130706433/",
                "http://0x7f000001/",
                "http://0x7f.0.0.1/",
                "http://0177.0.0.1/",
                "http://127.1/",
                "http://127.0.0.01/",
                "http://127.0.0.256/",
                "http://example.1/",
                "http://[::1/",
                "http://[fe80::1%25eth0]/",
                "http://[127.0.0.1]/",
                "http://exa mple.org/",
                "http://exam%70le.org/",
                "http://-example.org/",
                "http://example..org/",
                "http://example.org:0/",
                "http://example.org:65536/",
                "http://example.org:80a/",
                "http://" + "a".repeat(64) + ".org/",
                "http://" + "a.".repeat(130) + "org/",
                "http://example.org/" + "a".repeat(WebAddress.CHARS_MAX));
        none.forEach(text -> assertThrows(IllegalArgumentException.class, () -> WebAddress.parse(text), text));
    }

    @Test
    void neverTakesLongerThanItIsLong() {
        for (String hostile :
                List.of("http://" + "[".repeat(1_900), "a:".repeat(950), "/..".repeat(600), "%".repeat(1_900))) {
            WebAddress.parse("http://example.org/").resolve(hostile);
        }
        assertThrows(IllegalArgumentException.class, () -> WebAddress.parse("http://x/" + "y".repeat(1 << 20)));
    }

    @Test
    void followsReferences() {
        WebAddress base = WebAddress.parse("https://example.org/a/b?c=d");
        Map<String, String> leads = Map.ofEntries(
                Map.entry("x", "https://example.org/a/x"),
                Map.entry("./x?y", "https://example.org/a/x?y"),
                Map.entry("../x", "https://example.org/x"),
                Map.entry("/x", "https://example.org/x"),
                Map.entry("//other.org/x", "https://other.org/x"),
                Map.entry("?e=f", "https://example.org/a/b?e=f"),
                Map.entry("#part", "https://example.org/a/b?c=d"),
                Map.entry("", "https://example.org/a/b?c=d"),
                Map.entry("http://other.org", "http://other.org/"),
                Map.entry("a:80/x", ""),
                Map.entry("mailto:a@b.org", ""),
                Map.entry("javascript:void(0)", ""),
                Map.entry("JaVaScRiPt:alert(1)", ""),
                Map.entry("java\nscript:alert(1)", ""),
                Map.entry("data:text/html;base64,PGI+", ""),
                Map.entry("x".repeat(3_000), ""));
        leads.forEach((reference, to) -> assertEquals(
                Optional.of(to).filter(text -> !text.isEmpty()),
                base.resolve(reference).map(WebAddress::toString),
                reference));
    }

    @Test
    void aSiteIsAHostWhateverItsSchemeAndWww() {
        assertEquals("example.org", WebAddress.parse("https://www.example.org/").site());
        assertEquals("example.org", WebAddress.parse("http://example.org/x").site());
        assertEquals(
                "example.org:8080", WebAddress.parse("http://example.org:8080/").site());
        assertEquals("www.org", WebAddress.parse("http://www.org/").site());
        assertFalse(WebAddress.parse("http://a.example.org/").site().equals("example.org"));
        assertTrue(WebAddress.parse("http://[2001:db8::1]:81/").site().startsWith("[2001:"));
    }
}
