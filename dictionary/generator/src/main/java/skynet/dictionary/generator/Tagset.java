package skynet.dictionary.generator;

import java.util.Optional;

/** What the part-of-speech tag of a source means: a class of words and, for named things, a sector. */
final class Tagset {

    /** The meaning of a tag. The sector is that of last resort, when nothing else is known about the word. */
    record Meaning(PartOfSpeech partOfSpeech, Sector sector) {}

    private static final Meaning NAME = new Meaning(PartOfSpeech.NOUN, Sector.NAME);
    private static final Meaning PLACE = new Meaning(PartOfSpeech.NOUN, Sector.PLACE);
    private static final Meaning PERSON = new Meaning(PartOfSpeech.NOUN, Sector.PERSON);
    private static final Meaning GROUP = new Meaning(PartOfSpeech.NOUN, Sector.GROUP);
    private static final Meaning NOUN = new Meaning(PartOfSpeech.NOUN, Sector.CONCEPT);
    private static final Meaning VERB = new Meaning(PartOfSpeech.VERB, Sector.ACT);
    private static final Meaning ADJECTIVE = new Meaning(PartOfSpeech.ADJECTIVE, Sector.QUALITY);
    private static final Meaning ADVERB = new Meaning(PartOfSpeech.ADVERB, Sector.MANNER);
    private static final Meaning INTERJECTION = new Meaning(PartOfSpeech.INTERJECTION, Sector.SOCIAL);
    private static final Meaning FUNCTION = new Meaning(PartOfSpeech.FUNCTION, Sector.FUNCTION);

    private Tagset() {}

    static Optional<Meaning> meaning(Language language, String tag, boolean capital) {
        if (tag.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (language) {
                    case EN -> english(tag);
                    case CS -> ofPartOfSpeech(PartOfSpeech.NOUN, capital);
                    case DE -> german(tag);
                    case FR -> french(tag);
                    case ES, PT -> iberian(tag);
                    case IT -> italian(tag);
                    case PL -> polish(tag, capital);
                });
    }

    static Meaning ofPartOfSpeech(PartOfSpeech partOfSpeech, boolean capital) {
        return switch (partOfSpeech) {
            case NOUN -> capital ? NAME : NOUN;
            case VERB -> VERB;
            case ADJECTIVE -> ADJECTIVE;
            case ADVERB -> ADVERB;
            case FUNCTION -> FUNCTION;
            case INTERJECTION -> INTERJECTION;
        };
    }

    private static Meaning english(String tag) {
        if (tag.startsWith("NNP")) {
            return NAME;
        }
        return firstOf(tag, "UH", INTERJECTION, "NN", NOUN, "VB", VERB, "JJ", ADJECTIVE, "RB", ADVERB);
    }

    private static Meaning german(String tag) {
        if (tag.startsWith("EIG")) {
            boolean place = tag.contains("COU") || tag.contains("GEB") || tag.contains("STD") || tag.contains("GEO");
            return place ? PLACE : tag.contains("NAC") || tag.contains("VOR") ? PERSON : NAME;
        }
        return firstOf(
                tag, "SUB", NOUN, "VER", VERB, "ADJ", ADJECTIVE, "PA", ADJECTIVE, "ADV", ADVERB, "INJ", INTERJECTION);
    }

    private static Meaning french(String tag) {
        return firstOf(tag, "Z", NAME, "N", NOUN, "V", VERB, "J", ADJECTIVE, "A", ADVERB, "I", INTERJECTION);
    }

    private static Meaning iberian(String tag) {
        if (tag.startsWith("NP")) {
            return tag.contains("G0") ? PLACE : tag.contains("SP") ? PERSON : tag.contains("O0") ? GROUP : NAME;
        }
        return firstOf(tag, "N", NOUN, "V", VERB, "A", ADJECTIVE, "R", ADVERB, "I", INTERJECTION);
    }

    private static Meaning italian(String tag) {
        return firstOf(
                tag,
                "NPR",
                NAME,
                "NOUN",
                NOUN,
                "VER",
                VERB,
                "MOD",
                VERB,
                "AUX",
                VERB,
                "ADJ",
                ADJECTIVE,
                "ADV",
                ADVERB,
                "INT",
                INTERJECTION);
    }

    private static Meaning polish(String tag, boolean capital) {
        Meaning noun = capital ? NAME : NOUN;
        return firstOf(
                tag,
                "subst",
                noun,
                "depr",
                noun,
                "ger",
                noun,
                "verb",
                VERB,
                "pact",
                VERB,
                "ppas",
                VERB,
                "pcon",
                VERB,
                "pant",
                VERB,
                "adjp",
                ADJECTIVE,
                "adj",
                ADJECTIVE,
                "adv",
                ADVERB,
                "interj",
                INTERJECTION);
    }

    private static Meaning firstOf(String tag, Object... prefixesAndMeanings) {
        for (int i = 0; i < prefixesAndMeanings.length; i += 2) {
            if (tag.startsWith((String) prefixesAndMeanings[i])) {
                return (Meaning) prefixesAndMeanings[i + 1];
            }
        }
        return FUNCTION;
    }
}
