package skynet.dictionary.generator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All translations between words of the lexica: links between tokens, and the way from any word to English. */
final class Translations {

    /** Two chosen tokens that translate each other, and the language of each in which it does. */
    record Link(int low, int high, Language lowLanguage, Language highLanguage) {

        /** Four letters that name both languages, as they stand in the link file. */
        String code() {
            return lowLanguage.code() + highLanguage.code();
        }
    }

    private record Pair(Language source, String word, Language target, String translation) {}

    /** Through a third language meanings drift; the first few translations are the safe ones. */
    private static final int PIVOT_WORDS_MAX = 3;

    /** What a dictionary into or from English says weighs as much as this many ways over a third language. */
    private static final int DIRECT_WAYS = 3;

    /** Languages with a dictionary into English; German has none, so it comes after them. */
    private static final Set<Language> PIVOTS =
            EnumSet.of(Language.FR, Language.ES, Language.PL, Language.IT, Language.PT);

    private final Set<Link> links = new LinkedHashSet<>(1 << 20);
    private final Map<Language, Map<String, Map<String, Integer>>> english = new EnumMap<>(Language.class);
    private final Map<Language, Map<String, Map<PartOfSpeech, Integer>>> partsOfSpeech = new EnumMap<>(Language.class);

    static Translations read(Inputs inputs, Lexica lexica, Selection selection) throws IOException {
        Translations translations = new Translations();
        for (Language language : Language.values()) {
            translations.english.put(language, new LinkedHashMap<>());
            translations.partsOfSpeech.put(language, new LinkedHashMap<>());
        }
        List<Pair> foreign = new ArrayList<>();
        for (BilingualDictionary dictionary : inputs.bilingual()) {
            Language source = dictionary.source();
            Language target = dictionary.target();
            dictionary.read((headword, translation, partOfSpeech) -> {
                String word = headword.canonical();
                String other = translation.canonical();
                if (!lexica.of(source).knows(word) || !lexica.of(target).knows(other)) {
                    return;
                }
                translations.link(selection, source, word, target, other);
                partOfSpeech.ifPresent(part -> {
                    translations.count(source, word, part);
                    translations.count(target, other, part);
                });
                if (source == Language.EN) {
                    translations.toEnglish(target, other, word, DIRECT_WAYS);
                } else if (target == Language.EN) {
                    translations.toEnglish(source, word, other, DIRECT_WAYS);
                } else {
                    foreign.add(new Pair(source, word, target, other));
                    foreign.add(new Pair(target, other, source, word));
                }
            });
        }
        translations.pivot(foreign, PIVOTS);
        translations.pivot(foreign, EnumSet.of(Language.DE));
        return translations;
    }

    /** English words that translate this one and how many ways lead to each; empty when no dictionary has it. */
    Map<String, Integer> english(Language language, String word) {
        return english.get(language).getOrDefault(word, Map.of());
    }

    /** Words of a language that have a translation into English, in the order of the dictionaries. */
    Set<String> translated(Language language) {
        return english.get(language).keySet();
    }

    /** The part of speech most articles about the word give; nothing when none gives any. */
    Optional<PartOfSpeech> partOfSpeech(Language language, String word) {
        Map<PartOfSpeech, Integer> counts = partsOfSpeech.get(language).getOrDefault(word, Map.of());
        return counts.entrySet().stream()
                .max(Map.Entry.<PartOfSpeech, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .map(Map.Entry::getKey);
    }

    List<Link> links() {
        return List.copyOf(links);
    }

    /** Notes a link unless an end is no word of the language in which it was met: a letter, or a slip. */
    private void link(Selection selection, Language source, String word, Language target, String other) {
        selection.find(word).ifPresent(one -> selection.find(other).ifPresent(two -> {
            boolean spoken = source.in(one.languageMask()) && target.in(two.languageMask());
            if (one.id() < two.id() && spoken) {
                links.add(new Link(one.id(), two.id(), source, target));
            } else if (one.id() > two.id() && spoken) {
                links.add(new Link(two.id(), one.id(), target, source));
            }
        }));
    }

    private void count(Language language, String word, PartOfSpeech part) {
        partsOfSpeech
                .get(language)
                .computeIfAbsent(word, key -> new EnumMap<>(PartOfSpeech.class))
                .merge(part, 1, Integer::sum);
    }

    private void toEnglish(Language language, String word, String translation, int ways) {
        english.get(language)
                .computeIfAbsent(word, key -> new LinkedHashMap<>())
                .merge(translation, ways, Integer::sum);
    }

    /** Lets words without an English dictionary of their own borrow from their translations: every way is a voice. */
    private void pivot(List<Pair> foreign, Set<Language> pivots) {
        List<Pair> found = new ArrayList<>();
        for (Pair pair : foreign) {
            boolean missing = english(pair.source(), pair.word()).isEmpty();
            if (pivots.contains(pair.target()) && missing) {
                english(pair.target(), pair.translation()).entrySet().stream()
                        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                        .limit(PIVOT_WORDS_MAX)
                        .forEach(way -> found.add(new Pair(pair.source(), pair.word(), Language.EN, way.getKey())));
            }
        }
        found.forEach(way -> toEnglish(way.source(), way.word(), way.translation(), 1));
    }
}
