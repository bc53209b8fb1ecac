package skynet.bus;

import java.util.Locale;
import java.util.Objects;

/**
 * Why a room said no. The kind tells the caller what to do next; the text names the thing, the value and what was
 * expected, and never holds a secret.
 */
public final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of no: each maps to one HTTP status, in one place. The order is part of the wire: append only. */
    public enum Kind {
        INVALID(400),
        DENIED(403),
        ABSENT(404),
        CONFLICT(409),
        TOO_LARGE(413),
        BUSY(503),
        LATE(504),
        UNAVAILABLE(503),
        BROKEN(500),
        UNAUTHENTICATED(401),
        THROTTLED(429),
        /** No room is left for it until somebody else makes some. */
        FULL(507),
        /** What was sent is of a kind that is not taken. */
        UNSUPPORTED(415),
        /** What was sent is of a kind that is taken, and is broken, locked or empty. */
        UNREADABLE(422);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        /** The HTTP status that says the same. */
        public int status() {
            return status;
        }

        /** The name that doors give it: {@code too-large}. */
        public String slug() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Kind kind;
    private final int retrySeconds;

    public Fault(Kind kind, String message) {
        this(kind, message, 0);
    }

    /** A no that may be another answer after so many seconds; 0 where that is not known. */
    public Fault(Kind kind, String message, int retrySeconds) {
        super(message, null, false, false);
        this.kind = Objects.requireNonNull(kind, "kind");
        this.retrySeconds = retrySeconds;
    }

    public Kind kind() {
        return kind;
    }

    /** After how many seconds asking again is of use; 0 where that is not known, as of most that crossed nodes. */
    public int retrySeconds() {
        return retrySeconds;
    }

    public static Fault invalid(String message) {
        return new Fault(Kind.INVALID, message);
    }

    public static Fault absent(String message) {
        return new Fault(Kind.ABSENT, message);
    }
}
