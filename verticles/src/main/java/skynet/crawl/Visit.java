package skynet.crawl;

import io.vertx.core.buffer.Buffer;

/**
 * A page that is due, as it was known before it is looked at.
 *
 * @param hops redirects on the way to it
 * @param tries failures in a row
 * @param digest of title and text when it was last learned; empty when it is not
 * @param document whether it is known to the knowledge room
 */
record Visit(
        WebAddress address,
        boolean sitemap,
        int depth,
        int hops,
        State state,
        int tries,
        String etag,
        String modified,
        Buffer digest,
        boolean document) {

    /** What became of a page. */
    enum State {
        WAITING,
        INDEXED,
        /** Another page of the site says the same, or it names another address as its own. */
        DUPLICATE,
        MOVED,
        /** By robots.txt, by the page itself, or by the door of the site. */
        REFUSED,
        /** Of a kind, length or content that is not read. */
        UNFIT,
        FAILED,
        GONE;

        String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
