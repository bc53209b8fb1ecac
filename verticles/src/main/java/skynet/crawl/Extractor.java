package skynet.crawl;

import java.util.List;

/** Takes the words out of a document; the house hands in how. It blocks. */
@FunctionalInterface
public interface Extractor {
    /**
     * Title and text of a document.
     *
     * @param name ends in .html, .md, .txt, .csv or .pdf, which tells the form
     * @param bytes in UTF-8, unless the form is binary
     * @throws IllegalArgumentException when there are no words to be had
     * @throws skynet.bus.Fault when it is broken, locked or too large
     */
    Extract read(String name, byte[] bytes);

    /**
     * What was found; the title is the name when the document has none.
     *
     * @param pages where in the text each page begins; empty for a document without pages
     */
    record Extract(String title, String text, List<Integer> pages) {
        public Extract {
            pages = List.copyOf(pages);
        }
    }
}
