package skynet.dictionary.generator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All translations between words of the lexica: links between tokens, and the way from any word to English. */
final class Translations {

    /** Two chosen tokens that translate each other and the dictionary that says so. */
    record Link(int low, int high, String dictionary) {}

    private record Pair(Language source, String word, Language target, String translation) {}

    /** Through a third language meanings drift; the first few translations are the safe ones. */
    private static final int PIVOT_WORDS_MAX = 3;

    /** German comes last: with no dictionary into English it pivots itself before others pivot on it. */
    private static final Language[] PIVOTS = {
        Language.FR, Language.ES, Language.PL, Language.IT, Language.PT, Language.DE
    };

    private final Map<Long, Link> links = new LinkedHashMap<>(1 << 20);
    private final Map<Language, Map<String, Set<String>>> english = new EnumMap<>(Language.class);
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
                translations.link(selection, word, other, dictionary.code());
                partOfSpeech.ifPresent(part -> {
                    translations.count(source, word, part);
                    translations.count(target, other, part);
                });
                if (source == Language.EN) {
                    translations.toEnglish(target, other, word);
                } else if (target == Language.EN) {
                    translations.toEnglish(source, word, other);
                } else {
                    foreign.add(new Pair(source, word, target, other));
                    foreign.add(new Pair(target, other, source, word));
                }
            });
        }
        translations.pivot(foreign);
        return translations;
    }

    /** English words that translate this one; empty when no dictionary has it. */
    Set<String> english(Language language, String word) {
        return english.get(language).getOrDefault(word, Set.of());
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
        return List.copyOf(links.values());
    }

    private void link(Selection selection, String word, String other, String dictionary) {
        selection.find(word).ifPresent(one -> selection.find(other).ifPresent(two -> {
            if (one.id() != two.id()) {
                int low = Math.min(one.id(), two.id());
                int high = Math.max(one.id(), two.id());
                links.putIfAbsent((long) low << 32 | high, new Link(low, high, dictionary));
            }
        }));
    }

    private void count(Language language, String word, PartOfSpeech part) {
        partsOfSpeech
                .get(language)
                .computeIfAbsent(word, key -> new EnumMap<>(PartOfSpeech.class))
                .merge(part, 1, Integer::sum);
    }

    private void toEnglish(Language language, String word, String translation) {
        english.get(language)
                .computeIfAbsent(word, key -> new LinkedHashSet<>())
                .add(translation);
    }

    private void pivot(List<Pair> foreign) {
        for (Language pivot : PIVOTS) {
            Map<Language, Map<String, Set<String>>> found = new EnumMap<>(Language.class);
            for (Pair pair : foreign) {
                boolean missing = pair.target() == pivot
                        && english(pair.source(), pair.word()).isEmpty();
                if (missing) {
                    Set<String> words = found.computeIfAbsent(pair.source(), key -> new LinkedHashMap<>())
                            .computeIfAbsent(pair.word(), key -> new LinkedHashSet<>());
                    english(pivot, pair.translation()).stream()
                            .limit(PIVOT_WORDS_MAX)
                            .forEach(words::add);
                }
            }
            found.forEach((language, words) -> words.forEach((word, translations) ->
                    translations.forEach(translation -> toEnglish(language, word, translation))));
        }
    }
}
