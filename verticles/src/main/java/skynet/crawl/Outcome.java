package skynet.crawl;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/** What a look at a page brought, as it is written down. Made in one step of the crawler and not shared. */
final class Outcome {
    /** Where something leads is looked at soon when this is not 0; else when it is its turn by the settings. */
    private long againMillis;

    private final Visit.State state;
    private final String said;
    private int tries;
    private String pointsTo = "";
    private String etag = "";
    private String modified = "";
    private String title = "";
    private Buffer digest = Buffer.buffer();
    private boolean document;
    private List<WebAddress> pages = List.of();
    private int depth;
    private int hops;
    private List<WebAddress> sitemaps = List.of();
    private long pauseMillis;
    private boolean unchanged;
    private boolean learned;
    private long bytes;

    private Outcome(Visit.State state, String said) {
        this.state = state;
        this.said = said;
    }

    /** The page has no document, for this reason. */
    static Outcome without(Visit.State state, String why) {
        return new Outcome(state, why.length() > 500 ? why.substring(0, 500) : why);
    }

    /** What was known stays so: it has not changed, or could not be looked at. */
    static Outcome same(Visit visit, Visit.State state, String why) {
        Outcome outcome = without(state, why);
        outcome.etag = visit.etag();
        outcome.modified = visit.modified();
        outcome.digest = visit.digest();
        outcome.document = visit.document();
        return outcome;
    }

    /** The page is known by its own words. */
    static Outcome indexed(String title, Buffer digest, boolean learned) {
        Outcome outcome = new Outcome(Visit.State.INDEXED, "");
        outcome.title = title;
        outcome.digest = digest;
        outcome.document = true;
        outcome.learned = learned;
        outcome.unchanged = !learned;
        return outcome;
    }

    Outcome validators(Reply reply) {
        etag = reply.validator("ETag");
        modified = reply.validator("Last-Modified");
        bytes = reply.body().length();
        return this;
    }

    Outcome pointsTo(String url) {
        pointsTo = url;
        return this;
    }

    Outcome leadsTo(List<WebAddress> addresses, int atDepth, int afterHops) {
        pages = addresses;
        depth = atDepth;
        hops = afterHops;
        return this;
    }

    Outcome listedIn(List<WebAddress> addresses) {
        sitemaps = addresses;
        return this;
    }

    Outcome again(int afterTries, long afterMillis) {
        tries = afterTries;
        againMillis = afterMillis;
        return this;
    }

    Outcome pause(long millis) {
        pauseMillis = Math.max(pauseMillis, millis);
        return this;
    }

    Outcome notChanged() {
        unchanged = true;
        return this;
    }

    long againMillis() {
        return againMillis;
    }

    Visit.State state() {
        return state;
    }

    String said() {
        return said;
    }

    int tries() {
        return tries;
    }

    String pointsTo() {
        return pointsTo;
    }

    String etag() {
        return etag;
    }

    String modified() {
        return modified;
    }

    String title() {
        return title;
    }

    Buffer digest() {
        return digest;
    }

    boolean document() {
        return document;
    }

    List<WebAddress> pages() {
        return pages;
    }

    int depth() {
        return depth;
    }

    int hops() {
        return hops;
    }

    List<WebAddress> sitemaps() {
        return sitemaps;
    }

    long pauseMillis() {
        return pauseMillis;
    }

    boolean unchanged() {
        return unchanged;
    }

    boolean learned() {
        return learned;
    }

    long bytes() {
        return bytes;
    }
}
