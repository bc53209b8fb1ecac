package skynet.bus;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * What is said to and by the crawl room: sites to read, what was read, and pairs of question and answer that wait for
 * approval. What crawled pages say is text of strangers: it is found and cited as such and never asked to do anything.
 */
public sealed interface Crawl extends BusMessage {
    /** The collection in which crawled pages are known; what comes from it is text of strangers. */
    String COLLECTION = "web";

    /** Deepest crawl, in links from its beginning. */
    int DEPTH_MAX = 20;

    /** Most pages of one site. */
    int PAGES_MAX = 100_000;

    /** Most sites. */
    int SITES_MAX = 1_000;

    /** Most results of a search. */
    int RESULTS_MAX = 50;

    /** Longest question of a pair, in UTF-16 characters. */
    int PAIR_QUESTION_CHARS_MAX = 1_000;

    /** Longest answer of a pair, in UTF-16 characters. */
    int PAIR_ANSWER_CHARS_MAX = 8_000;

    /** Longest source of a pair, in UTF-16 characters. */
    int PAIR_SOURCE_CHARS_MAX = 500;

    /** Pairs on one page of a list. */
    int PAIRS_MAX = 50;

    /**
     * Crawls a site from an address on, or does so again, now.
     *
     * @param depth how many links from there; less than 0: as the settings say
     * @param pages at most so many; 0: as the settings say
     */
    @Wire("crawl.start")
    record Start(Principal by, String url, int depth, int pages) implements Crawl, Request<Started> {
        public Start {
            Objects.requireNonNull(by, "by");
            requireText("url", url, 2_000);
            if (depth > DEPTH_MAX) {
                throw new IllegalArgumentException("depth: " + depth + " (expected: 0 to " + DEPTH_MAX + ")");
            }
            if (pages < 0 || pages > PAGES_MAX) {
                throw new IllegalArgumentException("pages: " + pages + " (expected: 1 to " + PAGES_MAX + ")");
            }
        }
    }

    /** The site is in the queue. */
    @Wire("crawl.started")
    record Started(String site, String seed, int depth, int pages, boolean again) implements Crawl {}

    /** Asks how crawling goes; of one site, or of all when it is empty. */
    @Wire("crawl.look")
    record Look(String site) implements Crawl, Request<View> {
        public Look {
            Objects.requireNonNull(site, "site");
        }
    }

    /**
     * How crawling goes.
     *
     * @param enabled whether this node crawls
     * @param internet whether searches are also put to a provider on the Internet
     */
    @Wire("crawl.view")
    record View(boolean enabled, boolean internet, List<Site> sites, List<Trouble> troubles) implements Crawl {
        public View {
            sites = List.copyOf(sites);
            troubles = List.copyOf(troubles);
        }
    }

    /**
     * One site.
     *
     * @param due pages that wait to be looked at now
     * @param next when it is looked at next, in ms since 1970; 0: never
     * @param waiting pages that were never fetched
     * @param fetched requests so far
     * @param unchanged pages that were looked at and had not changed
     * @param learned how often a page was embedded
     * @param leaving whether it is being taken out
     */
    record Site(
            String site,
            String seed,
            int depth,
            int pages,
            int due,
            long next,
            int waiting,
            int indexed,
            int duplicate,
            int moved,
            int refused,
            int unfit,
            int failed,
            int gone,
            long fetched,
            long unchanged,
            long learned,
            long bytes,
            boolean leaving) {}

    /** Why something was not read, the latest first. */
    record Trouble(String url, String state, String why, long atMillis) {}

    /** Takes a site out with all that was learned from it. */
    @Wire("crawl.remove")
    record Remove(Principal by, String site) implements Crawl, Request<Removing> {
        public Remove {
            Objects.requireNonNull(by, "by");
            requireText("site", site, 300);
        }
    }

    /** The site leaves; its documents go one after the other. */
    @Wire("crawl.removing")
    record Removing(String site, int documents) implements Crawl {}

