package skynet.dictionary.generator;

import java.util.Optional;

/** Finds the WordNet lemma inside an English word or phrase: the whole, its lemma, its stem or its last part. */
final class EnglishRoots {

    private static final int ROOT_CHARS_MIN = 3;

    private static final String[][] ENDINGS = {
        {"ness", ""},
        {"ly", ""},
        {"'s", ""},
        {"s'", "s"},
        {"s", ""},
        {"es", ""},
        {"ing", ""},
        {"ing", "e"},
        {"ed", ""},
        {"ed", "e"},
        {"er", ""},
        {"able", ""},
        {"ity", ""},
        {"ization", "ize"},
        {"isation", "ize"},
        {"ise", "ize"},
        {"ising", "ize"},
        {"ised", "ize"},
        {"our", "or"}
    };

    private static final String[] BEGINNINGS = {
        "un", "non-", "non", "re-", "re", "over", "under", "pre-", "pre", "anti-", "anti", "sub", "super", "inter"
    };

    private final WordNet wordNet;
    private final Lexicon lexicon;
    private final Lemmas lemmas;

    EnglishRoots(WordNet wordNet, Lexicon lexicon, Lemmas lemmas) {
        this.wordNet = wordNet;
        this.lexicon = lexicon;
        this.lemmas = lemmas;
    }

    Optional<String> root(String word) {
        Optional<String> whole = lemma(word);
        if (whole.isPresent()) {
            return whole;
        }
        for (String[] ending : ENDINGS) {
            if (word.endsWith(ending[0]) && word.length() > ending[0].length() + ROOT_CHARS_MIN) {
                String stem = word.substring(0, word.length() - ending[0].length()) + ending[1];
                if (wordNet.knows(stem)) {
                    return Optional.of(stem);
                }
            }
        }
        for (String beginning : BEGINNINGS) {
            if (word.startsWith(beginning) && word.length() > beginning.length() + ROOT_CHARS_MIN) {
                Optional<String> rest = lemma(word.substring(beginning.length()));
                if (rest.isPresent()) {
                    return rest;
                }
            }
        }
        int last = Math.max(word.lastIndexOf(' '), word.lastIndexOf('-'));
        return last > 0 ? lemma(word.substring(last + 1)) : Optional.empty();
    }

    private Optional<String> lemma(String word) {
        if (wordNet.knows(word)) {
            return Optional.of(word);
        }
        return lexicon.find(word)
                .flatMap(form -> lemmas.reading(Language.EN, form))
                .map(Grammar.Reading::lemma)
                .filter(wordNet::knows);
    }
}
