package skynet.bus;

/** A value that would be good if there were less of it. Doors answer it as a matter of size: 413, not 400. */
public final class TooLarge extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public TooLarge(String message) {
        super(message);
    }
}
