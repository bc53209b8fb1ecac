package skynet.dictionary.generator;

/** One of the chosen million. Its id is its rank. */
record Token(int id, Form form, Language language, int languageMask, boolean attested) {

    String canonical() {
        return form.canonical();
    }
}