    /** Searches the crawled pages, and the Internet where a provider is set. */
    @Wire("crawl.search")
    record Search(String query, int limit) implements Crawl, Request<Found> {
        public Search {
            requireText("q", query, Knowledge.QUESTION_CHARS_MAX);
            if (limit < 1 || limit > RESULTS_MAX) {
                throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + RESULTS_MAX + ")");
            }
        }
    }

    /**
     * What was found, the best first.
     *
     * @param internet whether a provider on the Internet answered too
     * @param note why not, when one was to
     */
    @Wire("crawl.found")
    record Found(List<Result> results, boolean internet, String note) implements Crawl {
        public Found {
            results = List.copyOf(results);
            Objects.requireNonNull(note, "note");
        }
    }

    /**
     * One page.
     *
     * @param from {@code index} for this node's own, else {@code internet}
     */
    record Result(String url, String title, String snippet, double score, String from) {}

    /**
     * Proposes a pair of question and answer. It is used by nobody until somebody else has approved it.
     *
     * @param id a UUID chosen by who proposes, so as to take it back whatever comes of this; empty lets the room choose
     */
    @Wire("crawl.propose")
    record Propose(Principal by, String question, String answer, String source, String id)
            implements Crawl, Request<Proposed> {
        public Propose {
            Objects.requireNonNull(by, "by");
            requireText("question", question, PAIR_QUESTION_CHARS_MAX);
            requireText("answer", answer, PAIR_ANSWER_CHARS_MAX);
            if (source.length() > PAIR_SOURCE_CHARS_MAX || source.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("source: " + source.length() + " characters (expected: at most "
                        + PAIR_SOURCE_CHARS_MAX + ", no U+0000)");
            }
            if (!id.isEmpty()) {
                UUID.fromString(id);
            }
        }

        public Propose(Principal by, String question, String answer, String source) {
            this(by, question, answer, source, "");
        }
    }

    @Wire("crawl.proposed")
    record Proposed(String id, String state) implements Crawl {}

    /** Lists pairs in a state, the oldest first; of all states when it is empty. */
    @Wire("crawl.pairs")
    record Pairs(String state, long after, int limit) implements Crawl, Request<PairPage> {
        public Pairs {
            if (!List.of("", "pending", "approved", "rejected").contains(state)) {
                throw new IllegalArgumentException("state: unknown (expected: pending, approved or rejected)");
            }
            if (limit < 1 || limit > PAIRS_MAX) {
                throw new IllegalArgumentException("limit: " + limit + " (expected: 1 to " + PAIRS_MAX + ")");
            }
        }
    }

    /** A page of pairs and the cursor behind it. */
    @Wire("crawl.pair-page")
    record PairPage(List<Pair> pairs, long next) implements Crawl {
        public PairPage {
            pairs = List.copyOf(pairs);
        }
    }

    /**
     * One pair.
     *
     * @param document the name under which it is learned; empty while it is not
     */
    record Pair(
            String id,
            String question,
            String answer,
            String source,
            String tenant,
            String proposedBy,
            long proposedMillis,
            String state,
            String judgedBy,
            long judgedMillis,
            String document) {}

    /** Approves or rejects a pair that somebody else proposed. */
    @Wire("crawl.judge")
    record Judge(Principal by, String id, boolean approved) implements Crawl, Request<Judged> {
        public Judge {
            Objects.requireNonNull(by, "by");
            requireText("id", id, 36);
        }
    }

    /** Takes pairs back whose source is gone: those that nobody has approved. */
    @Wire("crawl.withdraw")
    record Withdraw(List<String> ids) implements Crawl, Request<Withdrawn> {
        public Withdraw {
            ids = List.copyOf(ids);
            if (ids.size() > PAIRS_MAX) {
                throw new IllegalArgumentException("ids: " + ids.size() + " (expected: at most " + PAIRS_MAX + ")");
            }
        }
    }

    /** How many were taken back. */
    @Wire("crawl.withdrawn")
    record Withdrawn(int count) implements Crawl {}

    @Wire("crawl.judged")
    record Judged(String id, String state, String document) implements Crawl {}

    private static void requireText(String name, String text, int charsMax) {
        if (text.isBlank() || text.length() > charsMax || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    name + ": " + text.length() + " characters (expected: 1 to " + charsMax + ", not blank)");
        }
    }
}
