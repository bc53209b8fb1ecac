package skynet.knowledge;

import java.util.ArrayList;
import java.util.List;
import skynet.bus.Knowledge;
import skynet.bus.TooLarge;

/**
 * A table of comma-separated values (RFC 4180; also with semicolons or tabs) as text: each row a paragraph that names its
 * columns, so that a row can be found, quoted and understood alone.
 *
 * <pre>
 * name,colour,height       Name of the first row: the names of the columns
 * Arkona,yellow,35         name: Arkona; colour: yellow; height: 35
 * </pre>
 */
final class Table {
    static final int ROWS_MAX = 200_000;
    static final int COLUMNS_MAX = 1_000;
    private static final String SEPARATORS = ",;\t|";

    private final String name;
    private final String text;
    private final char separator;
    private int at;
    private int row;

    private Table(String name, String text) {
        this.name = name;
        this.text = text;
        this.separator = separator(text);
    }

    static Document read(String name, String text) {
        return new Table(name, text).document();
    }

    private Document document() {
        List<String> columns = next();
        StringBuilder prose = new StringBuilder();
        while (at < text.length()) {
            List<String> values = next();
            if (values.stream().allMatch(String::isBlank)) continue;
            if (row > ROWS_MAX) throw new TooLarge(name + ": more than " + ROWS_MAX + " rows");
            append(prose, columns, values);
            if (prose.length() > Knowledge.DOCUMENT_CHARS_MAX) {
                throw new TooLarge(name + ": more than " + Knowledge.DOCUMENT_CHARS_MAX + " characters as text");
            }
        }
        if (prose.length() == 0) {
            throw new IllegalArgumentException(
                    name + ": no row below the names of its columns (expected: one or more)");
        }
        return new Document(name, name, prose.toString().strip());
    }

    private static void append(StringBuilder prose, List<String> columns, List<String> values) {
        String before = "";
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i).strip().replaceAll("\\s+", " ");
            if (value.isEmpty()) continue;
            String column = i < columns.size() ? columns.get(i).strip().replaceAll("\\s+", " ") : "";
            prose.append(before)
                    .append(column.isEmpty() ? "column " + (i + 1) : column)
                    .append(": ")
                    .append(value);
            before = "; ";
        }
        prose.append("\n\n");
    }

    /** The values of the next line or, where a quote spans lines, lines. */
    private List<String> next() {
        row++;
        List<String> values = new ArrayList<>();
        do {
            if (values.size() == COLUMNS_MAX) {
                throw new IllegalArgumentException(
                        name + ": row " + row + " has more than " + COLUMNS_MAX + " columns (expected: a table)");
            }
            values.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
        } while (at < text.length() && text.charAt(at++) == separator);
        if (at > 0
                && at <= text.length()
                && text.charAt(at - 1) == '\r'
                && at < text.length()
                && text.charAt(at) == '\n') at++;
        return values;
    }

    private String plain() {
        int start = at;
        while (at < text.length() && !isEnd(text.charAt(at))) at++;
        return text.substring(start, at);
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        int opened = row;
        at++;
        while (true) {
            int end = text.indexOf('"', at);
            if (end < 0) {
                throw new IllegalArgumentException(
                        name + ": the quote opened in row " + opened + " is never closed (expected: a second \")");
            }
            value.append(text, at, end);
            at = end + 1;
            if (at >= text.length() || text.charAt(at) != '"') break;
            value.append('"');
            at++;
        }
        return value.append(plain()).toString();
    }

    private boolean isEnd(char c) {
        return c == separator || c == '\n' || c == '\r';
    }

    /** The one that stands most often in the first line, outside of quotes. */
    private static char separator(String text) {
        int[] counts = new int[SEPARATORS.length()];
        boolean quoted = false;
        for (int i = 0; i < text.length() && (quoted || text.charAt(i) != '\n'); i++) {
            if (text.charAt(i) == '"') quoted = !quoted;
            int which = quoted ? -1 : SEPARATORS.indexOf(text.charAt(i));
            if (which >= 0) counts[which]++;
        }
        int best = 0;
        for (int i = 1; i < counts.length; i++) if (counts[i] > counts[best]) best = i;
        return SEPARATORS.charAt(best);
    }
}
