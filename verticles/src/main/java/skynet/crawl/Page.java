package skynet.crawl;

import java.util.List;
import java.util.Optional;

/**
 * What a page says to us.
 *
 * @param text the words, empty when there are none
 * @param pages where in the text each page of paper begins; empty when there are none
 * @param links where it leads, each once
 * @param canonical the address it wants to be known by, when that is another
 * @param index whether it may be kept
 */
record Page(
        String title,
        String text,
        List<Integer> pages,
        List<WebAddress> links,
        Optional<WebAddress> canonical,
        boolean index) {
    Page {
        pages = List.copyOf(pages);
        links = List.copyOf(links);
    }
}
