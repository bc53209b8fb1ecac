package skynet.knowledge;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** The words of a text that carry its subject: stemmed, without the words every question is made of. */
final class Terms {

    /** Words that stand in German questions only: there every noun has a capital. */
    private static final Pattern GERMAN = Pattern.compile(
            "(?iU)\\b(?:wer|wie|wann|wo|warum|welche[mnrs]?|wem|wen|der|das|dem|des|eine?|eine[mnrs]|ist|sind|wird|werden|wurden?"
                    + "|kann|muss|darf|für|mit|bei|nach|vom|zum|zur|auf|und|oder|nicht|bedeutet|kostet|gilt|gibt|ich)\\b");

    /** Shorter parts of a compound say nothing. */
    private static final int PART_CHARS_MIN = 5;

    private static final CharArraySet EMPTY_WORDS = emptyWords();
    private static final Analyzer STEMS = new EnglishAnalyzer(EMPTY_WORDS);

    private Terms() {}

    /** Words put together by underscores, as columns of tables are named, are words of their own. */
    static Set<String> of(String text) {
        Set<String> terms = new LinkedHashSet<>();
        try (TokenStream words = STEMS.tokenStream("", new StringReader(text.replace('_', ' ')))) {
            CharTermAttribute word = words.addAttribute(CharTermAttribute.class);
            words.reset();
            while (words.incrementToken()) terms.add(word.toString());
            words.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return terms;
    }

    /** The words of a question that name something: written with a capital or a digit, the first word apart. */
    static Set<String> names(String question) {
        String[] words = question.strip().split("[\\s,;:!?()\"]+");
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < words.length; i++) {
            boolean capital = i > 0 && words[i].codePoints().anyMatch(Character::isUpperCase);
            if (capital || words[i].codePoints().anyMatch(Character::isDigit)) names.addAll(of(words[i]));
        }
        return names;
    }

    /**
     * Takes away the names that a text knows. In a German question a noun is also known as a part of a compound, or when a
     * part of it is: "Heizung" by "Heizungsanlage". What has a digit has to stand there as it is.
     */
    static void removeKnown(Set<String> names, String question, Set<String> present) {
        names.removeAll(present);
        if (names.isEmpty() || !GERMAN.matcher(question).find()) return;
        names.removeIf(name -> name.codePoints().noneMatch(Character::isDigit)
                && present.stream().anyMatch(word -> isPart(name, word) || isPart(word, name)));
    }

    private static boolean isPart(String part, String compound) {
        return part.length() >= PART_CHARS_MIN && (compound.startsWith(part) || compound.endsWith(part));
    }

    /** The share of {@code wanted} that is also in {@code present}; 0 when nothing is wanted. */
    static double coverage(Set<String> wanted, Set<String> present) {
        if (wanted.isEmpty()) return 0;
        return (double) wanted.stream().filter(present::contains).count() / wanted.size();
    }

    private static CharArraySet emptyWords() {
        CharArraySet words = new CharArraySet(EnglishAnalyzer.getDefaultStopSet(), true);
        for (String word : ("who what when where which why how whom whose does do did is are was were am be been being "
                        + "can could should would may might must will shall has have had i you he she we me my your "
                        + "our us its it's many much long often there tell explain describe please about from than "
                        + "then so any some get give mean happen use work so whats what's")
                .split(" ")) {
            words.add(word);
        }
        return CharArraySet.unmodifiableSet(words);
    }
}
