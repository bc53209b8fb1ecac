package skynet.knowledge;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What kind of thing a question asks for, in English or German, as far as its words tell. A sentence that says something
 * else about the same person or machine is no answer: it has to have a time where "when" is asked, a colour where a colour
 * is, and a word for what was done or held where one of the usual ones is asked.
 */
final class Asked {
    private static final String COLOURS =
            "red|green|blue|yellow|black|white|brown|orange|purple|pink|gr[ae]y|silver|golden|rot|grün|blau|gelb|schwarz|weiß"
                    + "|braun|lila|rosa|grau|silbern";

    private static final Pattern COLOUR_ASKED =
            kind("(?:what|which) colou?rs?\\b|colou?r of\\b|welche[nrs]? farben?\\b|farbe (?:von|de[rsm])\\b");
    private static final Pattern COLOUR = Pattern.compile("(?iU)(?:" + COLOURS + ")(?:e[mnrs]?)?");

    /** A thing and its colour are as many words apart at most when a form of "be" stands between them. */
    private static final int ATTACHED_WORDS = 6;

    private static final Pattern BE = Pattern.compile(
            "(?iU)is|are|was|were|painted|colou?r|colou?red|ist|sind|war|waren|farbe|lackiert|gestrichen");
    private static final Pattern WORDS_APART = Pattern.compile("(?U)[^\\w]+");

    private static final List<Kind> KINDS = List.of(
            new Kind(
                    "^(?:when|wann|seit wann|since when)|(?:which|what) (?:year|month|day|date)\\b"
                            + "|welche[mns]? (?:jahr|monat|tag)\\b",
                    "\\d|\\b(?:one|two|three|four|five|six|seven|eight|nine|ten|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn"
                            + "|after|before|until|till|while|whil?st|during|when|whenever|once|if|unless|as soon as|than|every"
                            + "|each|daily|weekly|monthly|yearly|always|never|today|tomorrow|yesterday|noon|midnight|nach|vor|bis"
                            + "|während|wenn|sobald|bei|jede[mnrs]?|täglich|wöchentlich|monatlich|jährlich|immer|nie|heute|morgen"
                            + "|gestern|mittags?|mitternacht|christmas|easter|weihnachten|ostern)\\b"
                            + "|\\b(?:second|minute|hour|day|night|morning|evening|afternoon|week|month|year|century|spring"
                            + "|summer|autumn|fall|winter)s?\\b"
                            + "|(?:sekunde|minute|stunde|tag|nacht|morgen|abend|woche|monat|jahr|frühling|sommer|herbst|winter)"
                            + "(?:e|en|n|s|es)?\\b"
                            + "|\\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\\b|\\b\\w+(?:tag|woch)s?\\b"
                            + "|\\b(?:january|february|march|april|may|june|july|august|september|october|november|december"
                            + "|januar|februar|märz|mai|juni|juli|oktober|dezember)\\b"),
            new Kind(
                    "\\b(?:founded|founders?|invented|inventors?|gegründet|gründer(?:in)?|erfunden|erfand)\\b",
                    "\\b(?:found(?:ed|ers?|ing)|invent\\w*|establish\\w*|creat\\w*|began|begun|started|since|seit|gegründet"
                            + "|gründ\\w+|erfand|erfind\\w*|erfunden)\\b"),
            new Kind(
                    "\\b(?:birthday|birthdate|date of birth|born|geburtstag|geburtsdatum|geboren)\\b",
                    "\\b(?:birth\\w*|born|geburts?\\w*|geboren)\\b"),
            new Kind(
                    "\\b(?:salary|salaries|wages?|gehalt|lohn|verdient)\\b",
                    "\\b(?:salar(?:y|ies)|wages?|paid|pays?|earn\\w*|gehalt|gehälter|lohn|löhne|verdien\\w*)\\b"),
            new Kind(
                    "\\b(?:ceo|chairs|chair(?:man|woman|person)|director|president|boss|geschäftsführer(?:in)?|vorsitzende[rn]?"
                            + "|direktor(?:in)?|chef(?:in)?)\\b",
                    "\\b(?:ceo|chief|chair\\w*|director\\w*|manag(?:er|ing)\\w*|president|boss|heads?|headed|leads?|led"
                            + "|geschäftsf\\w+|vorsitz\\w*|direktor\\w*|chef\\w*|leit\\w+)\\b"),
            new Kind(
                    "\\b(?:telephone|phone|mobile|fax) numbers?\\b|\\b(?:telefon|handy|fax)nummer\\b",
                    "(?s)(?=.*\\d{3}).*\\b(?:telephone|phone|call\\w*|dial\\w*|extension|ring|fax|tel|telefon\\w*|handy\\w*"
                            + "|nummer|durchwahl|erreichbar|erreichen)\\b"),
            new Kind(
                    "^who (?:is the author|are the authors|wrote)|^wer (?:ist der autor|schrieb)",
                    "\\b(?:authors?|wrote|written|writes|writer|autor\\w*|schrieb\\w*|geschrieben|verfass\\w*)\\b"),
            new Kind(
                    "\\b(?:headquarters|seat of)\\b|\\bhauptsitz\\b",
                    "\\b(?:headquarter\\w*|head office|based|seat|located|hauptsitz|sitz)\\b"),
            new Kind(
                    "^how many (?:people|employees|workers|members|staff)\\b|^wie ?viele (?:menschen|mitarbeiter|leute"
                            + "|mitglieder|angestellte|personen)",
                    "(?s)(?=.*(?:\\d|\\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand"
                            + "|eine?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert|tausend)\\b)).*"));

    private Asked() {}

    /** Whether what is quoted is of the kind that the question asks for. */
    static boolean isMet(String question, List<String> quoted) {
        String all = String.join(" ", quoted);
        if (COLOUR_ASKED.matcher(question.strip()).find()
                && quoted.stream().noneMatch(one -> hasColour(question, one))) {
            return false;
        }
        return KINDS.stream().allMatch(kind -> kind.isMet(question.strip(), all));
    }

    /** True when a colour stands right before something that was asked about, or is said to be its own. */
    private static boolean hasColour(String question, String sentence) {
        Set<String> things = Terms.of(question);
        String[] words = WORDS_APART.split(sentence);
        for (int at = 0; at < words.length; at++) {
            if (!COLOUR.matcher(words[at]).matches()) continue;
            if (isOne(things, words, at + 1) || isOne(things, words, at + 2)) return true;
            boolean is = false;
            for (int before = at - 1; before >= Math.max(0, at - ATTACHED_WORDS); before--) {
                is |= BE.matcher(words[before]).matches();
                if (is && isOne(things, words, before)) return true;
            }
        }
        return false;
    }

    private static boolean isOne(Set<String> things, String[] words, int at) {
        return at < words.length && Terms.of(words[at]).stream().anyMatch(things::contains);
    }

    private static Pattern kind(String words) {
        return Pattern.compile(
                words, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.UNICODE_CHARACTER_CLASS);
    }

    /** One kind of thing: how it is asked for, and what a sentence has that tells it. */
    private record Kind(Pattern asked, Pattern told) {
        Kind(String asked, String told) {
            this(kind(asked), kind(told));
        }

        boolean isMet(String question, String quoted) {
            return !asked.matcher(question).find() || told.matcher(quoted).find();
        }
    }
}
