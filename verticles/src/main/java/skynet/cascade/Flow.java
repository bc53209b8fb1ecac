package skynet.cascade;

import skynet.bus.stream.Upstream;

/**
 * An answer on its way from a level. After {@code pause} at most one more text comes until {@code resume}; after {@code
 * cancel} nothing that comes is heard.
 */
interface Flow extends Upstream {
    /** Begins. Said once; {@code told} hears everything, from within this call or later. */
    void begin(Telling told);
}
