package skynet.dictionary.generator;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The eight lexica, filled from all sources. Dictionaries say which words a language has; their frequency classes, the
 * common tokens and the lists of common words say which of them people use.
 */
final class Lexica {

    private static final double CURATED_ZIPF = 3.4;

    /** The token counts leave out the shortest words, which are the commonest. */
    private static final int SHORT_CHARS_MAX = 3;

    private static final double SHORT_ZIPF = 5.0;
    private static final double ELISION_ZIPF = 5.0;
    private static final double PHRASE_ZIPF = 1.3;

    /** The commonest word of a list is taken to be every twenty-fifth in a text or so, the others by Zipf's law. */
    private static final double COMMONEST_ZIPF = 7.6;

    /** Of words that differ in accents only, the count goes to the commoner one; the others get this much less. */
    private static final double TWIN_LOSS = 0.9;

    private static final double HEADWORD_ZIPF = 1.0;

    /** Below every lemma of WordNet. */
    private static final double ENGLISH_BASE_ZIPF = 0.5;

    /** Italian has no frequency classes, so its base forms stand for words that other languages attest. */
    private static final double ITALIAN_BASE_ZIPF = 2.2;

    private static final double CZECH_WORD_ZIPF = 2.0;
    private static final double CZECH_PHRASE_ZIPF = 1.9;
    private static final double SHARE_OF_ENGLISH_ZIPF = 0.25;
    private static final int BILINGUAL_PHRASE_WORDS_MAX = 3;
    private static final double PHRASE_PART_ZIPF_MAX = 5.8;

    private final Map<Language, Lexicon> lexica = new EnumMap<>(Language.class);

    static Lexica read(Inputs inputs, WordNet wordNet, Curated curated) throws IOException {
        Lexica all = new Lexica();
        for (Language language : Language.values()) {
            all.lexica.put(language, new Lexicon(language));
        }
        all.spellings();
        all.phrases();
        wordNet.lemmas().forEach(lemma -> all.of(Language.EN).enter(lemma));
        for (Language language : Language.values()) {
            if (language != Language.EN) {
                all.common(language, common(inputs, language));
            }
        }
        for (BilingualDictionary dictionary : inputs.bilingual()) {
            all.headwords(dictionary);
        }
        all.printed(CzechWordList.of(inputs.printedCzech()), CommonTokens.read(Language.CS));
        for (Language language : Language.values()) {
            all.count(language, CommonTokens.read(language));
        }
        all.weigh(wordNet);
        for (BilingualDictionary dictionary : inputs.bilingual()) {
            all.weighCzech(dictionary);
        }
        all.curate(curated);
        return all;
    }

    Lexicon of(Language language) {
        return lexica.get(language);
    }

    private void spellings() throws IOException {
        Charset utf8 = StandardCharsets.UTF_8;
        spellings(Language.EN, "hunspell/en_US.dict", '+', utf8);
        spellings(Language.EN, "hunspell/en_GB.dict", '_', utf8);
        ungraded(Language.EN, "english.dict", '+', utf8);
        spellings(Language.DE, "hunspell/de_DE.dict", '+', utf8);
        spellings(Language.FR, "french.dict", '_', utf8);
        spellings(Language.ES, "es-ES.dict", '_', utf8);
        ungraded(Language.IT, "italian.dict", '_', Charset.forName("ISO-8859-15"));
        spellings(Language.PT, "spelling/pt-BR.dict", '_', utf8);
        spellings(Language.PT, "spelling/pt-PT-90.dict", '_', utf8);
        spellings(Language.PL, "hunspell/pl_PL.dict", '+', utf8);
    }

    /** Takes what running text attests and leaves the millions of machine-made inflections alone. */
    private void spellings(Language language, String file, char separator, Charset charset) throws IOException {
        Lexicon lexicon = of(language);
        new WordAutomaton(Resource.languageTool(language, file), separator, charset).forEach((word, seen) -> {
            if (seen > Form.CLASS_UNSEEN) {
                lexicon.enter(word).ifPresent(form -> form.spelled(word, seen));
            }
        });
    }

