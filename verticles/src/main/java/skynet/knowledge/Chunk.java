package skynet.knowledge;

/** A passage of a document: its ordinal, and where it starts and ends (exclusive) in the document's text. */
record Chunk(int index, int start, int end) {

    Chunk {
        if (index < 0) throw new IllegalArgumentException("index: " + index + " (expected: 0 or more)");
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException("chunk: " + start + ".." + end + " (expected: 0 <= start < end)");
        }
    }

    /** The words of this passage, taken from the document it was cut from. */
    String of(String text) {
        return text.substring(start, end);
    }
}
