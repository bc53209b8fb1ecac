package skynet.crawl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import skynet.bus.Fault;

/** Sitemaps, and files that pretend to be some. */
class SitemapTest {
    @Test
    void readsPagesSitemapsAndPlainLists() {
        Sitemap pages = read(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:i="urn:image">
                  <url><loc> http://example.org/a&amp;b </loc><lastmod>2026-01-01</lastmod></url>
                  <url><loc><![CDATA[http://example.org/c]]></loc></url>
                </urlset>
                """);
        assertEquals(List.of("http://example.org/a&b", "http://example.org/c"), pages.pages());
        Sitemap index = read("<sitemapindex><sitemap><loc>http://example.org/1.xml</loc></sitemap></sitemapindex>");
        assertEquals(List.of("http://example.org/1.xml"), index.sitemaps());
        assertEquals(
                List.of("http://example.org/x", "https://example.org/y"),
                read("http://example.org/x\n\n# no\nhttps://example.org/y\n").pages());
    }

    @Test
    void keepsWhatStandsBeforeTheDamage() {
        assertEquals(
                List.of("http://example.org/a"),
                read("<urlset><url><loc>http://example.org/a</loc></url><url><loc>http://exam")
                        .pages());
        assertEquals(List.of(), read("<html><body>no sitemap</body>").pages());
        assertEquals(List.of(), read("").pages());
    }

    @Test
    void loadsNothingAndMultipliesNothing() {
        assertEquals(
                List.of(),
                read("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><urlset><url><loc>&e;</loc></url></urlset>")
                        .pages());
        String laughs =
                """
                <!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
                <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">]>
                <urlset><url><loc>&f;</loc></url></urlset>
                """;
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertEquals(List.of(), read(laughs).pages()));
    }

    @Test
    void readsSoManyAndNoMore() {
        String many = "<urlset>" + "<url><loc>http://example.org/x</loc></url>".repeat(Sitemap.ADDRESSES_MAX + 5);
        assertEquals(Sitemap.ADDRESSES_MAX, read(many).pages().size());
    }

    @Test
    void unpacksAFileThatIsPackedAndStopsAtTheBound() throws Exception {
        WebAddress address = WebAddress.parse("http://example.org/sitemap.xml.gz");
        byte[] packed = packed(new byte[1 << 20]);
        assertEquals(1 << 20, Unpacker.unpackFile(address, packed, 1 << 20).length);
        assertThrows(Fault.class, () -> Unpacker.unpackFile(address, packed, (1 << 20) - 1));
        byte[] half = java.util.Arrays.copyOf(packed, packed.length / 2);
        assertThrows(Fault.class, () -> Unpacker.unpackFile(address, half, 1 << 20));
        byte[] plain = {1, 2, 3};
        assertEquals(plain, Unpacker.unpackFile(address, plain, 10));
    }

    static byte[] packed(byte[] bytes) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private static Sitemap read(String text) {
        return Sitemap.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