    /** A dictionary without classes: its base forms are headwords, its inflections wait for a count. */
    private void ungraded(Language language, String file, char separator, Charset charset) throws IOException {
        Lexicon lexicon = of(language);
        double baseZipf = language == Language.IT ? ITALIAN_BASE_ZIPF : ENGLISH_BASE_ZIPF;
        Grammar grammar = Grammar.read(language, Resource.languageTool(language, file));
        new WordAutomaton(Resource.languageTool(language, file), separator, charset)
                .forEach((word, unused) -> lexicon.enter(word).ifPresent(form -> {
                    form.spelled(word, Form.CLASS_UNSEEN);
                    boolean base = grammar.reading(form)
                            .filter(reading -> form.canonical().equals(reading.lemma()))
                            .isPresent();
                    if (base && !form.isHeadword()) {
                        form.listed(baseZipf);
                    }
                }));
    }

    private void phrases() throws IOException {
        for (Language language : new Language[] {Language.EN, Language.FR, Language.ES, Language.PT}) {
            Resource file = Resource.languageTool(language, "multiwords.txt");
            for (String line : file.lines(StandardCharsets.UTF_8)) {
                if (!line.startsWith("#")) {
                    of(language).enter(line.split("\t")[0]).ifPresent(form -> form.listed(PHRASE_ZIPF));
                }
            }
        }
    }

    /** The English list is alphabetical and tells nothing that the frequency classes do not. */
    private static List<String> common(Inputs inputs, Language language) throws IOException {
        return language == Language.CS
                ? inputs.commonCzech()
                : Resource.languageTool(language, "common_words.txt").lines(StandardCharsets.UTF_8);
    }

    private void common(Language language, List<String> commonestFirst) {
        int rank = 1;
        for (String word : commonestFirst) {
            if (!word.isBlank() && !word.startsWith("#")) {
                double zipf = COMMONEST_ZIPF - Math.log10(++rank);
                if (language.writes(word.strip().toLowerCase(Locale.ROOT))) {
                    of(language).enter(word).ifPresent(form -> form.ranked(zipf));
                }
            }
        }
    }

    /** Headwords of every language; of Czech, which has no other dictionary here, the translations too. */
    private void headwords(BilingualDictionary dictionary) throws IOException {
        dictionary.read((headword, translation, partOfSpeech) -> {
            headword(dictionary.source(), headword);
            if (dictionary.target() == Language.CS) {
                headword(Language.CS, translation);
            }
        });
    }

    /** Czech text is full of English; a bare word that only another language explains is not taken for Czech. */
    private void printed(CzechWordList list, CommonTokens tokens) {
        for (CzechWordList.Word word : list.words()) {
            boolean bare = Spelling.bare(word.canonical()).equals(word.canonical());
            boolean known = of(Language.CS).knows(word.canonical());
            boolean commonName = word.isName() && tokens.zipf(word.canonical()).isPresent();
            if (known || !bare || commonName || !isForeign(word)) {
                of(Language.CS).enter(word.surface()).ifPresent(form -> form.ranked(word.zipf()));
            }
        }
    }

    /** Names are at home everywhere, and German writes its nouns like names. */
    private boolean isForeign(CzechWordList.Word word) {
        return lexica.values().stream()
                .filter(other -> other.language() != Language.DE || !word.isName())
                .flatMap(other -> other.find(word.canonical()).stream())
                .anyMatch(form -> form.surface().equals(form.canonical()) || !word.isName());
    }

    private void headword(Language language, BilingualDictionary.Side side) {
        if (words(side) <= BILINGUAL_PHRASE_WORDS_MAX) {
            of(language).enter(side.spelling()).ifPresent(form -> {
                form.spelled(side.spelling(), Form.CLASS_UNSEEN);
                form.listed(HEADWORD_ZIPF);
            });
        }
    }

    private static int words(BilingualDictionary.Side side) {
        return side.canonical().split(" ").length;
    }

    /** Gives the bare tokens back their accents, and learns from them what the frequency classes mean. */
    private void count(Language language, CommonTokens tokens) {
        Map<String, List<Form>> twins = new TreeMap<>();
        for (Form form : of(language).forms()) {
            String bare = Spelling.bare(form.canonical());
            if (tokens.zipf(bare).isPresent()) {
                twins.computeIfAbsent(bare, key -> new ArrayList<>()).add(form);
            }
        }
        ClassScale scale = new ClassScale();
        boolean graded = false;
        for (Map.Entry<String, List<Form>> each : twins.entrySet()) {
            Form only = each.getValue().get(0);
            if (each.getValue().size() == 1 && only.frequencyClass() > Form.CLASS_UNSEEN) {
                scale.observe(only.frequencyClass(), tokens.zipf(each.getKey()).getAsDouble());
                graded = true;
            }
        }
        if (graded) {
            grade(of(language), scale.line());
        }
        twins.forEach((bare, forms) -> share(forms, tokens.zipf(bare)));
    }

