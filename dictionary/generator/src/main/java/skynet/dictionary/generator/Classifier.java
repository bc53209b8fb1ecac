package skynet.dictionary.generator;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the sector of each token. English words ask WordNet; others let all their English translations vote, and only
 * senses of the token's own part of speech have a voice. What nobody knows falls back to its part of speech.
 */
final class Classifier {

    /** Voices of the first, second and third sense of a translation; rarer senses are silent. */
    private static final double[] VOICES = {1.0, 0.5, 0.25};

    /** A German compound's head is a word of at least this length. */
    private static final int HEAD_CHARS_MIN = 4;

    /** So that a part of speech which the tagged corpus never met is not quite silent. */
    private static final double TAGGED_AT_LEAST = 2;

    private static final double CURATED_VOICE = 2.0;
    private static final double WEIGHT_MIN = 0.2;
    private static final double WEIGHT_MAX = 3.0;
    private static final double WEIGHT_ONE_ZIPF = 4.0;
    private static final double WEIGHT_SLOPE = 3.0;

    /** Counts voices for senses; the sector with most voices wins, and in it the sense with most. */
    private static final class Ballot {
        private final Map<WordNet.Sense, Double> senses = new LinkedHashMap<>();
        private final Map<Sector, Double> curated = new EnumMap<>(Sector.class);

        void add(WordNet.Entry entry, double weight) {
            for (int i = 0; i < Math.min(VOICES.length, entry.senses().size()); i++) {
                senses.merge(entry.senses().get(i), VOICES[i] * weight, Double::sum);
            }
        }

        /** A curated sector of the translation; it decides where one of its senses carries it or none does. */
        void add(Sector sector, double weight) {
            curated.merge(sector, CURATED_VOICE * weight, Double::sum);
        }

