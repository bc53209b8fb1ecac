package skynet.knowledge;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a question that asks "how many" wants: sentences without any number are no answer to it, and where they speak of what
 * is counted its number stands beside it.
 */
final class Quantity {
    private static final Pattern ASKED =
            Pattern.compile("(?iu)\\s*(?:how (?:many|much|old|tall|heavy|large|big|far|fast|often)"
                    + "|wie ?(?:viele?|alt|groß|hoch|schwer|weit|schnell|oft|lange?|breit|tief))\\b.*");
    private static final Pattern NUMBER = Pattern.compile(
            "(?iu)\\d|\\b(?:no|none|once|twice|half|every|each|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
                    + "|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
                    + "|hundred|thousand|million|billion|dozen"
                    + "|keine?|einmal|zweimal|halb|jede[mnrs]?|eine?[mnrs]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
                    + "|\\p{L}+(?:zehn|zig|ßig)|hundert|tausend|million(?:en)?|dutzend)\\b");

    /** What is counted. */
    private static final Pattern COUNTED = Pattern.compile("(?iu)\\s*(?:how many|wie ?viele)\\s+(\\p{L}+).*");

    private static final Pattern WORDS_APART = Pattern.compile("[\\s:;()]+");

    /** A number is that of a word when at most so many words before it, "seven large tins", or after, "tins: seven". */
    private static final int BEFORE = 3;

    private static final int AFTER = 2;

    private Quantity() {}

    /** Whether sentences say as much as the question asks for, if it asks for a number. */
    static boolean suits(String question, List<String> sentences) {
        if (!isAskedFor(question)) return true;
        Matcher counted = COUNTED.matcher(question);
        Set<String> things = counted.matches() ? Terms.of(counted.group(1)) : Set.of();
        List<String> about = sentences.stream()
                .filter(one -> Terms.of(one).stream().anyMatch(things::contains))
                .toList();
        return about.isEmpty()
                ? sentences.stream().anyMatch(Quantity::isIn)
                : about.stream().anyMatch(one -> isBeside(things, one));
    }

    private static boolean isBeside(Set<String> things, String sentence) {
        List<String> words = List.of(WORDS_APART.split(sentence));
        for (int at = 0; at < words.size(); at++) {
            if (Terms.of(words.get(at)).stream().noneMatch(things::contains)) continue;
            List<String> near = words.subList(Math.max(0, at - BEFORE), Math.min(words.size(), at + AFTER + 1));
            if (near.stream().anyMatch(Quantity::isIn)) return true;
        }
        return false;
    }

    static boolean isAskedFor(String question) {
        return ASKED.matcher(question).matches();
    }

    static boolean isIn(String sentence) {
        return NUMBER.matcher(sentence).find();
    }
}
