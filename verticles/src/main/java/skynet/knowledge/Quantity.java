package skynet.knowledge;

import java.util.regex.Pattern;

/** What a question that asks "how many" wants: a sentence without any number is no answer to it. */
final class Quantity {
    private static final Pattern ASKED =
            Pattern.compile("(?i)\\s*how (?:many|much|old|tall|heavy|large|big|far|fast|often)\\b.*");
    private static final Pattern NUMBER = Pattern.compile(
            "(?i)\\d|\\b(?:no|none|once|twice|half|every|each|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
                    + "|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
                    + "|hundred|thousand|million|billion|dozen)\\b");

    private Quantity() {}

    static boolean isAskedFor(String question) {
        return ASKED.matcher(question).matches();
    }

    static boolean isIn(String sentence) {
        return NUMBER.matcher(sentence).find();
    }
}
