package skynet.genom;

/** A frame that is refused; the position is where it stops making sense, in characters or bytes from its start. */
public final class FrameException extends Exception {
    private static final long serialVersionUID = 1;

    private final int position;

    FrameException(int position, String message) {
        super("frame at " + position + ": " + message);
        this.position = position;
    }

    /** Where the frame stops making sense. */
    public int position() {
        return position;
    }
}
