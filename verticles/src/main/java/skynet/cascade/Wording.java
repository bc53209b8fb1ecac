package skynet.cascade;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a question says, without how politely: two questions with equal {@code sense} ask for the same thing. Articles, small
 * talk, plurals and contractions are taken out; numbers, names, negations, marks like + and −, the question word and the
 * verbs around it stay, and so does the order of the words, unless there are but two of them that nothing directs. What it
 * does not know it keeps, so that it rather tells two like questions apart than takes two unlike ones for one.
 *
 * @param sense empty when the question says too little or too much to be recognised
 * @param words what it is about, for the search in a document that may answer it better
 */
record Wording(String sense, Set<String> words) {
    /** Longer questions are told apart by their text alone. */
    static final int CHARS_MAX = 400;

    private static final int WORDS_MAX = 40;
    private static final int STEM_CHARS_MIN = 4;
    private static final int NAME_CHARS_MAX = 3;

    private static final Pattern TOKEN = Pattern.compile(
            "[\\p{L}\\p{M}\\p{N}]+(?:(?<=\\p{N})[.,:/](?=\\p{N})[\\p{N}]+|[_-](?=[\\p{L}\\p{N}])[\\p{L}\\p{M}\\p{N}]+){0,8}|[^\\s\\p{L}\\p{M}\\p{N}]");

    /** Marks that only close or quote; all others mean something. */
    private static final String SILENT_MARKS = "?!.,;:'\"’‘“”„«»¿¡…";

    private static final Pattern POLITE =
            Pattern.compile("^(?:(?:hi|hello|hey|ok|okay|so|well|please|bitte|hallo)\\b[, ]{0,8}){0,4}"
                    + "(?:(?:can|could|would|will) you (?:please |kindly )?(?:tell|show|say|explain to) (?:me|us)?[ :,]{0,4}"
                    + "|(?:please )?(?:tell|show) (?:me|us)[ :,]{1,4}|do you know |(?:i want|i would like|i'd like|i need) to know "
                    + "|(?:kannst|könntest|könnten) (?:du|sie) (?:mir )?(?:bitte )?sagen,? |(?:sag|sagen sie) mir (?:bitte )?,? ?"
                    + "|weißt du,? )?");

    private static final List<Pattern> FRAMES = Stream.of(
                    "\\b(what|who|where|when|how|why|that|there|it)['’]s\\b",
                    "\\bcannot\\b|\\bcan['’]t\\b",
                    "\\bwon['’]t\\b",
                    "n['’]t\\b",
                    "\\bwhat (?:is|are) the (?:exact )?number of\\b",
                    "\\b(?:for what reason|how come)\\b",
                    "\\bin (?:what|which) way\\b",
                    "\\b(?:at )?what time\\b",
                    "\\b(?:at|in) (?:what|which) place\\b")
            .map(frame -> Pattern.compile(frame, Pattern.CASE_INSENSITIVE))
            .toList();

    private static final List<String> PLAIN =
            List.of("$1 is", "can not", "will not", " not", "how many are", "why", "how", "when", "where");

    private static final Set<String> IDLE = Set.copyOf(List.of(
            "a an the of for in on at please kindly exactly actually just there then any der die das den dem des ein eine einen einem einer eines von für im am auf bitte denn eigentlich genau"
                    .split(" ")));

    /** Question words and the verbs around them: they are compared, but do not count as what the question is about. */
    private static final Set<String> FRAMING = Set.copyOf(List.of(
            "what which who whom whose where when why how many much long often far old do does did be was were been can could will would should may might must have has had wer was wen wem wo wann warum wie viele viel welche welcher welches ist sind war waren kann können hat haben"
                    .split(" ")));

    private static final Set<String> QUESTION_WORDS =
            Set.of("what", "which", "who", "whom", "whose", "where", "when", "why", "how");

    private static final Map<String, String> BASES =
            Map.of("is", "be", "are", "be", "am", "be", "does", "do", "has", "have");

    /** With one of these the order of two words tells who and whom, from where and where to. */
    private static final Set<String> DIRECTING = Set.copyOf(List.of(
            "to from into than before after over under between with without by against vs versus as or and via minus not no never nicht kein nie nach aus zu vor als ohne mit oder und gegen bis unter über"
                    .split(" ")));

