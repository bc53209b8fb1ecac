package skynet.crawl;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import skynet.bus.Fault;

/** Reads what a host sent as a page: its words by the same means as any document, and from HTML its links. Blocks. */
final class PageReader {
    /** Longest page, unpacked. */
    static final int BYTES_MAX = 4 << 20;

    /** Longest file of any kind, as it comes. */
    static final int FETCHED_BYTES_MAX = 12 << 20;

    /** Links of a page that are looked at. */
    static final int LINKS_MAX = 2_000;

    private static final Set<String> HTML = Set.of("text/html", "application/xhtml+xml");
    private static final Set<String> PLAIN = Set.of("text/plain", "text/markdown", "text/x-markdown");
    private static final Set<String> CSV = Set.of("text/csv", "text/tab-separated-values");
    private static final Set<String> PDF = Set.of("application/pdf");

    private static final Extractor.Extract NOTHING = new Extractor.Extract("", "", List.of());

    private final Extractor extractor;

    PageReader(Extractor extractor) {
        this.extractor = extractor;
    }

    Page read(Reply reply) {
        String type = reply.mediaType();
        byte[] bytes = Unpacker.unpack(reply, PDF.contains(type) ? FETCHED_BYTES_MAX : BYTES_MAX);
        if (bytes.length > BYTES_MAX && !PDF.contains(type)) {
            throw new Fault(Fault.Kind.TOO_LARGE, reply.address() + ": more than " + BYTES_MAX + " bytes");
        }
        Set<String> rules = words(reply.header("X-Robots-Tag"));
        if (HTML.contains(type) || type.isEmpty() && looksLikeHtml(bytes)) {
            return html(reply, bytes, rules);
        }
        if (PLAIN.contains(type)) {
            boolean markdown =
                    type.contains("markdown") || reply.address().path().endsWith(".md");
            byte[] utf8 = decode(reply, bytes).getBytes(StandardCharsets.UTF_8);
            return page(extract(reply, markdown ? "page.md" : "page.txt", utf8), rules);
        }
        if (CSV.contains(type)) {
            return page(extract(reply, "page.csv", decode(reply, bytes).getBytes(StandardCharsets.UTF_8)), rules);
        }
        if (PDF.contains(type)) {
            return page(extract(reply, "page.pdf", bytes), rules);
        }
        throw new Fault(
                Fault.Kind.INVALID,
                reply.address() + ": "
                        + (type.isEmpty() ? "of no told type" : type.substring(0, Math.min(80, type.length())))
                        + " (expected: HTML, text, Markdown, CSV or PDF)");
    }

    private static Page page(Extractor.Extract extract, Set<String> rules) {
        return new Page(
                extract.title(), extract.text(), extract.pages(), List.of(), Optional.empty(), isIndexed(rules));
    }

    private Page html(Reply reply, byte[] bytes, Set<String> told) {
        Document document = parse(reply, bytes);
        Set<String> rules = new LinkedHashSet<>(told);
        for (Element meta : document.select("meta[name]")) {
            String name = meta.attr("name").toLowerCase(Locale.ROOT);
            if (name.equals("robots") || name.equals(Robots.TOKEN)) {
                rules.addAll(words(meta.attr("content")));
            }
        }
        WebAddress base = Optional.ofNullable(document.selectFirst("base[href]"))
                .flatMap(element -> reply.address().resolve(element.attr("href")))
                .orElse(reply.address());
        Set<WebAddress> links = new LinkedHashSet<>();
        if (!rules.contains("nofollow") && !rules.contains("none")) {
            document.select("a[href]").stream()
                    .filter(link -> !words(link.attr("rel")).contains("nofollow"))
                    .limit(LINKS_MAX)
                    .forEach(link -> base.resolve(link.attr("href")).ifPresent(links::add));
        }
        Optional<WebAddress> canonical = Optional.ofNullable(document.selectFirst("link[rel=canonical][href]"))
                .flatMap(element -> base.resolve(element.attr("href")))
                .filter(address -> !address.equals(reply.address()));
        Extractor.Extract extract = isIndexed(rules)
                ? extract(reply, "page.html", document.outerHtml().getBytes(StandardCharsets.UTF_8))
                : NOTHING;
        return new Page(
                extract.title(), extract.text(), extract.pages(), List.copyOf(links), canonical, isIndexed(rules));
    }

    private static Document parse(Reply reply, byte[] bytes) {
        try {
            String charset = reply.charset()
                    .flatMap(PageReader::known)
                    .map(Charset::name)
                    .orElse(null);
            Document document = Jsoup.parse(
                    new ByteArrayInputStream(bytes), charset, reply.address().toString());
            document.outputSettings().charset(StandardCharsets.UTF_8).prettyPrint(false);
            return document;
        } catch (IOException e) {
            throw new IllegalStateException("page: memory cannot be read", e);
        }
    }

    /** A page without words is no failure: it may lead on. */
    private Extractor.Extract extract(Reply reply, String name, byte[] bytes) {
        try {
            Extractor.Extract extract = extractor.read(name, bytes);
            boolean untitled = extract.title().isBlank() || extract.title().equals(name);
            return untitled
                    ? new Extractor.Extract(reply.address().toString(), extract.text(), extract.pages())
                    : extract;
        } catch (IllegalArgumentException e) {
            return NOTHING;
        } catch (Fault fault) {
            if (name.endsWith(".html")) {
                return NOTHING;
            }
            throw new Fault(
                    fault.kind(),
                    fault.getMessage().replace(name, reply.address().toString()));
        }
    }

    private static String decode(Reply reply, byte[] bytes) {
        Charset charset = reply.charset().flatMap(PageReader::known).orElse(StandardCharsets.UTF_8);
        return new String(bytes, charset).replace("\0", "");
    }

    private static Optional<Charset> known(String charset) {
        try {
            return Optional.of(Charset.forName(charset)).filter(Charset::canEncode);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    private static boolean looksLikeHtml(byte[] bytes) {
        String begin = new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.ISO_8859_1)
                .strip()
                .toLowerCase(Locale.ROOT);
        return begin.startsWith("<!doctype html") || begin.startsWith("<html");
    }

    private static boolean isIndexed(Set<String> rules) {
        return !rules.contains("noindex") && !rules.contains("none");
    }

    private static Set<String> words(String text) {
        return new LinkedHashSet<>(List.of(text.toLowerCase(Locale.ROOT).split("[,\\s]+")));
    }
}
