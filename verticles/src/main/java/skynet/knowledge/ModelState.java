package skynet.knowledge;

/**
 * By which model passages are found and which one is to, as the database says.
 *
 * @param change the number of the last change of mind; 0 when there was none
 * @param changedBy the node whose setting that was
 * @param settled whether the last switch is so long ago that every node has followed it
 * @param mark how far the documents have come
 */
record ModelState(Numbered finds, Numbered wanted, long change, int changedBy, boolean settled, Mark mark) {

    /** A model by its number; 0 is that of the JAR. */
    record Numbered(int number, String name, int dimensions) {
        static final Numbered OF_THE_JAR = new Numbered(Sought.OF_THE_JAR, Embedder.MODEL, Embedder.DIMENSIONS);

        boolean isOfTheJar() {
            return number == Sought.OF_THE_JAR;
        }
    }

    /** As it is before the database was asked. */
    static final ModelState NONE = new ModelState(Numbered.OF_THE_JAR, Numbered.OF_THE_JAR, 0, 0, true, Mark.NONE);

    boolean isChanging() {
        return finds.number() != wanted.number();
    }

    /** Whether a model finds or will. */
    boolean knows(int number) {
        return number == finds.number() || number == wanted.number();
    }
}