    private static void grade(Lexicon lexicon, double[] line) {
        for (Form form : lexicon.forms()) {
            if (form.frequencyClass() > Form.CLASS_UNSEEN) {
                form.counted(line[0] + line[1] * form.frequencyClass());
            }
        }
    }

    private static void share(List<Form> twins, OptionalDouble zipf) {
        double best = twins.stream().mapToDouble(Form::zipf).max().orElse(0);
        List<Form> commonest =
                twins.stream().filter(form -> form.zipf() == best).toList();
        for (Form form : twins) {
            double loss = commonest.contains(form) ? 0 : TWIN_LOSS;
            form.counted(zipf.getAsDouble() - loss);
        }
    }

    /** Estimates how frequent WordNet's uncounted words are from its tagged corpus, and phrases from their parts. */
    private void weigh(WordNet wordNet) {
        Lexicon english = of(Language.EN);
        for (String lemma : wordNet.lemmas()) {
            english.find(lemma).ifPresent(form -> {
                int tagged = wordNet.entries(lemma).stream()
                        .mapToInt(WordNet.Entry::tagged)
                        .sum();
                int senses = wordNet.entries(lemma).stream()
                        .mapToInt(entry -> entry.senses().size())
                        .sum();
                double estimate = 0.8 + 0.4 * Math.log10(1 + tagged) + 0.25 * Math.log10(senses);
                form.listed(Spelling.isPhrase(lemma) ? phraseZipf(english, lemma, estimate) : estimate);
            });
        }
    }

    private static double phraseZipf(Lexicon english, String phrase, double estimate) {
        double rarest = PHRASE_PART_ZIPF_MAX;
        for (String part : phrase.split(" ")) {
            rarest = Math.min(rarest, english.find(part).map(Form::zipf).orElse(0.0));
        }
        return Math.max(0.8, Math.min(estimate + 0.8, 0.8 + 0.3 * rarest));
    }

    /** A Czech word that no list counts is the more common the more common the English word is that it translates. */
    private void weighCzech(BilingualDictionary dictionary) throws IOException {
        boolean czechFirst = dictionary.source() == Language.CS;
        if (!czechFirst && dictionary.target() != Language.CS) {
            return;
        }
        dictionary.read((headword, translation, partOfSpeech) -> {
            BilingualDictionary.Side czech = czechFirst ? headword : translation;
            String other = (czechFirst ? translation : headword).canonical();
            double english = of(Language.EN).find(other).map(Form::zipf).orElse(0.0);
            double least = Spelling.isPhrase(czech.canonical()) ? CZECH_PHRASE_ZIPF : CZECH_WORD_ZIPF;
            of(Language.CS)
                    .find(czech.canonical())
                    .ifPresent(form -> form.listed(least + SHARE_OF_ENGLISH_ZIPF * english));
        });
    }

    /** Curated terms belong to the language that counts them most, to English when none does. */
    private void curate(Curated curated) {
        for (String term : curated.terms()) {
            Language home = Language.EN;
            for (Language language : Language.values()) {
                boolean more = zipf(language, term) > zipf(home, term);
                boolean alphabet = !home.writes(term.replace(" ", "")) && language.writes(term.replace(" ", ""));
                home = more || alphabet ? language : home;
            }
            boolean floor = term.length() <= SHORT_CHARS_MAX
                    && curated.sector(term).filter(Sector.FUNCTION::equals).isPresent();
            of(home).enter(term).ifPresent(form -> form.listed(floor ? SHORT_ZIPF : CURATED_ZIPF));
        }
        for (Curated.Elision elision : curated.elisions()) {
            String letters = elision.form().substring(0, elision.form().length() - 1);
            double counted = zipf(elision.language(), letters);
            of(elision.language()).enterElision(elision.form()).listed(Math.max(counted, ELISION_ZIPF));
        }
    }

    private double zipf(Language language, String canonical) {
        return of(language).find(canonical).map(Form::zipf).orElse(Double.NEGATIVE_INFINITY);
    }
}
