package skynet.crawl;

/** Takes the words out of a document; the house hands in how. It blocks. */
@FunctionalInterface
public interface Extractor {
    /**
     * Title and text of a document.
     *
     * @param name ends in .html, .md, .txt or .pdf, which tells the form
     * @param bytes in UTF-8, unless the form is binary
     * @throws IllegalArgumentException when there are no words to be had
     */
    Extract read(String name, byte[] bytes);

    /** What was found; the title is the name when the document has none. */
    record Extract(String title, String text) {}
}
