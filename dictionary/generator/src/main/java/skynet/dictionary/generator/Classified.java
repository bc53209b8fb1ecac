package skynet.dictionary.generator;

/** What a token means: its sector, its place in the tree of meanings, its base form and how we came to know. */
record Classified(Token token, Sector sector, int order, String lemma, PartOfSpeech partOfSpeech, Origin origin) {

    /** Tokens that WordNet does not reach stand behind all others. */
    static final int ORDER_UNKNOWN = Integer.MAX_VALUE;

    /** How a sector was found, with its letter in the token file. Curated sectors count as decided. */
    enum Origin {
        WORDNET("w"),
        LEMMA("l"),
        TRANSLATION("t"),
        PART_OF_SPEECH("p"),
        DECIDED("d");

        private final String letter;

        Origin(String letter) {
            this.letter = letter;
        }

        String letter() {
            return letter;
        }
    }
}
