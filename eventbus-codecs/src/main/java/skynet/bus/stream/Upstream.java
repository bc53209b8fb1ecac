package skynet.bus.stream;

/** Whatever the text comes from: a model's socket, mostly. */
public interface Upstream {
    /** Stops sending, but for what is on its way: at most one chunk. */
    void pause();

    /** Goes on. */
    void resume();

    /** Ends for good; said once. */
    void cancel(String reason);
}
