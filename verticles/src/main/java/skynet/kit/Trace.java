package skynet.kit;

import io.vertx.core.internal.ContextInternal;

/**
 * The tracer of a node that was told where to send its traces. It is the tracer of the node's Vert.x, so whoever runs on
 * a context finds it there; a node that was told nothing has none, and pays nothing.
 */
public interface Trace {
    /**
     * The step that runs now in the words of W3C Trace Context, {@code 00-<trace>-<span>-<flags>} in lower-case
     * hexadecimal; empty when nothing is traced.
     */
    String traceparent();

    /** The same for whoever does not know whether there are traces: empty when there are none. */
    static String parent() {
        ContextInternal context = ContextInternal.current();
        return context != null && context.tracer() instanceof Trace trace ? trace.traceparent() : "";
    }
}
