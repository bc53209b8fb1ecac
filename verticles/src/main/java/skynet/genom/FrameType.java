package skynet.genom;

/** What a frame is for. The order is part of the binary form: append only. */
public enum FrameType {
    /** A message. */
    MSG,
    /** A request that expects an answer. */
    REQ,
    /** The answer to a request. */
    RES,
    /** An event nobody answers. */
    EVT,
    /** The receipt of a frame. */
    ACK,
    /** The refusal of a frame. */
    ERR;

    private static final FrameType[] ALL = values();

    /** The type of an ordinal, or null when there is none. */
    static FrameType of(int ordinal) {
        return ordinal >= 0 && ordinal < ALL.length ? ALL[ordinal] : null;
    }

    /** The type of a name, or null when there is none. */
    static FrameType named(String name) {
        for (FrameType type : ALL) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }
}
