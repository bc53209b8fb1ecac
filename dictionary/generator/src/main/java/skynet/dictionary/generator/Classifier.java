package skynet.dictionary.generator;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the sector of each token. English words ask WordNet; others let all their English translations vote, and only
 * senses of the token's own part of speech have a voice. What nobody knows falls back to its part of speech.
 */
final class Classifier {

    /** Voices of the first, second and third sense of a translation; rarer senses are silent. */
    private static final double[] VOICES = {1.0, 0.5, 0.25};

    /** A German compound's head is a word of at least this length. */
    private static final int HEAD_CHARS_MIN = 4;

    private static final double CURATED_VOICE = 2.0;
    private static final double WEIGHT_MIN = 0.2;
    private static final double WEIGHT_MAX = 3.0;
    private static final double WEIGHT_ONE_ZIPF = 4.0;
    private static final double WEIGHT_SLOPE = 3.0;

    private static final class Ballot {
        private final Map<Sector, Double> votes = new EnumMap<>(Sector.class);
        private final Map<Sector, WordNet.Sense> firstSenses = new EnumMap<>(Sector.class);

        void add(WordNet.Entry entry, double weight) {
            List<WordNet.Sense> senses = entry.senses();
            for (int i = 0; i < Math.min(VOICES.length, senses.size()); i++) {
                Sector sector = senses.get(i).sector();
                votes.merge(sector, VOICES[i] * weight, Double::sum);
                firstSenses.putIfAbsent(sector, senses.get(i));
            }
        }

        /** A curated sector of the translation; it decides where one of its senses carries it or none does. */
        void add(Sector sector, double weight) {
            votes.merge(sector, CURATED_VOICE * weight, Double::sum);
        }

        Optional<WordNet.Sense> winner() {
            WordNet.Sense winner = null;
            double most = 0;
            for (Map.Entry<Sector, Double> each : votes.entrySet()) {
                if (each.getValue() > most) {
                    most = each.getValue();
                    winner = firstSenses.getOrDefault(each.getKey(), placed(each.getKey()));
                }
            }
            return Optional.ofNullable(winner);
        }

        /** A curated sector that no sense carries keeps the place of the strongest sense. */
        private WordNet.Sense placed(Sector sector) {
            return firstSenses.values().stream()
                    .max(Comparator.comparingDouble(sense -> votes.get(sense.sector())))
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
                lemmas.reading(token.language(), token.form()).orElse(new Grammar.Reading(token.canonical(), null));
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
        PartOfSpeech partOfSpeech = reading.meaning() != null
                ? reading.meaning().partOfSpeech()
                : sense.map(WordNet.Sense::partOfSpeech).orElse(null);
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
                        lemmas.reading(language, form).orElse(new Grammar.Reading(form.canonical(), null));
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
        PartOfSpeech partOfSpeech =
                reading.meaning() == null ? null : reading.meaning().partOfSpeech();
        for (String each : List.of(word, reading.lemma())) {
            Optional<WordNet.Sense> sense = vote(translations.english(language, each), partOfSpeech);
            if (sense.isPresent()) {
                return sense;
            }
        }
        boolean compound = language == Language.DE && (partOfSpeech == null || partOfSpeech == PartOfSpeech.NOUN);
        return compound ? head(word) : Optional.empty();
    }

    /** The last part of a German compound says what kind of thing it is. */
    private Optional<WordNet.Sense> head(String compound) {
        for (int i = 2; i <= compound.length() - HEAD_CHARS_MIN; i++) {
            String head = compound.substring(i);
            Optional<WordNet.Sense> sense = vote(translations.english(Language.DE, head), PartOfSpeech.NOUN);
            if (sense.isEmpty()) {
                sense = lexica.of(Language.DE)
                        .find(head)
                        .flatMap(form -> lemmas.reading(Language.DE, form))
                        .flatMap(found -> vote(translations.english(Language.DE, found.lemma()), PartOfSpeech.NOUN));
            }
            if (sense.isPresent()) {
                return sense;
            }
        }
        return Optional.empty();
    }

    private Optional<WordNet.Sense> vote(Set<String> words, PartOfSpeech partOfSpeech) {
        Ballot ballot = new Ballot();
        for (String word : words) {
            double weight = weight(word);
            curated.sector(word).ifPresent(sector -> ballot.add(sector, weight));
            roots.root(word)
                    .flatMap(root -> partOfSpeech == null ? wordNet.likeliest(root) : wordNet.entry(root, partOfSpeech))
                    .ifPresent(entry -> ballot.add(entry, weight));
        }
        return ballot.winner();
    }

    /** Everyday words speak louder than the terms of a trade. */
    private double weight(String english) {
        double zipf = lexica.of(Language.EN).find(english).map(Form::zipf).orElse(0.0);
        return Math.max(WEIGHT_MIN, Math.min(WEIGHT_MAX, Math.pow(10, (zipf - WEIGHT_ONE_ZIPF) / WEIGHT_SLOPE)));
    }
}
