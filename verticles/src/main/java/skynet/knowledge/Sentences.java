package skynet.knowledge;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Cuts a paragraph into sentences at their exact places. A stop after an abbreviation or an initial is no end. */
final class Sentences {

    private static final Pattern NO_END = Pattern.compile(
            "(?s).*(?:^|[\\s(])(?:e\\.g|i\\.e|etc|cf|vs|Dr|Mr|Mrs|Ms|Prof|St|No|Nr|Fig|approx|resp|ca|bzw|z\\.B|d\\.h"
                    + "|např|tzv|tj|atd|popř|\\p{Lu}|\\d{1,3})\\.");

    /** How far back an abbreviation is looked for. */
    private static final int TAIL_CHARS = 12;

    private Sentences() {}

    static List<Span> of(String text, Span within) {
        String part = within.of(text);
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        breaks.setText(part);
        List<Span> sentences = new ArrayList<>();
        int start = 0;
        for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
            if (end < part.length() && endsInAbbreviation(part, start, end)) continue;
            Span sentence = new Span(start, end).strip(part);
            if (sentence.length() > 0) sentences.add(sentence.shift(within.start()));
            start = end;
        }
        return sentences;
    }

    private static boolean endsInAbbreviation(String part, int start, int end) {
        String tail = part.substring(Math.max(start, end - TAIL_CHARS), end).stripTrailing();
        return NO_END.matcher(tail).matches();
    }
}
