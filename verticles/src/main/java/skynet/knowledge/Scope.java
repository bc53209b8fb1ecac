package skynet.knowledge;

import java.util.Objects;

/**
 * What somebody may look through: what is shared and what is their tenant's, all of it or one collection.
 *
 * @param tenant the empty one sees only what is shared
 * @param collection empty for all
 */
record Scope(String tenant, String collection) {

    /** All that is shared. */
    static final Scope SHARED = new Scope("", "");

    Scope {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(collection, "collection");
    }
}
