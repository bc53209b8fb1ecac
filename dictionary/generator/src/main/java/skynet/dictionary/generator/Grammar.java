package skynet.dictionary.generator;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import morfologik.stemming.Dictionary;
import morfologik.stemming.DictionaryLookup;
import morfologik.stemming.WordData;

/** Looks up base form and part of speech in the morphological dictionary of one language. */
final class Grammar {

    /** What the dictionary says about a form; the lemma is canonical. */
    record Reading(String lemma, Tagset.Meaning meaning) {}

    private final Language language;
    private final DictionaryLookup lookup;

    private Grammar(Language language, DictionaryLookup lookup) {
        this.language = language;
        this.lookup = lookup;
    }

    static Grammar read(Language language, Resource dictionary) throws IOException {
        Resource description = new Resource(dictionary.path().replace(".dict", ".info"));
        try (InputStream automaton = dictionary.open();
                InputStream metadata = description.open()) {
            return new Grammar(language, new DictionaryLookup(Dictionary.read(automaton, metadata)));
        }
    }

    /** The reading whose base form is the word itself, or else the first one. */
    Optional<Reading> reading(Form form) {
        List<WordData> found = lookup.lookup(form.surface());
        if (found.isEmpty() && !form.surface().equals(form.canonical())) {
            found = lookup.lookup(form.canonical());
        }
        Reading first = null;
        for (WordData data : found) {
            if (data.getStem() == null) {
                continue;
            }
            String tag = data.getTag() == null ? "" : data.getTag().toString();
            boolean capital = Character.isUpperCase(form.surface().codePointAt(0));
            String lemma = Spelling.canonical(data.getStem().toString()).orElse(form.canonical());
            Optional<Reading> reading =
                    Tagset.meaning(language, tag, capital).map(meaning -> new Reading(lemma, meaning));
            if (reading.isPresent() && lemma.equals(form.canonical())) {
                return reading;
            }
            first = first == null ? reading.orElse(null) : first;
        }
        return Optional.ofNullable(first);
    }
}
