package skynet.dictionary.generator;

import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.cz.CzechStemmer;

/**
 * Base form and part of speech of any form. Seven languages have a morphological dictionary; Czech has none with a
 * free licence, so a Czech form borrows the translated headword that shares its light stem.
 */
final class Lemmas {

    /** A shared stem shorter than this is chance. */
    private static final int STEM_CHARS_MIN = 3;

    private static final int NEGATED_CHARS_MIN = 6;

    private static final int ENDING_WORD_CHARS_MIN = 6;
    private static final Pattern VERB_ENDING =
            Pattern.compile("(ovat|nout|[iíaáeěy]t|[iaeěy]l[aoiy]?|ul[aoiy]?|uj(e|í|i|u|eš|eme|ete)|[íáe](š|me|te))$");
    private static final Pattern ADJECTIVE_ENDING = Pattern.compile(
            "([snctvlřž](ý|ého|ému|ých|ými|ým|ější)|[sc]k(á|é|ou)|ích|ější(ch|mi|ho|mu)|[tvn]n(á|é|ou))$");
    private static final Pattern NOUN_ENDING = Pattern.compile(
            "(ost[íi]?|ace|ací|tel[eůi]?|ism(us|u)|ství|ctví|[nt]í|ník[ay]?|ům|ách|ami|ech|em|ovi|ové|ů|ou|ka|ky|ek)$");

    private final Map<Language, Grammar> grammars = new EnumMap<>(Language.class);
    private final Map<String, String> czechHeadwords = new HashMap<>();
    private final CzechStemmer stemmer = new CzechStemmer();
    private final Translations translations;

    private Lemmas(Translations translations) {
        this.translations = translations;
    }

    static Lemmas read(Translations translations) throws IOException {
        Lemmas lemmas = new Lemmas(translations);
        lemmas.read(Language.EN, "english.dict");
        lemmas.read(Language.DE, "german.dict");
        lemmas.read(Language.FR, "french.dict");
        lemmas.read(Language.ES, "es-ES.dict");
        lemmas.read(Language.IT, "italian.dict");
        lemmas.read(Language.PT, "portuguese.dict");
        lemmas.read(Language.PL, "polish.dict");
        lemmas.czech();
        return lemmas;
    }

    Optional<Grammar.Reading> reading(Language language, Form form) {
        return language == Language.CS
                ? czechReading(form)
                : grammars.get(language).reading(form);
    }

    private void read(Language language, String file) throws IOException {
        grammars.put(language, Grammar.read(language, Resource.languageTool(language, file)));
    }

    /** Of headwords with one stem the base form has the most translations. */
    private void czech() {
        for (String word : translations.translated(Language.CS)) {
            if (!Spelling.isPhrase(word)) {
                czechHeadwords.merge(stem(word), word, (one, two) -> meanings(two) > meanings(one) ? two : one);
            }
        }
    }

    private int meanings(String czech) {
        return translations.english(Language.CS, czech).size();
    }

    private Optional<Grammar.Reading> czechReading(Form form) {
        String word = form.canonical();
        String headword = word;
        if (translations.english(Language.CS, word).isEmpty() && !Spelling.isPhrase(word)) {
            String stem = stem(word);
            headword = stem.length() < STEM_CHARS_MIN ? word : czechHeadwords.getOrDefault(stem, word);
        }
        PartOfSpeech partOfSpeech =
                translations.partOfSpeech(Language.CS, headword).orElse(null);
        boolean capital = Character.isUpperCase(form.surface().codePointAt(0));
        if (partOfSpeech == null) {
            partOfSpeech = czechEnding(headword);
        }
        if (partOfSpeech == null) {
            return headword.equals(word) ? Optional.empty() : Optional.of(Grammar.Reading.of(headword, null));
        }
        return Optional.of(Grammar.Reading.of(headword, Tagset.ofPartOfSpeech(partOfSpeech, capital)));
    }

    private String stem(String word) {
        String positive = word.startsWith("ne") && word.length() >= NEGATED_CHARS_MIN ? word.substring(2) : word;
        char[] letters = positive.toCharArray();
        return new String(letters, 0, stemmer.stem(letters, letters.length));
    }

    /** Only endings that hardly any other class of words has. */
    private static PartOfSpeech czechEnding(String word) {
        if (word.length() < ENDING_WORD_CHARS_MIN) {
            return null;
        }
        if (VERB_ENDING.matcher(word).find()) {
            return PartOfSpeech.VERB;
        }
        if (ADJECTIVE_ENDING.matcher(word).find()) {
            return PartOfSpeech.ADJECTIVE;
        }
        return NOUN_ENDING.matcher(word).find() ? PartOfSpeech.NOUN : null;
    }
}
