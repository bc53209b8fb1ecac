package skynet.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One visual unit of a text: a heading, a paragraph, an item of a list, a row of a table, or fenced code.
 *
 * <p>Plain text knows only paragraphs; the Markdown forms cost nothing there. Reading is by line, and a line ends
 * at LF, CR LF or CR. Blocks are in order, do not overlap, and cover all that is not blank.
 */
record Block(Kind kind, Span span) {

    enum Kind {
        HEADING,
        PARAGRAPH,
        ITEM,
        ROW,
        CODE
    }

    private static final Pattern HEADING = Pattern.compile(" {0,3}#{1,6}[ \\t].*");
    private static final Pattern ITEM = Pattern.compile("[ \\t]{0,12}(?:[-*+]|\\d{1,4}[.)])[ \\t].*");
    private static final Pattern FENCE = Pattern.compile(" {0,3}(```|~~~).*");
    private static final Pattern RULE = Pattern.compile(" {0,3}(?:[-*_=][ \\t]*){3,}");

    /** Longest start of a line that decides what the line is; the rest of a very long line cannot change it. */
    private static final int LINE_HEAD_CHARS = 200;

    static List<Block> of(String text) {
        return new Reader(text).blocks();
    }

    /** Walks the lines and keeps the one block that is still open. */
    private static final class Reader {
        private final String text;
        private final List<Block> blocks = new ArrayList<>();
        private Kind open;
        private int openStart;
        private int openEnd;
        private String fence = "";

        Reader(String text) {
            this.text = text;
        }

        List<Block> blocks() {
            int at = 0;
            while (at < text.length()) {
                int end = lineEnd(at);
                line(at, end);
                at = afterLine(end);
            }
            close();
            return List.copyOf(blocks);
        }

        private void line(int start, int end) {
            String head = text.substring(start, Math.min(end, start + LINE_HEAD_CHARS));
            Matcher mark = FENCE.matcher(head);
            if (open == Kind.CODE) {
                openEnd = end;
                if (mark.matches() && mark.group(1).equals(fence)) close();
            } else if (mark.matches()) {
                begin(Kind.CODE, start, end);
                fence = mark.group(1);
            } else if (head.isBlank() && text.substring(start, end).isBlank()) {
                close();
            } else if (HEADING.matcher(head).matches()) {
                begin(Kind.HEADING, start, end);
                close();
            } else if (head.stripLeading().startsWith("|")) {
                begin(Kind.ROW, start, end);
                close();
            } else if (RULE.matcher(head).matches()) {
                begin(Kind.CODE, start, end);
                close();
            } else if (ITEM.matcher(head).matches()) {
                begin(Kind.ITEM, start, end);
            } else if (open == null) {
                begin(Kind.PARAGRAPH, start, end);
            } else {
                openEnd = end;
            }
        }

        private void begin(Kind kind, int start, int end) {
            close();
            open = kind;
            openStart = start;
            openEnd = end;
        }

        private void close() {
            if (open == null) return;
            Span span = new Span(openStart, openEnd).strip(text);
            if (span.length() > 0) blocks.add(new Block(open, span));
            open = null;
        }

        private int lineEnd(int at) {
            int end = at;
            while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') end++;
            return end;
        }

        private int afterLine(int end) {
            if (end + 1 < text.length() && text.charAt(end) == '\r' && text.charAt(end + 1) == '\n') return end + 2;
            return end + 1;
        }
    }
}
