package skynet.client;

import java.io.IOException;

/** A node said no. The status tells what kind of no; the message names the thing, the value and what was expected. */
public final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    Refused(int status, String detail) {
        super(status + " " + detail);
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
