package skynet.knowledge;

import java.util.Objects;
import skynet.bus.Knowledge;

/** Which document: whose it is, in which collection, and its name there. The empty tenant is the node, whose documents all may read. */
record Shelfmark(String tenant, String collection, String document) {

    /** Stands in none of the three: control characters are refused in them. */
    private static final char BETWEEN = '\u0001';

    Shelfmark {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(collection, "collection");
        Objects.requireNonNull(document, "document");
    }

    /** Of a shared document in the main collection. */
    static Shelfmark shared(String document) {
        return new Shelfmark(Knowledge.SHARED, Knowledge.MAIN, document);
    }

    static Shelfmark of(Knowledge.Learn learn) {
        return new Shelfmark(learn.tenant(), learn.collection(), learn.document());
    }

    /** Whether all may read it. */
    boolean isShared() {
        return tenant.equals(Knowledge.SHARED);
    }

    /** The same as one text, for an index. */
    String key() {
        return tenant + BETWEEN + collection + BETWEEN + document;
    }

    static Shelfmark ofKey(String key) {
        int first = key.indexOf(BETWEEN);
        int second = key.indexOf(BETWEEN, first + 1);
        return new Shelfmark(key.substring(0, first), key.substring(first + 1, second), key.substring(second + 1));
    }
}
