package skynet.knowledge;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes Markdown's marks out of a sentence that is shown or compared; the document itself is never changed. */
final class Markdown {

    private static final Pattern LINE_MARK = Pattern.compile(
            "(?m)^[ \\t]*(?:#{1,6}[ \\t]+|>[ \\t]?|[-*+][ \\t]+(?:\\[[ xX]][ \\t]+)?|\\d{1,4}[.)][ \\t]+)");
    private static final Pattern LINK = Pattern.compile("!?\\[([^\\]\\n]*)]\\([^)\\n]*\\)");
    private static final Pattern CODE = Pattern.compile("(`+)([^`]+)\\1");
    private static final Pattern EMPHASIS = Pattern.compile("\\*{1,3}|~~|(?<!\\w)_{1,3}(?=\\w)|(?<=\\w)_{1,3}(?!\\w)");
    private static final Pattern ROW_EDGE = Pattern.compile("^[ \\t]*\\|[ \\t]*|[ \\t]*\\|[ \\t]*$");
    private static final Pattern CELL_EDGE = Pattern.compile("[ \\t]*(?<!\\\\)\\|[ \\t]*");
    private static final Pattern ROW_RULE = Pattern.compile("[|:\\-\\s]+");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private Markdown() {}

    static String plain(String text) {
        String plain = text;
        if (plain.stripLeading().startsWith("|")) {
            if (isRowRule(plain)) return "";
            plain = CELL_EDGE.matcher(ROW_EDGE.matcher(plain).replaceAll("")).replaceAll(" – ");
        }
        plain = LINE_MARK.matcher(plain).replaceAll("");
        return SPACE.matcher(unmarked(plain)).replaceAll(" ").strip();
    }

    /** The line of dashes below the head of a table. */
    static boolean isRowRule(String row) {
        return ROW_RULE.matcher(row).matches();
    }

    /** What stands between backticks is meant literally: only the text around it loses its marks. */
    private static String unmarked(String text) {
        StringBuilder unmarked = new StringBuilder(text.length());
        Matcher code = CODE.matcher(text);
        int at = 0;
        while (code.find()) {
            unmarked.append(prose(text.substring(at, code.start()))).append(code.group(2));
            at = code.end();
        }
        return unmarked.append(prose(text.substring(at))).toString();
    }

    private static String prose(String text) {
        return EMPHASIS.matcher(LINK.matcher(text).replaceAll("$1")).replaceAll("");
    }
}
