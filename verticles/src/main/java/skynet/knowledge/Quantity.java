package skynet.knowledge;

import java.util.regex.Pattern;

/** What a question that asks "how many" wants: a sentence without any number is no answer to it. */
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

    private Quantity() {}

    static boolean isAskedFor(String question) {
        return ASKED.matcher(question).matches();
    }

    static boolean isIn(String sentence) {
        return NUMBER.matcher(sentence).find();
    }
}
