package skynet.dictionary.generator;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Czech spellings that a program which reads print expects in running text. The list tells no frequencies, but it holds
 * a word in every case in which text shows it often enough, and that says how common the word is.
 */
final class CzechWordList {

    private enum Shape {
        LOWER,
        TITLE,
        UPPER
    }

    /** A word with its commonest spelling and the estimated logarithm of its frequency. */
    record Word(String surface, String canonical, double zipf) {

        /** Whether text never shows the word in lower case. */
        boolean isName() {
            return !surface.equals(canonical);
        }
    }

    /** Shapes by what they promise; names and shouts last, and spellings without accents a step behind. */
    private static final double EVERY_SHAPE_ZIPF = 3.1;

    private static final double LOWER_AND_UPPER_ZIPF = 2.8;
    private static final double LOWER_AND_TITLE_ZIPF = 2.6;
    private static final double LOWER_ZIPF = 2.3;
    private static final double TITLE_AND_UPPER_ZIPF = 2.2;
    private static final double TITLE_ZIPF = 1.9;
    private static final double BARE_LOSS = 0.2;
    private static final double BARE_NAME_LOSS = 0.4;

    private final Map<String, Set<Shape>> shapes = new TreeMap<>();

    static CzechWordList of(List<String> spellings) {
        CzechWordList list = new CzechWordList();
        for (String spelling : spellings) {
            Spelling.canonical(spelling)
                    .filter(word -> word.length() > 1 && Language.CS.writes(word))
                    .ifPresent(word -> list.add(spelling, word));
        }
        return list;
    }

    private void add(String spelling, String word) {
        switch (Spelling.caseOf(spelling, word)) {
            case 0 -> add(word, Shape.LOWER);
            case 1 -> add(word, Shape.TITLE);
            case 2 -> add(word, Shape.UPPER);
            default -> {
                // Mixed case is a brand or a slip of a scanner.
            }
        }
    }

    private void add(String word, Shape shape) {
        shapes.computeIfAbsent(word, key -> EnumSet.noneOf(Shape.class)).add(shape);
    }

    /** All words in alphabetical order but those that only shout. */
    List<Word> words() {
        return shapes.entrySet().stream()
                .filter(each ->
                        each.getValue().contains(Shape.LOWER) || each.getValue().contains(Shape.TITLE))
                .map(each -> word(each.getKey(), each.getValue()))
                .toList();
    }

    private static Word word(String canonical, Set<Shape> shapes) {
        boolean bare = Spelling.bare(canonical).equals(canonical);
        if (!shapes.contains(Shape.LOWER)) {
            String surface = canonical.substring(0, 1).toUpperCase(Locale.ROOT) + canonical.substring(1);
            double zipf = shapes.contains(Shape.UPPER) ? TITLE_AND_UPPER_ZIPF : TITLE_ZIPF;
            return new Word(surface, canonical, bare ? zipf - BARE_NAME_LOSS : zipf);
        }
        double zipf = shapes.size() == Shape.values().length
                ? EVERY_SHAPE_ZIPF
                : shapes.contains(Shape.UPPER)
                        ? LOWER_AND_UPPER_ZIPF
                        : shapes.contains(Shape.TITLE) ? LOWER_AND_TITLE_ZIPF : LOWER_ZIPF;
        return new Word(canonical, canonical, bare ? zipf - BARE_LOSS : zipf);
    }
}