        Optional<WordNet.Sense> winner() {
            Map<Sector, Double> votes = new EnumMap<>(curated);
            senses.forEach((sense, voices) -> votes.merge(sense.sector(), voices, Double::sum));
            return strongest(votes).map(sector -> strongest(senses.entrySet().stream()
                            .filter(each -> each.getKey().sector() == sector)
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey, Map.Entry::getValue, Double::sum, LinkedHashMap::new)))
                    .orElseGet(() -> placed(sector)));
        }

        /** Of equals the first. */
        private static <T> Optional<T> strongest(Map<T, Double> votes) {
            T strongest = null;
            double most = 0;
            for (Map.Entry<T, Double> each : votes.entrySet()) {
                if (each.getValue() > most) {
                    most = each.getValue();
                    strongest = each.getKey();
                }
            }
            return Optional.ofNullable(strongest);
        }

        /** A curated sector that no sense carries keeps the place of the strongest sense. */
        private WordNet.Sense placed(Sector sector) {
            return strongest(senses)
                    .map(sense -> new WordNet.Sense(sense.partOfSpeech(), sector, sense.order()))
                    .orElse(new WordNet.Sense(PartOfSpeech.NOUN, sector, Classified.ORDER_UNKNOWN));
        }
    }

    private final WordNet wordNet;
    private final Lexica lexica;
    private final Lemmas lemmas;
    private final Translations translations;
    private final Curated curated;
    private final EnglishRoots roots;

    Classifier(WordNet wordNet, Lexica lexica, Lemmas lemmas, Translations translations, Curated curated) {
        this.wordNet = wordNet;
        this.lexica = lexica;
        this.lemmas = lemmas;
        this.translations = translations;
        this.curated = curated;
        this.roots = new EnglishRoots(wordNet, lexica.of(Language.EN), lemmas);
    }

    Classified classify(Token token) {
        Grammar.Reading reading =
                lemmas.reading(token.language(), token.form()).orElse(Grammar.Reading.of(token.canonical(), null));
        Optional<WordNet.Sense> sense = Optional.empty();
        Classified.Origin origin = Classified.Origin.WORDNET;
        if (token.language() == Language.EN) {
            sense = english(token.canonical());
            origin = wordNet.knows(token.canonical()) ? origin : Classified.Origin.LEMMA;
        }
        if (sense.isEmpty()) {
            sense = translated(token, reading);
            origin = Classified.Origin.TRANSLATION;
        }
        if (sense.isEmpty() && token.language() != Language.EN && Language.EN.in(token.languageMask())) {
            sense = english(token.canonical());
            origin = wordNet.knows(token.canonical()) ? Classified.Origin.WORDNET : Classified.Origin.LEMMA;
        }
        return decided(token, reading, sense, origin);
    }

    private Classified decided(
            Token token, Grammar.Reading reading, Optional<WordNet.Sense> sense, Classified.Origin origin) {
        PartOfSpeech partOfSpeech = partOfSpeech(reading, sense);
        int order = sense.map(WordNet.Sense::order).orElse(Classified.ORDER_UNKNOWN);
        Optional<Sector> chosen = curated.sector(token.canonical());
        if (chosen.isPresent()) {
            boolean agrees = sense.isPresent() && sense.get().sector() == chosen.get();
            PartOfSpeech part = chosen.get() == Sector.FUNCTION ? PartOfSpeech.FUNCTION : partOfSpeech;
            return new Classified(
                    token, chosen.get(), order, reading.lemma(), part, agrees ? origin : Classified.Origin.DECIDED);
        }
        boolean functionWord = partOfSpeech == PartOfSpeech.FUNCTION && origin != Classified.Origin.WORDNET;
        if (sense.isPresent() && !functionWord) {
            return new Classified(token, sense.get().sector(), order, reading.lemma(), partOfSpeech, origin);
        }
        if (reading.meaning() != null) {
            Sector sector = reading.meaning().sector();
            return new Classified(
                    token, sector, order, reading.lemma(), partOfSpeech, Classified.Origin.PART_OF_SPEECH);
        }
        boolean capital = Character.isUpperCase(token.form().surface().codePointAt(0));
        Sector sector = capital && token.language() != Language.DE ? Sector.NAME : Sector.CONCEPT;
        return new Classified(token, sector, order, reading.lemma(), partOfSpeech, Classified.Origin.DECIDED);
    }

    /** Of several parts of speech that of the sense, but a function word stays one. */
    private static PartOfSpeech partOfSpeech(Grammar.Reading reading, Optional<WordNet.Sense> sense) {
        Optional<PartOfSpeech> first = Optional.ofNullable(reading.meaning()).map(Tagset.Meaning::partOfSpeech);
        Optional<PartOfSpeech> meant = sense.map(WordNet.Sense::partOfSpeech);
        boolean other = first.isPresent()
                && first.get() != PartOfSpeech.FUNCTION
                && meant.filter(reading.partsOfSpeech()::contains).isPresent();
        return other ? meant.get() : first.or(() -> meant).orElse(null);
    }

    private Optional<WordNet.Sense> english(String word) {
        return roots.root(word).flatMap(wordNet::likeliest).map(entry -> entry.senses()
                .get(0));
    }

    private Optional<WordNet.Sense> translated(Token token, Grammar.Reading reading) {
        Optional<WordNet.Sense> own = translated(token.language(), token.canonical(), reading);
        if (own.isPresent()) {
            return own;
        }
        for (Language language : Language.values()) {
            boolean other = language != token.language() && language != Language.EN;
            if (other && language.in(token.languageMask())) {
                Form form = lexica.of(language).find(token.canonical()).orElseThrow();
                Grammar.Reading theirs =
                        lemmas.reading(language, form).orElse(Grammar.Reading.of(form.canonical(), null));
                Optional<WordNet.Sense> sense = translated(language, form.canonical(), theirs);
                if (sense.isPresent()) {
                    return sense;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<WordNet.Sense> translated(Language language, String word, Grammar.Reading reading) {
        if (language == Language.EN) {
            return Optional.empty();
        }
        Set<PartOfSpeech> partsOfSpeech = reading.partsOfSpeech();
        for (String each : List.of(word, reading.lemma())) {
            Optional<WordNet.Sense> sense = vote(translations.english(language, each), partsOfSpeech);
            if (sense.isPresent()) {
                return sense;
            }
        }
        boolean compound =
                language == Language.DE && (partsOfSpeech.isEmpty() || partsOfSpeech.contains(PartOfSpeech.NOUN));
        return compound ? head(word) : Optional.empty();
    }

    /** The last part of a German compound says what kind of thing it is. */
    private Optional<WordNet.Sense> head(String compound) {
        Set<PartOfSpeech> noun = Set.of(PartOfSpeech.NOUN);
        for (int i = 2; i <= compound.length() - HEAD_CHARS_MIN; i++) {
            String head = compound.substring(i);
            Optional<WordNet.Sense> sense = vote(translations.english(Language.DE, head), noun);
            if (sense.isEmpty()) {
                sense = lexica.of(Language.DE)
                        .find(head)
                        .flatMap(form -> lemmas.reading(Language.DE, form))
                        .flatMap(found -> vote(translations.english(Language.DE, found.lemma()), noun));
            }
            if (sense.isPresent()) {
                return sense;
            }
        }
        return Optional.empty();
    }

    private Optional<WordNet.Sense> vote(Map<String, Integer> words, Set<PartOfSpeech> partsOfSpeech) {
        Ballot ballot = new Ballot();
        words.forEach((word, ways) -> {
            double weight = weight(word) * ways;
            curated.sector(word).ifPresent(sector -> ballot.add(sector, weight));
            roots.root(word).ifPresent(root -> {
                List<WordNet.Entry> entries = partsOfSpeech.isEmpty()
                        ? wordNet.likeliest(root).stream().toList()
                        : wordNet.entries(root).stream()
                                .filter(entry -> partsOfSpeech.contains(entry.partOfSpeech()))
                                .toList();
                double tagged = entries.stream()
                        .mapToDouble(entry -> entry.tagged() + TAGGED_AT_LEAST)
                        .sum();
                entries.forEach(entry -> ballot.add(entry, weight * (entry.tagged() + TAGGED_AT_LEAST) / tagged));
            });
        });
        return ballot.winner();
    }

    /** Everyday words speak louder than the terms of a trade. */
    private double weight(String english) {
        double zipf = lexica.of(Language.EN).find(english).map(Form::zipf).orElse(0.0);
        return Math.max(WEIGHT_MIN, Math.min(WEIGHT_MAX, Math.pow(10, (zipf - WEIGHT_ONE_ZIPF) / WEIGHT_SLOPE)));
    }
}
