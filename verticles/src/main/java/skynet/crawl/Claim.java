package skynet.crawl;

import java.util.UUID;

/**
 * A site that this node may ask now, until it gives it back or its lease ends.
 *
 * @param lease what every write for the site must show
 * @param leaving whether the site is being taken out
 */
record Claim(String site, UUID lease, int depth, int pages, boolean leaving) {}
