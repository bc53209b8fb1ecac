package skynet.dictionary.generator;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import morfologik.stemming.Dictionary;
import morfologik.stemming.DictionaryLookup;
import morfologik.stemming.WordData;

/** Looks up base form and part of speech in the morphological dictionary of one language. */
final class Grammar {

    /**
     * What the dictionary says about a form; the lemma is canonical. The meaning is that of the first reading, the parts
     * of speech are those of all readings with the same lemma: in Spanish a dog may also be an adjective.
     */
    record Reading(String lemma, Tagset.Meaning meaning, Set<PartOfSpeech> partsOfSpeech) {
        Reading {
            partsOfSpeech = Set.copyOf(partsOfSpeech);
        }

        static Reading of(String lemma, Tagset.Meaning meaning) {
            return new Reading(lemma, meaning, meaning == null ? Set.of() : Set.of(meaning.partOfSpeech()));
        }
    }

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
        Reading chosen = null;
        Set<PartOfSpeech> partsOfSpeech = EnumSet.noneOf(PartOfSpeech.class);
        for (WordData data : found) {
            Reading next = reading(form, data).orElse(null);
            if (next == null) {
                continue;
            }
            boolean ownLemma = next.lemma().equals(form.canonical());
            boolean better = chosen == null || ownLemma && !chosen.lemma().equals(form.canonical());
            if (better) {
                chosen = next;
                partsOfSpeech.clear();
            }
            if (next.lemma().equals(chosen.lemma())) {
                partsOfSpeech.add(next.meaning().partOfSpeech());
            }
        }
        return chosen == null
                ? Optional.empty()
                : Optional.of(new Reading(chosen.lemma(), chosen.meaning(), partsOfSpeech));
    }

    private Optional<Reading> reading(Form form, WordData data) {
        if (data.getStem() == null) {
            return Optional.empty();
        }
        String tag = data.getTag() == null ? "" : data.getTag().toString();
        boolean capital = Character.isUpperCase(form.surface().codePointAt(0));
        String lemma = Spelling.canonical(data.getStem().toString()).orElse(form.canonical());
        return Tagset.meaning(language, tag, capital).map(meaning -> Reading.of(lemma, meaning));
    }
}
