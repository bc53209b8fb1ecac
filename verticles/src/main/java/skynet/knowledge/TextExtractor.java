package skynet.knowledge;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;
import skynet.bus.TooLarge;

/**
 * Reads plain text, Markdown and HTML. At most {@value #BYTES_MAX} bytes of UTF-8; anything else is refused, not
 * guessed. Text and Markdown stay as they are; HTML becomes text with Markdown's headings and list marks.
 */
public final class TextExtractor {

    /** Longest document in bytes. */
    public static final int BYTES_MAX = 8 << 20;

    /** Longest title; a longer one is cut. */
    static final int TITLE_CHARS_MAX = 200;

    /** The line of a heading with its closing marks. It begins with no blank, so that a line is read only once. */
    private static final Pattern HEADING = Pattern.compile("(?m)^ {0,3}#{1,6}[ \\t]+([^ \\t\\r\\n].*)$");

    /** How much of a heading's line is looked at: some marks of Markdown are matched in square time. */
    private static final int HEADING_CHARS_MAX = 5 * TITLE_CHARS_MAX;

    /** How far into a document its heading is looked for. */
    private static final int HEADING_WITHIN_CHARS = 20_000;

    private TextExtractor() {}

    /** The document in these bytes; its form is told by the name's ending, HTML also by how it begins. */
    public static Document read(String name, byte[] bytes) {
        return read(name, false, bytes);
    }

    /** The same when it may have been told that these bytes are HTML. */
    static Document read(String name, boolean html, byte[] bytes) {
        String text = text(name, bytes);
        Document document = html || isHtml(name, text) ? html(name, text) : new Document(name, title(name, text), text);
        if (document.text().isBlank()) throw new IllegalArgumentException(name + ": no text (expected: some words)");
        return document;
    }

    /** The characters in these bytes. */
    static String text(String name, byte[] bytes) {
        if (bytes.length > BYTES_MAX) {
            throw new TooLarge(name + ": " + bytes.length + " bytes (expected: at most " + BYTES_MAX + ")");
        }
        return decode(name, bytes);
    }

    private static String decode(String name, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new IllegalArgumentException(
                    name + ": byte " + in.position() + " is not UTF-8 (expected: UTF-8 text)");
        }
        String text = out.flip().toString();
        if (text.startsWith("\uFEFF")) text = text.substring(1);
        int nul = text.indexOf('\0');
        if (nul >= 0) {
            throw new IllegalArgumentException(name + ": character " + nul + " is NUL (expected: text, not binary)");
        }
        return text;
    }

    private static boolean isHtml(String name, String text) {
        String ending = name.toLowerCase(Locale.ROOT);
        if (ending.endsWith(".html") || ending.endsWith(".htm") || ending.endsWith(".xhtml")) return true;
        String head =
                text.substring(0, Math.min(text.length(), 200)).stripLeading().toLowerCase(Locale.ROOT);
        return head.startsWith("<!doctype html") || head.startsWith("<html");
    }

    private static String title(String name, String text) {
        Matcher heading = HEADING.matcher(text.substring(0, Math.min(text.length(), HEADING_WITHIN_CHARS)));
        String found = heading.find() ? cut(Markdown.plain(withoutClosingMarks(heading.group(1)))) : "";
        return found.isBlank() ? name : found;
    }

    private static String withoutClosingMarks(String heading) {
        int end = Math.min(heading.length(), HEADING_CHARS_MAX);
        while (end > 1 && " \t#".indexOf(heading.charAt(end - 1)) >= 0) end--;
        return heading.substring(0, end);
    }

    private static Document html(String name, String source) {
        org.jsoup.nodes.Document page = Jsoup.parse(source);
        page.select("script, style, noscript, template, nav, svg, iframe").remove();
        Prose prose = new Prose();
        page.body().traverse(prose);
        String text = prose.text.toString().strip();
        String title =
                page.title().isBlank() ? title(name, text) : cut(page.title().strip());
        return new Document(name, title, text);
    }

    private static String cut(String title) {
        if (title.length() <= TITLE_CHARS_MAX) return title;
        int end = Character.isHighSurrogate(title.charAt(TITLE_CHARS_MAX - 1)) ? TITLE_CHARS_MAX - 1 : TITLE_CHARS_MAX;
        return title.substring(0, end);
    }

    /** Writes what a reader of the page sees, one block a paragraph. */
    private static final class Prose implements NodeVisitor {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void head(Node node, int depth) {
            if (node instanceof TextNode words) {
                String part = words.text();
                boolean fresh = text.isEmpty() || Character.isWhitespace(text.charAt(text.length() - 1));
                text.append(fresh ? part.stripLeading() : part);
            } else if (node instanceof Element element) {
                begin(element);
            }
        }

        @Override
        public void tail(Node node, int depth) {
            if (!(node instanceof Element element)) return;
            if (element.normalName().matches("td|th")) text.append(" | ");
            else if (!element.normalName().equals("br") && element.isBlock()) line();
        }

        private void begin(Element element) {
            String name = element.normalName();
            if (name.equals("br")) text.append('\n');
            else if (name.equals("li")) mark("- ");
            else if (name.equals("tr")) mark("| ");
            else if (name.matches("h[1-6]")) mark("#".repeat(name.charAt(1) - '0') + " ");
            else if (element.isBlock() && !name.matches("td|th")) line();
        }

        private void mark(String mark) {
            line();
            text.append(mark);
        }

        private void line() {
            int end = text.length();
            while (end > 0 && text.charAt(end - 1) == ' ') end--;
            text.setLength(end);
            while (end > 0 && newlines() < 2) text.append('\n');
        }

        private int newlines() {
            int at = text.length();
            while (at > 0 && text.charAt(at - 1) == '\n') at--;
            return text.length() - at;
        }
    }
}
