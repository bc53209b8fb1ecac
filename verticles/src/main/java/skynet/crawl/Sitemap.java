package skynet.crawl;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The addresses of a sitemap, and of the sitemaps it names. XML or one address a line. At most {@value #ADDRESSES_MAX} are
 * read; a document type is not, so nothing is loaded or multiplied by one. What is broken behind a good beginning is left.
 */
record Sitemap(List<String> pages, List<String> sitemaps) {
    static final int ADDRESSES_MAX = 50_000;

    /** As much of a sitemap as is read, unpacked, in bytes. */
    static final int BYTES_MAX = 16 << 20;

    Sitemap {
        pages = List.copyOf(pages);
        sitemaps = List.copyOf(sitemaps);
    }

    static Sitemap read(byte[] file) {
        String begin = new String(file, 0, Math.min(file.length, 200), StandardCharsets.UTF_8).strip();
        return begin.startsWith("<") || begin.startsWith("\uFEFF<") ? xml(file) : lines(file);
    }

    private static Sitemap lines(byte[] file) {
        List<String> pages = new String(file, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("http"))
                .limit(ADDRESSES_MAX)
                .toList();
        return new Sitemap(pages, List.of());
    }

    private static Sitemap xml(byte[] file) {
        List<String> pages = new ArrayList<>();
        List<String> sitemaps = new ArrayList<>();
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(file));
            List<String> into = pages;
            while (reader.hasNext() && pages.size() + sitemaps.size() < ADDRESSES_MAX) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT) {
                    switch (reader.getLocalName()) {
                        case "sitemap" -> into = sitemaps;
                        case "url" -> into = pages;
                        case "loc" -> into.add(reader.getElementText().strip());
                        default -> {
                            // When it changed and how much it matters is not asked.
                        }
                    }
                }
            }
            reader.close();
        } catch (XMLStreamException e) {
            // What was read before is as good as it was.
        }
        return new Sitemap(pages, sitemaps);
    }
}
