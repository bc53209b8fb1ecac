package skynet.dictionary.generator;

/** The six classes of words the dictionary tells apart, with their letter in the token file. */
enum PartOfSpeech {
    NOUN("n"),
    VERB("v"),
    ADJECTIVE("a"),
    ADVERB("r"),
    FUNCTION("f"),
    INTERJECTION("i");

    private final String letter;

    PartOfSpeech(String letter) {
        this.letter = letter;
    }

    String letter() {
        return letter;
    }
}