    static Wording of(String question) {
        if (question.length() > CHARS_MAX) {
            return new Wording("", words(question));
        }
        String text = question.strip();
        String lower = text.toLowerCase(Locale.ROOT);
        // Where lower case has another length than the text itself, its names could not be found again.
        boolean aligned = lower.length() == text.length();
        Matcher polite = POLITE.matcher(lower);
        int from = polite.find() ? polite.end() : 0;
        text = aligned ? text.substring(from) : lower.substring(from);
        for (int i = 0; i < FRAMES.size(); i++) {
            text = FRAMES.get(i).matcher(text).replaceAll(PLAIN.get(i));
        }
        List<String> framing = new ArrayList<>();
        List<String> core = new ArrayList<>();
        boolean directed = false;
        int helping = 0;
        int asked = 0;
        int tokens = 0;
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            String word = token.group();
            if (word.length() == 1 && SILENT_MARKS.contains(word) && !isFactorial(text, token.start())) {
                continue;
            }
            if (++tokens > WORDS_MAX) {
                return new Wording("", words(question));
            }
            boolean shouted = word.length() > 1 && isUpperCase(word);
            String plain = word.toLowerCase(Locale.ROOT);
            if (!shouted && IDLE.contains(plain)) {
                continue;
            }
            String stem = shouted ? plain : stem(plain);
            if (!shouted && FRAMING.contains(stem)) {
                framing.add(stem);
            } else {
                // A do before what it asks about only makes the question; one at the end is what is asked about.
                helping += framing.subList(asked, framing.size()).contains("do") ? 1 : 0;
                asked = framing.size();
                directed |= DIRECTING.contains(stem) || !Character.isLetterOrDigit(stem.charAt(0));
                // What is shouted and short may be a name where the same in small letters is a word: US, IT, WHO.
                core.add(shouted && word.length() <= NAME_CHARS_MAX && !hasDigit(word) ? word : stem);
            }
        }
        if (core.isEmpty()) {
            return new Wording("", Set.of());
        }
        if (framing.stream().anyMatch(QUESTION_WORDS::contains)) {
            for (; helping > 0; helping--) {
                framing.remove("do");
            }
        }
        List<String> about = new ArrayList<>(core);
        if (core.size() <= 2 && !directed) {
            about.sort(null);
        }
        String first = framing.isEmpty()
                ? ""
                : String.join(" ", framing.stream().sorted().toList());
        return new Wording(first + " | " + String.join(" ", about), new TreeSet<>(core));
    }

    /** The words of a longer text in the form in which {@link #words} has them. */
    static Set<String> words(String text) {
        Set<String> words = new HashSet<>();
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            String stem = stem(token.group().toLowerCase(Locale.ROOT));
            if (Character.isLetterOrDigit(stem.charAt(0)) && !IDLE.contains(stem) && !FRAMING.contains(stem)) {
                words.add(stem);
            }
        }
        return words;
    }

    /** "5!" is another number than "5". */
    private static boolean isFactorial(String text, int at) {
        return text.charAt(at) == '!'
                && at > 0
                && (Character.isDigit(text.charAt(at - 1)) || text.charAt(at - 1) == ')');
    }

    private static boolean isUpperCase(String word) {
        return word.chars().anyMatch(Character::isLetter) && word.equals(word.toUpperCase(Locale.ROOT));
    }

    /** Takes the ending of plurals and of the third person away, and the forms of to be and to do together. */
    private static String stem(String word) {
        String base = BASES.get(word);
        if (base != null) {
            return base;
        }
        if (word.length() < STEM_CHARS_MIN
                || !word.endsWith("s")
                || word.endsWith("ss")
                || word.endsWith("us")
                || word.endsWith("is")
                || hasDigit(word)) {
            return word;
        }
        if (word.endsWith("ies")) {
            return word.substring(0, word.length() - 3) + "y";
        }
        return word.matches(".*(?:ss|x|zz|ch|sh)es")
                ? word.substring(0, word.length() - 2)
                : word.substring(0, word.length() - 1);
    }

    private static boolean hasDigit(String word) {
        return word.chars().anyMatch(Character::isDigit);
    }
}
