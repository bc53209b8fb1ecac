package skynet.bus.stream;

/** What a source does when nobody has read for {@link StreamSource#DETACH_MILLIS}. */
public enum Detachment {
    /** A conversation: computes on and keeps the answer for later. */
    CONTINUE,
    /** A single call: nobody will come back for it. */
    STOP
}
