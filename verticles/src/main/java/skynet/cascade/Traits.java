package skynet.cascade;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a prompt shows of its difficulty, each trait a number from 0 (none) to about 1 (much). Counts go in by their
 * logarithm: the step from none to one says more than that from nine to ten. Most of it needs no language: digits, symbols,
 * the shape of the lines, the length of words; the rest are {@link Cue}s.
 */
record Traits(Map<Trait, Double> values) {
    /** Characters that are looked at: the beginning of a longer prompt and its end, where the question often stands. */
    static final int CHARS_MAX = 8_000;

    private static final int LONG_WORD = 10;

    /** So many words say what is wanted; what follows may be a text that is given, and its words are no orders. */
    private static final int OPENING_WORDS = 12;

    /** One side of a prompt. */
    enum Trait {
        LENGTH,
        NUMBERS,
        STEPS,
        MATHS,
        FORMULA,
        CODE,
        REASONING,
        LOGIC,
        CONSTRAINTS,
        CREATION,
        LAW,
        SCIENCE,
        MEDICINE,
        MONEY,
        RARE_WORDS,
        CHOICE_OF_FORMULAS,
        NEGATION,
        PARTS,
        LOOKUP,
        TRANSFORMATION,
        SMALL_TALK,
        PASSAGE,
        FOLLOW_UP;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}]+(?:['’-][\\p{L}\\p{M}]+){0,4}");
    private static final Pattern NUMBER = Pattern.compile("\\p{Nd}+(?:[.,:/]\\p{Nd}+){0,4}");
    private static final Pattern FORMULA =
            Pattern.compile("[=^∑∫√∀∃∧∨¬→≤≥≠±∞∈⊂×·]|\\\\[a-z]{2,20}|\\$[^$\\s][^$]{0,200}\\$"
                    + "|\\b[a-zA-Z]\\([a-zA-Z]\\)|(?<=[\\p{Nd})x-z]) ?[-+*/<>] ?(?=[\\p{Nd}(x-z])");
    // Each repetition has a bound, so that no text takes more than some steps for each of its characters.
    private static final Pattern CODE = Pattern.compile(
            "```|[{};]\\s{0,8}(?:\\n|$)|\\w{1,40}\\([\\w, .\"']{0,80}\\)[;:{ ]|=>|->|==|!=|&&|\\|\\||::|\\bO\\("
                    + "|\\b(?:def|return|import|SELECT|FROM|WHERE|void|const|let|var) \\w|[a-z]{1,20}[A-Z]\\w{0,20}\\("
                    + "|[a-z]{1,20}_[a-z]{1,20}|</?\\w{1,20}>");
    private static final Pattern OPTION = Pattern.compile("(?m)(?:^|\\s)\\(?([A-E])[.):][ \\t]{1,8}(.*)$");
    private static final Pattern ENUMERATION = Pattern.compile("(?m)^[ \\t]{0,20}(?:[-*•]|\\d{1,2}[.)])[ \\t]{1,8}\\S");
    private static final Pattern SENTENCE_END = Pattern.compile("(?<![.!?;:])[.!?;:]++(?:\\s|$)");

    Traits {
        values = Map.copyOf(values);
    }

    /** Reads a prompt; {@code turnsBefore} is how much was said before it in the same conversation. */
    static Traits of(String prompt, int turnsBefore) {
        String text = prompt.length() <= CHARS_MAX
                ? prompt
                : prompt.substring(0, CHARS_MAX * 3 / 4) + '\n' + prompt.substring(prompt.length() - CHARS_MAX / 4);
        Map<Cue, Integer> cues = new EnumMap<>(Cue.class);
        int words = 0;
        int letters = 0;
        int longWords = 0;
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            words++;
            letters += word.end() - word.start();
            longWords += word.end() - word.start() >= LONG_WORD ? 1 : 0;
            for (Cue cue : Cue.of(word.group().toLowerCase(Locale.ROOT))) {
                if (words <= OPENING_WORDS || !cue.isOfTheOpening()) {
                    cues.merge(cue, 1, Integer::sum);
                }
            }
        }
        int figures = count(NUMBER, text);
        int numbers = figures + cues.getOrDefault(Cue.NUMBER, 0);
        Options options = Options.in(text);
        int formula = count(FORMULA, text);
        int code = count(CODE, text);
        double meanLetters = words == 0 ? 0 : (double) letters / words;

        Map<Trait, Double> values = new EnumMap<>(Trait.class);
        values.put(Trait.LENGTH, Math.min(1, log2(words) / 8));
        values.put(Trait.NUMBERS, Math.min(1, log2(numbers) / 4));
        values.put(Trait.STEPS, Math.min(1, log2(Math.sqrt((double) numbers * cue(cues, Cue.RELATION))) / 3.5));
        values.put(Trait.MATHS, much(cues, Cue.MATHS, 2.5));
        values.put(Trait.FORMULA, Math.min(1, log2(formula) / 3.5));
        values.put(Trait.CODE, Math.min(1, log2(cue(cues, Cue.CODE) + code) / 3));
        values.put(Trait.REASONING, much(cues, Cue.REASON, 2.5));
        values.put(Trait.LOGIC, much(cues, Cue.LOGIC, 3));
        values.put(Trait.CONSTRAINTS, much(cues, Cue.CONSTRAINT, 3.5));
        values.put(Trait.CREATION, much(cues, Cue.CREATE, 1.5));
        values.put(Trait.LAW, much(cues, Cue.LAW, 3));
        values.put(Trait.SCIENCE, much(cues, Cue.SCIENCE, 2));
        values.put(Trait.MEDICINE, much(cues, Cue.MEDICINE, 2.5));
        values.put(Trait.MONEY, much(cues, Cue.MONEY, 2.5));
        values.put(
                Trait.RARE_WORDS,
                words == 0
                        ? 0
                        : Math.min(1, Math.max(0, (meanLetters - 4) / 4) + Math.min(0.5, (double) longWords / words)));
        values.put(Trait.CHOICE_OF_FORMULAS, options.formal());
        values.put(Trait.NEGATION, much(cues, Cue.NEGATION, 2.5));
        values.put(
                Trait.PARTS,
                Math.min(
                        1,
                        log2(Math.max(0, count("?", text) - 1)
                                        + count(ENUMERATION, text)
                                        + Math.max(0, clauses(text) - 2) / 2.0)
                                / 3.5));
        values.put(Trait.LOOKUP, much(cues, Cue.LOOKUP, 1.6) * (words == 0 ? 0 : Math.min(1, 15.0 / words)));
        values.put(Trait.TRANSFORMATION, much(cues, Cue.TRANSFORM, 1));
        values.put(Trait.SMALL_TALK, much(cues, Cue.TALK, 1.6) * (words == 0 ? 0 : Math.min(1, 30.0 / words)));
        values.put(Trait.PASSAGE, passage(words, numbers + formula + code));
        values.put(Trait.FOLLOW_UP, turnsBefore == 0 ? 0 : Math.min(1, (1 + cue(cues, Cue.FOLLOWUP)) / 3.0));
        return new Traits(values);
    }

    double of(Trait trait) {
        return values.getOrDefault(trait, 0.0);
    }

    /** The traits that are there, in the order of {@link Trait}, to be shown to people. */
    Map<String, Double> shown() {
        Map<String, Double> shown = new LinkedHashMap<>();
        for (Trait trait : Trait.values()) {
            if (of(trait) > 0) {
                shown.put(trait.text(), Math.round(of(trait) * 1_000) / 1_000.0);
            }
        }
        return shown;
    }

    private static double log2(double count) {
        return Math.log1p(count) / Math.log(2);
    }

    private static int cue(Map<Cue, Integer> cues, Cue cue) {
        return cues.getOrDefault(cue, 0);
    }

    private static double much(Map<Cue, Integer> cues, Cue cue, double full) {
        return Math.min(1, log2(cue(cues, cue)) / full);
    }

    private static int clauses(String text) {
        return count(SENTENCE_END, text);
    }

    /** Prose that is given to be read: many words, hardly a number or a symbol. Its length is no difficulty of its own. */
    private static double passage(int words, int formal) {
        return words < 60 ? 0 : Math.min(1, (words - 60) / 120.0) / (1 + formal / 3.0);
    }

    private static int count(Pattern pattern, String text) {
        int found = 0;
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found++;
        }
        return found;
    }

    private static int count(String mark, String text) {
        return text.length() - text.replace(mark, "").length();
    }

    /** The answers that a prompt offers to choose from. */
    private record Options(int count, int withFormula) {
        static Options in(String text) {
            int count = 0;
            int withFormula = 0;
            Matcher option = OPTION.matcher(text);
            while (option.find()) {
                count++;
                withFormula += NUMBER.matcher(option.group(2)).find()
                                || FORMULA.matcher(option.group(2)).find()
                                || option.group(2).contains("True")
                                || option.group(2).contains("False")
                        ? 1
                        : 0;
            }
            return new Options(count, withFormula);
        }

        double formal() {
            return count < 2 ? 0 : (double) withFormula / count;
        }
    }
}
