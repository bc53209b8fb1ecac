package skynet.cascade;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the numbers by which a text refers to passages, such as {@code [2]} or {@code [1, 3]}, as the text comes. What stands
 * in code is none: there such brackets mean something else.
 */
final class Marks {
    private static final int MARK_CHARS_MAX = 24;
    private static final int FENCE_TICKS = 3;
    private static final Pattern NUMBERS = Pattern.compile("\\d{1,2}(?:\\s*,\\s*\\d{1,2})*");
    private static final Pattern BETWEEN = Pattern.compile("\\s*,\\s*");

    private final StringBuilder mark = new StringBuilder();
    private boolean isOpen;
    private boolean isFenced;
    private boolean isInline;
    private int ticks;

    /** All numbers of a text, in order. */
    static List<Integer> of(String text) {
        return new Marks().hear(text);
    }

    /** The numbers whose marks end in the next piece, in order; one may come again. */
    List<Integer> hear(String piece) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < piece.length(); i++) hear(piece.charAt(i), numbers);
        return numbers;
    }

    private void hear(char next, List<Integer> numbers) {
        if (next == '`') {
            ticks++;
            isOpen = false;
            return;
        }
        endTicks();
        if (next == '\n') isInline = false;
        if (isFenced || isInline) return;
        if (next == '[') {
            isOpen = true;
            mark.setLength(0);
        } else if (next == ']' && isOpen) {
            isOpen = false;
            Matcher all = NUMBERS.matcher(mark);
            if (all.matches()) BETWEEN.splitAsStream(mark).map(Integer::valueOf).forEach(numbers::add);
        } else if (isOpen && mark.append(next).length() > MARK_CHARS_MAX) {
            isOpen = false;
        }
    }

    private void endTicks() {
        if (ticks >= FENCE_TICKS && !isInline) {
            isFenced = !isFenced;
        } else if (ticks > 0 && !isFenced) {
            isInline = !isInline;
        }
        ticks = 0;
    }
}
