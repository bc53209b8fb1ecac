package skynet.bus.stream;

import skynet.bus.Stream.Frame;

/** Who reads the answer in the end, and the store that helps out with what the source no longer has. */
public interface Client {
    /**
     * The next piece. A seam voids every piece of an older attempt whose number is not below the seam's own; the same holds
     * for any piece whose number was delivered before.
     */
    void deliver(Frame frame);

    /** Asks for kept frames from a number on, oldest first, to be given to {@link StreamSink#replay}; a few at a time. */
    void read(long fromSeq);
}
