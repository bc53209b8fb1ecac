package skynet.knowledge;

import java.util.Objects;

/** How far an index has followed the documents: of which database, and to which of its generations. */
record Mark(String lineage, long generation) {

    /** Of an index that has followed none. */
    static final Mark NONE = new Mark("", 0);

    Mark {
        Objects.requireNonNull(lineage, "lineage");
        if (generation < 0) throw new IllegalArgumentException("generation: " + generation + " (expected: 0 or more)");
    }

    /** True when an index at this mark has seen only what a database at the other has, be it less. */
    boolean leadsTo(Mark database) {
        return lineage.equals(database.lineage) && generation <= database.generation;
    }

    /** The mark when everything to a generation is known to be followed; it never goes back. */
    Mark upTo(long known) {
        return known > generation ? new Mark(lineage, known) : this;
    }

    /** The mark after a change; where one before it was missed it stays, so that the next start looks for both. */
    Mark after(long change) {
        return change == generation + 1 ? new Mark(lineage, change) : this;
    }
}
