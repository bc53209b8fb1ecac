package skynet.cascade.tools;

import io.vertx.core.Future;
import java.util.List;

/**
 * A small piece of work that is asked for by name. It answers later and waits for nothing; it changes nothing, here or
 * elsewhere.
 */
interface Tool {
    /** Its name in lower case, by which models ask for it. */
    String name();

    /** Its name for people. */
    String title();

    /** What it does and when to use it, for models. */
    String description();

    List<Parameter> parameters();

    /** Whether it sends what it is given to somebody outside this node, as the node is set. */
    default boolean isOutward() {
        return false;
    }

    /** What it cannot do as the node is set; empty when it can do all. */
    default String note() {
        return "";
    }

    /** Does it. */
    Future<Finding> use(Arguments arguments, Asked asked);

    /**
     * On whose behalf.
     *
     * @param foreignRead whether foreign text has been read before: then nothing leaves this node
     */
    record Asked(String tenant, boolean foreignRead) {}
}
